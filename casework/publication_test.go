package casework_test

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/pathway/publication"
	"forlop/store"
)

var (
	ada  = as("ada", "trust", care.PathwayApprover)
	ivar = as("ivar", "trust", care.PathwayApprover)
)

// changed is a folder with some text replaced, in every file that holds it.
func changed(t *testing.T, folder fs.FS, pairs ...string) fstest.MapFS {
	t.Helper()
	out, names := fstest.MapFS{}, []string{}
	for _, pattern := range []string{"pathway.yaml", "text.*.yaml"} {
		found, err := fs.Glob(folder, pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	all := ""
	for _, name := range names {
		src, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		all += string(src)
		out[name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(pairs...).Replace(string(src)))}
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(all, pairs[i]) {
			t.Fatalf("the folder does not hold %q", pairs[i])
		}
	}
	return out
}

func painFolder() fs.FS {
	folder, _ := library.Files("no.pain")
	return folder
}

// nextPain is no.pain as another version.
func (b *bundle) nextPain(version string) fstest.MapFS {
	return changed(b.t, painFolder(), `version: "2025.04"`, `version: "`+version+`"`)
}

// publish puts a version on the shelf and lets both stand behind it.
func (b *bundle) publish(folder fs.FS) pathway.Ref {
	b.t.Helper()
	ref, findings, err := b.s.PublishPathway(b.ctx, ada, b.key(), folder, publication.Publish{})
	if err != nil {
		b.t.Fatalf("publishing: %v %v", err, findings)
	}
	b.act(ivar, ref.ID, publication.Approve{Version: ref.Version})
	return ref
}

func (b *bundle) act(who casework.Who, target string, c publication.Command) casework.Receipt {
	b.t.Helper()
	r, err := b.try(who, target, c)
	if err != nil {
		b.t.Fatalf("%s: %v", c.Name(), err)
	}
	return r
}

// both proposes and confirms.
func (b *bundle) both(target string, c publication.Command) {
	b.t.Helper()
	p, err := b.s.Proposal(b.ctx, b.act(ada, target, c))
	if err != nil {
		b.t.Fatal(err)
	}
	b.act(ivar, target, publication.Confirm{Proposal: p.Proposal})
}

// opens tries to open a journey at a desk and answers what it opened with.
func (b *bundle) opens(unit care.UnitID, r pathway.Ref) (pathway.Ref, error) {
	b.t.Helper()
	who := kari
	switch unit {
	case "clinic-b":
		who = nils
	case "elsewhere":
		who = as("nils", "elsewhere", care.PathwayApprover)
	}
	p, err := b.s.RegisterPerson(b.ctx, who, b.key(), care.Norway, casework.Identity{Name: "Anna", Born: care.Date{Year: 1980, Month: 3, Day: 1}})
	if err != nil {
		b.t.Fatal(err)
	}
	receipt, err := b.try(who, "", journey.Open{
		Person: p, Regime: care.Norway, Pathway: r, Origin: journey.Registered, Sender: care.Party{Kind: care.PartyOther, Name: "Legevakta"},
		Received: b.clock.Now(), Desk: care.Post{Unit: unit, Role: care.Desk},
	})
	if err != nil {
		return pathway.Ref{}, err
	}
	return b.journey(who, receipt.Target).State.Pathway, nil
}

func (b *bundle) opensWith(unit care.UnitID, r pathway.Ref, want string) {
	b.t.Helper()
	got, err := b.opens(unit, r)
	if err != nil || got.String() != want {
		b.t.Errorf("%s opens %s with %s, %v; want %s", unit, r, got, err, want)
	}
	if now, err := b.s.Active(b.ctx, "no.pain", unit); err != nil || now.String() != want {
		b.t.Errorf("active at %s is %s, %v; want %s", unit, now, err, want)
	}
}

func refusedAs(t *testing.T, err error, code string) {
	t.Helper()
	if r, ok := care.AsRefusal(err); !ok || r.Code != code {
		t.Errorf("%v, want the refusal %s", err, code)
	}
}

// TestOpensWithWhatIsInUse: a journey opens with what the nearest unit upwards
// uses, whatever else lies on the shelf; what runs stays on its version.
func TestOpensWithWhatIsInUse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pain := pathway.Ref{ID: "no.pain"}
	_, running := b.refer("Kari")
	if _, _, err := b.s.Shelve(b.ctx, b.nextPain("2099.01")); err != nil {
		t.Fatal(err)
	}
	next := b.publish(b.nextPain("2026.01"))
	b.opensWith("clinic", pain, "no.pain@2025.04")
	_, err := b.opens("clinic", next)
	refusedAs(t, err, "pathway-not-active")
	_, err = b.opens("clinic", pathway.Ref{ID: "no.pain", Version: "2099.01"})
	refusedAs(t, err, "pathway-not-active")
	_, err = b.opens("clinic", pathway.Ref{ID: "no.nothing"})
	refusedAs(t, err, "no-such-pathway")

	b.both("no.pain", publication.ProposeUse{Version: "2025.04", Unit: "clinic"})
	b.both("no.pain", publication.ProposeUse{Version: "2026.01", Unit: "clinic"})
	b.opensWith("clinic", pain, "no.pain@2026.01")
	b.opensWith("clinic-b", pain, "no.pain@2025.04")
	if got := b.journey(kari, running).State.Pathway.Version; got != "2025.04" {
		t.Errorf("a running journey is on %s now", got)
	}
	// Whatever another process takes back opens nothing here.
	other := b.beside()
	other.both("no.pain", publication.ProposeRollback{Unit: "clinic", Why: "Skjemaet mangler."})
	_, err = b.opens("clinic", next)
	refusedAs(t, err, "pathway-not-active")
	b.opensWith("clinic", pain, "no.pain@2025.04")

	// Retired, it opens nothing anywhere; what runs goes on.
	b.both("no.pain", publication.ProposeRetirement{Version: "2025.04", Why: "Erstattet."})
	_, err = b.opens("clinic-b", pain)
	refusedAs(t, err, "pathway-not-in-use-here")
	b.accept(running)
	_, err = b.try(kari, running, journey.Move{To: pathway.Ref{ID: "no.pain", Version: "2099.01"}, Reason: "Ny versjon."})
	refusedAs(t, err, "pathway-move-unapproved")
	b.do(kari, running, journey.Move{To: next, Reason: "Ny versjon."})
	_, err = b.try(kari, running, journey.Move{To: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Reason: "Tilbake."})
	refusedAs(t, err, "pathway-move-retired")
	b.sound()
}

// sound holds every stream, row and timer against the events.
func (b *bundle) sound() {
	b.t.Helper()
	audit, err := b.s.Verify(b.ctx)
	if err != nil || len(audit.Findings) > 0 {
		b.t.Errorf("verify: %v %v", audit.Findings, err)
	}
}

// TestDraftsAreAdopted: a draft opens journeys only at its adopter and below.
func TestDraftsAreAdopted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.setUp("elsewhere", directory.OpenUnit{Unit: "elsewhere", Kind: "fatigue-clinic", Regime: care.Norway, Lead: "nils",
		Contact: directory.Contact{Name: "Andre"}, Roles: []care.Role{care.PathwayApprover, "team", "coordinator"}})
	for _, who := range []string{"ada", "nils"} {
		b.setUp("elsewhere", directory.Join{Professional: who, Role: care.PathwayApprover})
	}
	_, err := b.opens("elsewhere", pathway.Ref{ID: "no.fatigue"})
	refusedAs(t, err, "pathway-not-in-use-here")
	_, journeyID := b.refer("Kari")
	defs, err := b.s.Pathways(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(defs, func(d *pathway.Definition) bool { return d.ID == "no.fatigue" })
	if err := b.s.BringIntoUse(b.ctx, defs[i].Ref, "ada", "nils", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	if got, err := b.opens("elsewhere", pathway.Ref{ID: "no.fatigue"}); err != nil || got != defs[i].Ref {
		t.Errorf("adopted, it opens with %s, %v", got, err)
	}
	b.do(kari, journeyID, journey.Move{To: defs[i].Ref, Reason: "Det er utmattelse."})
	if got := b.journey(kari, journeyID).Adopter; got != "trust" {
		t.Errorf("the page says the draft is %q's own", got)
	}
	v, err := casework.View(b.ctx, b.s, kari, casework.PathwayVersion{Ref: defs[i].Ref})
	if err != nil || !slices.Equal(v.Adopters, []care.UnitID{"elsewhere", "trust"}) && !slices.Equal(v.Adopters, []care.UnitID{"trust", "elsewhere"}) {
		t.Errorf("it was adopted by %v, %v", v.Adopters, err)
	}
}

// TestWhoPublishes: it takes the post itself, and nothing reaches the shelf for
// somebody who may not.
func TestWhoPublishes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	folder := b.nextPain("2026.01")
	for _, who := range []casework.Who{kari, patient("someone"), as("astrid", "trust", care.Lead), as("kari", "clinic", care.PathwayApprover), {Actor: care.Service}} {
		_, _, err := b.s.PublishPathway(b.ctx, who, b.key(), folder, publication.Publish{})
		if r, ok := care.AsRefusal(err); !ok || r.Kind != care.Denied {
			t.Errorf("%v publishes: %v", who, err)
		}
	}
	if _, err := b.s.Pathway(b.ctx, pathway.Ref{ID: "no.pain", Version: "2026.01"}); err == nil {
		t.Error("what was denied lies on the shelf")
	}
	ref := b.publish(folder)
	// The same id and version with other bytes: of the structure, or of a text.
	for _, other := range []fs.FS{
		changed(t, folder, "review: {by: 2027-04-01", "review: {by: 2027-04-02"),
		changed(t, folder, "Smerte", "Vondt"),
	} {
		_, _, err := b.s.PublishPathway(b.ctx, ivar, b.key(), other, publication.Publish{})
		refusedAs(t, err, "pathway-version-taken")
	}
	_, err := b.try(ada, ref.ID, publication.Approve{Version: ref.Version})
	refusedAs(t, err, "pathway-approved-already")
	_, findings, err := b.s.PublishPathway(b.ctx, ada, b.key(), changed(t, folder, "who: team", "who: nobody"), publication.Publish{})
	refusedAs(t, err, "pathway-has-errors")
	if len(findings) == 0 {
		t.Error("it does not say which")
	}
}

// TestTheWordsShownAtAnInstant: other words for a version are shown from the
// moment a second person says yes, and what was shown before can be read for ever.
func TestTheWordsShownAtAnInstant(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ref := pathway.Ref{ID: "no.pain", Version: "2025.04"}
	title := func(d *pathway.Definition, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return d.Texts[care.Bokmal].Title
	}
	old := title(b.s.Pathway(b.ctx, ref))
	src, err := fs.ReadFile(painFolder(), "text.nb.yaml")
	if err != nil {
		t.Fatal(err)
	}
	counted := func(revision string) []byte {
		return bytes.Replace(src, []byte("revision: 1\n"), []byte("revision: "+revision+"\n"), 1)
	}
	words := fstest.MapFS{"text.nb.yaml": {Data: bytes.Replace(counted("2"), []byte(old), []byte("Bedre ord"), 1)}}
	propose := func(who casework.Who, folder fs.FS) (publication.Proposal, error) {
		r, _, err := b.s.ProposeWords(b.ctx, who, b.key(), ref, folder)
		return r, err
	}
	if _, err := propose(kari, words); err == nil {
		t.Error("a coordinator rewords a pathway")
	}
	_, err = propose(ada, fstest.MapFS{"text.nb.yaml": {Data: src}})
	refusedAs(t, err, "pathway-same-words")
	_, err = propose(ada, fstest.MapFS{"text.nb.yaml": {Data: []byte("title: [")}})
	refusedAs(t, err, "pathway-has-errors")
	// A wording never changes a number.
	_, err = propose(ada, fstest.MapFS{"text.nb.yaml": {Data: bytes.Replace(src, []byte(old), []byte("Hjelp innen 99 uker"), 1)}})
	refusedAs(t, err, "pathway-has-errors")
	_, err = propose(ada, fstest.MapFS{"text.nb.yaml": {Data: bytes.Replace(counted("2"), []byte(old), []byte("Innen 77 uker"), 1)}})
	refusedAs(t, err, "pathway-has-errors") // a wording says no other number
	p, err := propose(ada, words)
	if err != nil || !slices.Equal(p.Languages, []care.Language{care.Bokmal}) {
		t.Fatalf("proposed is %+v, %v", p, err)
	}
	_, err = b.try(ada, ref.ID, publication.Confirm{Proposal: p.Proposal})
	refusedAs(t, err, "pathway-second-person")
	if got := title(b.s.Pathway(b.ctx, ref)); got != old {
		t.Errorf("before the second yes it is called %q", got)
	}
	b.clock.pass(time.Hour)
	b.act(ivar, ref.ID, publication.Confirm{Proposal: p.Proposal})
	from := b.clock.Now()
	for _, s := range []*bundle{b, b.beside()} {
		if got := title(s.s.Pathway(b.ctx, ref)); got != "Bedre ord" {
			t.Errorf("now it is called %q", got)
		}
		if got := title(s.s.PathwayAt(b.ctx, ref, from)); got != "Bedre ord" {
			t.Errorf("from then on it was called %q", got)
		}
		if got := title(s.s.PathwayAt(b.ctx, ref, from.Add(-time.Microsecond))); got != old {
			t.Errorf("until then it was called %q", got)
		}
	}
	v, err := casework.View(b.ctx, b.s, ada, casework.PathwayVersion{Ref: ref})
	if err != nil || len(v.Edition.Texts) != 1 || !bytes.Contains(v.Files["text.nb.yaml"], []byte("Bedre ord")) || v.Name(v.Edition.Texts[0].Confirmed.By) != "ivar Hansen" {
		t.Errorf("the version says %+v, %v", v.Edition.Texts, err)
	}
	if d, _ := b.s.Pathway(b.ctx, ref); d.Ref != v.Ref || d.Hash == "" {
		t.Errorf("with other words it is %+v", d.Ref)
	}
	// The words of before, proposed again, are a revision of their own.
	b.clock.pass(time.Hour)
	for _, who := range []casework.Who{ivar, ada} {
		if p, err = propose(who, fstest.MapFS{"text.nb.yaml": {Data: counted("3")}}); err != nil {
			t.Fatal(err)
		}
	}
	if p.Open() || len(v.Edition.Texts) != 1 {
		t.Errorf("the same words by another are %+v", p)
	}
	if got := title(b.s.Pathway(b.ctx, ref)); got != old {
		t.Errorf("back again it is called %q", got)
	}
	b.sound()
}

// TestLayersAreTold: a layer opens journeys at home, and its owner is told once
// when the version it lies over has a successor.
func TestLayersAreTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	good, layer := os.DirFS("../pathway/testdata/good"), os.DirFS("../pathway/testdata/layer")
	_, _, err := b.s.PublishPathway(b.ctx, ada, b.key(), layer, publication.Publish{})
	refusedAs(t, err, "pathway-has-errors")
	base := b.publish(good)
	over := b.publish(layer)
	b.both(base.ID, publication.ProposeUse{Version: base.Version, Unit: "trust", Adopt: true})
	b.both(over.ID, publication.ProposeUse{Version: over.Version, Unit: "trust", Adopt: true})
	for unit, want := range map[care.UnitID]pathway.Ref{"clinic": over, "trust": over} {
		if got, err := b.s.Active(b.ctx, base.ID, unit); err != nil || got != want {
			t.Errorf("active at %s is %s, %v; want %s", unit, got, err, want)
		}
	}
	if got, err := b.opens("clinic", pathway.Ref{ID: base.ID}); err != nil || got != over {
		t.Errorf("it opens with %s, %v", got, err)
	}
	b.refer("Ola") // a journey of another pathway is on the same lists
	listed := func(id string) (ids []string) {
		list, err := casework.View(b.ctx, b.s, as("kari", "clinic", care.Desk), casework.WorkQuery{Pathway: id, Size: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range list.Rows {
			ids = append(ids, row.Pathway)
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	for id, want := range map[string][]string{base.ID: {over.ID}, over.ID: {over.ID}, "no.pain": {"no.pain"}, "": {over.ID, "no.pain"}, "no": nil} {
		if got := listed(id); !slices.Equal(got, want) {
			t.Errorf("a list narrowed to %q has journeys of %v, want %v", id, got, want)
		}
	}
	next := b.publish(changed(t, good, `version: "2025.04"`, `version: "2026.04"`))
	for range 2 {
		if err := b.s.React(b.ctx); err != nil {
			t.Fatal(err)
		}
	}
	v, err := casework.View(b.ctx, b.s, ada, casework.PathwayLibrary{})
	if err != nil {
		t.Fatal(err)
	}
	told := slices.DeleteFunc(v.Items, func(i casework.LibraryItem) bool { return i.Ref != publication.RefBase })
	if len(told) != 1 || told[0].Pathway != over.ID || told[0].Post.Unit != "trust" || !told[0].Yours {
		t.Fatalf("told are %+v", told)
	}
	i := slices.IndexFunc(v.Pathways, func(p casework.LibraryPathway) bool { return p.ID == over.ID })
	if n := v.Pathways[i].Notices; len(n) != 1 || n[0].Base != next {
		t.Errorf("the notices are %+v", n)
	}
	b.act(ivar, over.ID, publication.SettleNotice{Notice: 1, Why: "Nytt lag kommer."})
	b.sound()
}

// TestLibrary: the library says of every version where it stands, and what the
// one who asks must do.
func TestLibrary(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.refer("Kari")
	ref, _, err := b.s.PublishPathway(b.ctx, ada, b.key(), b.nextPain("2026.01"), publication.Publish{Persons: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.s.Shelve(b.ctx, b.nextPain("2026.02")); err != nil {
		t.Fatal(err)
	}
	look := func(who casework.Who) casework.LibraryView {
		t.Helper()
		v, err := casework.View(b.ctx, b.s, who, casework.PathwayLibrary{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := look(ivar)
	i := slices.IndexFunc(v.Pathways, func(p casework.LibraryPathway) bool { return p.ID == "no.pain" })
	var stands []string
	for _, version := range v.Pathways[i].Versions {
		stands = append(stands, version.Ref.Version+" "+string(version.Standing))
	}
	if got := strings.Join(stands, ", "); got != "2026.02 draft, 2026.01 published, 2025.04 active" {
		t.Errorf("the versions stand as %s", got)
	}
	if old := v.Pathways[i].Versions[2]; old.Journeys != 1 || len(old.Uses) != 1 || v.Name(old.Edition.By) != "ada Hansen" {
		t.Errorf("in use is %+v", old)
	}
	if v.Pathways[i].Versions[1].Missing != 2 {
		t.Errorf("%d approvals are missing", v.Pathways[i].Versions[1].Missing)
	}
	for who, want := range map[string]bool{"ivar": true, "ada": false} {
		items := look(as(who, "trust", care.PathwayApprover)).Items
		if len(items) != 1 || items[0].Ref != publication.RefApprove || items[0].Version != ref.Version || items[0].Yours != want || !items[0].Own {
			t.Errorf("%s has %+v", who, items)
		}
	}
	if items := look(kari).Items; len(items) != 1 || items[0].Yours || items[0].Own {
		t.Errorf("a coordinator has %+v", items)
	}
	if _, err := casework.View(b.ctx, b.s, patient("someone"), casework.PathwayLibrary{}); err == nil {
		t.Error("a patient reads the authors' library")
	}
	if operators := look(casework.Who{Actor: care.Service}); len(operators.Pathways) == 0 {
		t.Error("the operator sees nothing")
	}
	version, err := casework.View(b.ctx, b.s, ivar, casework.PathwayVersion{Ref: pathway.Ref{ID: "no.pain"}})
	if err != nil || version.Ref != ref || version.Before == nil || version.Before.Version != "2025.04" || len(version.Others) != 2 || len(version.History) != 1 || len(version.Files) != 5 {
		t.Errorf("the newest version is %s over %v, %d others, %d events, %v", version.Ref, version.Before, len(version.Others), len(version.History), err)
	}
	for _, f := range version.Findings {
		if f.Severity == pathway.SeverityError {
			t.Errorf("%s", f)
		}
	}
	// The review falls due by time alone, and stays due until somebody has read.
	b.clock.set(oslo.EndOf(version.Definition.Review.By))
	if _, err := b.s.WakeDue(b.ctx, "test", func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) }); err != nil {
		t.Fatal(err)
	}
	due := 0
	for _, item := range look(ivar).Items {
		if item.Ref == publication.RefReview && item.Pathway == "no.pain" {
			due++
		}
	}
	if due != 2 {
		t.Errorf("%d reviews are due", due)
	}
	b.sound()
}
