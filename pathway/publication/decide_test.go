package publication

import (
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/pathway"
)

var oslo = care.CalendarOf(care.Norway)

func day(n int) care.Date { return care.Date{Year: 2026, Month: 3, Day: 2}.AddDays(n) }

// site is two trusts side by side, a clinic and a ward below the first, a unit
// under another law, and one stream.
type site struct {
	t   *testing.T
	s   State
	now time.Time
}

func newSite(t *testing.T) *site {
	return &site{t: t, s: State{ID: "no.pain"}, now: oslo.StartOf(day(0)).Add(9 * time.Hour).UTC()}
}

var parents = map[care.UnitID]care.UnitID{"trust": "", "clinic": "trust", "ward": "clinic", "other": "", "se": ""}

// shelf holds no.pain in three versions, one of them a draft, and a layer.
func shelf(r pathway.Ref) (*pathway.Definition, error) {
	status, ok := map[string]pathway.DefinitionStatus{"1": pathway.Published, "2": pathway.Published, "3": pathway.Published, "own": pathway.Draft}[r.Version]
	if !ok {
		return nil, care.Missing("no-such-pathway", "There is no published pathway {pathway}.", "pathway", r.String())
	}
	return &pathway.Definition{
		Ref: pathway.Ref{ID: "no.pain", Version: r.Version, Hash: "hash-" + r.Version}, Status: status, Regime: care.Norway, TextHash: "words-" + r.Version,
		Review:  pathway.Review{By: day(100), Owner: "Redaksjonen"},
		Sources: []pathway.Source{{ID: "times", Changed: day(-300)}},
	}, nil
}

func (x *site) known() Known {
	return Known{
		Definition: shelf,
		Standing: func(r pathway.Ref) Standing {
			if r.Version == "1" {
				return StandsApproved
			}
			return StandsPublished
		},
		Units: func(u care.UnitID) []care.UnitID {
			var way []care.UnitID
			for {
				up, ok := parents[u]
				if !ok {
					return nil
				}
				if way = append(way, u); up == "" {
					return way
				}
				u = up
			}
		},
		Regime: func(u care.UnitID) care.Regime {
			if u == "se" {
				return care.Sweden
			}
			return care.Norway
		},
		Holders: func(p care.Post) []string {
			if p.Unit == "other" {
				return []string{"ane"}
			}
			return []string{"ane", "bo", "eli"}
		},
	}
}

// as is a person who acts from a unit's post for pathways, such as "ane@trust".
func (x *site) as(who string) care.Act {
	id, unit, _ := strings.Cut(who, "@")
	return care.Act{
		At: x.now, Actor: care.Actor{Kind: care.Professional, ID: id, Unit: care.UnitID(unit)},
		Post: care.Post{Unit: care.UnitID(unit), Role: care.PathwayApprover},
	}
}

func (x *site) try(act care.Act, c Command) error {
	x.t.Helper()
	was := x.s.Clone()
	made, err := Decide(x.s, c, act, x.known())
	if err != nil {
		return err
	}
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			x.t.Fatal(err)
		}
		read, err := Events.Decode(m.Event.Type(), body)
		if err != nil {
			x.t.Fatal(err)
		}
		if err := Evolve(&was, care.Recorded{Version: was.Version + 1, Event: read, Happened: act.At, Learned: act.At, Actor: act.Actor, Post: act.Post}); err != nil {
			x.t.Fatal(err)
		}
	}
	x.s = was
	return nil
}

func (x *site) do(who string, c Command) {
	x.t.Helper()
	if err := x.try(x.as(who), c); err != nil {
		x.t.Fatalf("%s by %s: %v", c.Name(), who, err)
	}
}

func (x *site) refuse(code, who string, c Command) *care.Refusal {
	x.t.Helper()
	err := x.try(x.as(who), c)
	r, ok := care.AsRefusal(err)
	if !ok || r.Code != code {
		x.t.Errorf("%s by %s: %v, want the refusal %s", c.Name(), who, err, code)
		return &care.Refusal{}
	}
	return r
}

func ref(version string) pathway.Ref { return pathway.Ref{ID: "no.pain", Version: version} }

// approved publishes a version and lets another person approve it.
func (x *site) approved(version string) {
	x.t.Helper()
	x.do("ane@trust", Publish{Ref: ref(version)})
	x.do("bo@trust", Approve{version})
}

// both proposes and confirms.
func (x *site) both(first, second string, c Command) {
	x.t.Helper()
	x.do(first, c)
	x.do(second, Confirm{len(x.s.Proposals)})
}

func (x *site) active(unit care.UnitID) string {
	x.t.Helper()
	r, _ := Active([]State{x.s}, x.known().Units(unit), x.now)
	return r.Version
}

func (x *site) is(unit care.UnitID, version string) {
	x.t.Helper()
	if got := x.active(unit); got != version {
		x.t.Errorf("%s opens journeys with %q, want %q", unit, got, version)
	}
}

// A version's whole life: published, approved by another, in use, followed by
// the next, taken back, retired.
func TestLifeOfAVersion(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	x.do("ane@trust", Publish{Ref: ref("1")})
	if got := x.s.Standing("1", x.now); got != StandsPublished {
		t.Errorf("once published it is %s", got)
	}
	x.is("clinic", "")
	x.do("bo@trust", Approve{"1"})
	x.both("ane@trust", "bo@trust", ProposeUse{Version: "1"})
	x.is("clinic", "1")
	x.is("other", "1")
	if got := x.s.Standing("1", x.now); got != StandsActive {
		t.Errorf("in use it is %s", got)
	}
	x.approved("2")
	x.is("clinic", "1")
	x.both("ane@trust", "eli@trust", ProposeUse{Version: "2", From: day(10)})
	x.is("clinic", "1")
	x.now = oslo.StartOf(day(10)).UTC()
	x.is("clinic", "2")
	x.now = x.now.Add(-time.Microsecond)
	x.is("clinic", "1")
	x.now = oslo.StartOf(day(11)).UTC()
	_ = x.refuse("pathway-why", "ane@trust", ProposeRollback{})
	x.both("eli@trust", "bo@trust", ProposeRollback{Why: "Skjemaet mangler."})
	x.is("clinic", "1")
	if got := x.s.Standing("2", x.now); got != StandsApproved {
		t.Errorf("once taken back it is %s", got)
	}
	if u, ok := x.s.InUse("", oslo.StartOf(day(10)).UTC()); !ok || u.Version != "2" {
		t.Errorf("on the day it was in use, in use was %+v", u)
	}
	_ = x.refuse("pathway-nothing-before", "ane@trust", ProposeRollback{Why: "En gang til."})
	x.both("ane@trust", "bo@trust", ProposeRetirement{Version: "1", Why: "Erstattet."})
	x.is("clinic", "")
	if got := x.s.Standing("1", x.now); got != StandsRetired {
		t.Errorf("once retired it is %s", got)
	}
	_ = x.refuse("pathway-retired", "ane@trust", ProposeUse{Version: "1"})
	_ = x.refuse("pathway-retired", "ane@trust", ProposeText{"1", "other", []care.Language{care.Bokmal}})
	x.both("ane@trust", "bo@trust", ProposeUse{Version: "2"})
	x.is("clinic", "2")
}

// Two approvals by one person are one, and every act that takes two takes two.
func TestTwoPersons(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	x.do("ane@trust", Publish{Ref: ref("1"), Persons: 3})
	r := x.refuse("pathway-second-person", "ane@trust", Approve{"1"})
	if r.Args["post"] != "trust/pathway-approver" {
		t.Errorf("the refusal does not name who must do it: %v", r.Args)
	}
	x.do("bo@trust", Approve{"1"})
	_ = x.refuse("pathway-second-person", "bo@trust", Approve{"1"})
	x.do("ane@trust", ProposeUse{Version: "1", Unit: "ward"})
	_ = x.refuse("pathway-not-approved", "bo@trust", Confirm{1})
	x.do("bo@trust", Withdraw{1, "Senere."})
	x.do("eli@trust", Approve{"1"})
	_ = x.refuse("pathway-approved-already", "eli@trust", Approve{"1"})
	x.approved("2")
	for _, c := range []Command{
		ProposeUse{Version: "1"}, ProposeUse{Version: "2", Unit: "clinic"}, ProposeText{"1", "new", []care.Language{care.Bokmal}},
		ProposeRetirement{"2", "Feil."},
	} {
		x.do("ane@trust", c)
		before := x.s.Version
		_ = x.refuse("pathway-second-person", "ane@trust", Confirm{len(x.s.Proposals)})
		if x.s.Version != before {
			t.Errorf("%s: one person did it alone", c.Name())
		}
		_ = x.refuse("pathway-proposed-already", "bo@trust", c)
		x.do("bo@trust", Confirm{len(x.s.Proposals)})
		_ = x.refuse("pathway-no-proposal", "eli@trust", Confirm{len(x.s.Proposals)})
	}
	x.both("ane@trust", "bo@trust", ProposeUse{Version: "1", Unit: "ward"})
	y := newSite(t)
	y.do("ane@other", Publish{Ref: ref("1")})
	_ = y.refuse("pathway-no-second-person", "ane@other", Approve{"1"})
	_ = y.refuse("pathway-too-few-persons", "ane@other", Publish{Ref: ref("2"), Persons: 1})
}

// What the nearest unit upwards uses comes first; the site's is the last.
func TestActiveInATreeOfUnits(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	for _, v := range []string{"1", "2", "3", "own"} {
		x.approved(v)
	}
	x.both("ane@trust", "bo@other", ProposeUse{Version: "1"})
	x.both("ane@trust", "bo@trust", ProposeUse{Version: "2", Unit: "trust"})
	x.both("ane@trust", "bo@clinic", ProposeUse{Version: "3", Unit: "clinic"})
	x.is("other", "1")
	x.is("trust", "2")
	x.is("clinic", "3")
	x.is("ward", "3")
	x.both("ane@ward", "bo@ward", ProposeUse{Version: "own", Unit: "ward", Adopt: true})
	x.is("ward", "own")
	x.is("clinic", "3")
	if u, ok := x.s.InUse("ward", x.now); !ok || !u.Adopted || u.By.By != "ane" || u.Confirmed.By != "bo" {
		t.Errorf("the adoption is kept as %+v", u)
	}
	x.both("ane@trust", "eli@trust", ProposeRetirement{"3", "Erstattet."})
	x.is("clinic", "2")
	x.both("ane@ward", "bo@ward", ProposeUse{Version: "2", Unit: "ward"})
	x.both("ane@ward", "bo@ward", ProposeRollback{"ward", "Vårt eget var bedre."})
	if u, _ := x.s.InUse("ward", x.now); u.Version != "own" || !u.Adopted {
		t.Errorf("taken back, the ward uses %+v", u)
	}
	// What has not begun is called off; what is in use goes on.
	x.both("ane@ward", "bo@ward", ProposeUse{Version: "2", Unit: "ward", From: day(5)})
	x.both("ane@ward", "bo@ward", ProposeRollback{"ward", "Ikke likevel."})
	x.now = oslo.StartOf(day(6)).UTC()
	x.is("ward", "own")
}

// TestRefused holds every other refusal.
func TestRefused(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	_ = x.refuse("pathway-not-published", "ane@trust", Approve{"1"})
	_ = x.refuse("no-such-pathway", "ane@trust", Publish{Ref: ref("9")})
	x.approved("1")
	x.approved("own")
	act := x.as("bo@trust")
	act.For = &care.OnBehalf{How: care.ByPhone}
	if err := x.try(act, ProposeUse{Version: "1"}); err == nil || !strings.Contains(err.Error(), "pathway-on-behalf") {
		t.Errorf("on behalf of another: %v", err)
	}
	for _, c := range []struct {
		code, who string
		c         Command
	}{
		{"pathway-published-already", "bo@trust", Publish{Ref: ref("1")}},
		{"pathway-version-unknown", "ane@trust", Approve{"2"}},
		{"pathway-version-unknown", "ane@trust", ProposeUse{Version: "2"}},
		{"pathway-draft", "ane@trust", ProposeUse{Version: "own", Unit: "trust"}},
		{"pathway-adopter", "ane@trust", ProposeUse{Version: "own", Adopt: true}},
		{"pathway-adopts-itself", "ane@trust", ProposeUse{Version: "own", Unit: "clinic", Adopt: true}},
		{"pathway-national", "ane@trust", ProposeUse{Version: "1", Unit: "trust", Adopt: true}},
		{"pathway-other-unit", "ane@clinic", ProposeUse{Version: "1", Unit: "trust"}},
		{"pathway-other-unit", "ane@other", ProposeUse{Version: "1", Unit: "clinic"}},
		{"pathway-site-wide", "ane@clinic", ProposeUse{Version: "1"}},
		{"unit-unknown", "ane@trust", ProposeUse{Version: "1", Unit: "nowhere"}},
		{"pathway-from-past", "ane@trust", ProposeUse{Version: "1", From: day(-1)}},
		{"wrong-regime", "ane@se", ProposeUse{Version: "1", Unit: "se"}},
		{"pathway-why", "ane@trust", ProposeRetirement{Version: "1"}},
		{"text-long", "ane@trust", ProposeRetirement{"1", strings.Repeat("x", longestWhy+1)}},
		{"pathway-other-unit", "ane@other", ProposeRetirement{"1", "Feil."}},
		{"pathway-not-in-use", "ane@trust", ProposeRollback{"clinic", "Feil."}},
		{"pathway-same-words", "ane@trust", ProposeText{"1", "words-1", []care.Language{care.Bokmal}}},
		{"pathway-same-words", "ane@trust", ProposeText{"1", "other", nil}},
		{"pathway-no-proposal", "ane@trust", Confirm{9}},
		{"pathway-no-proposal", "ane@trust", Withdraw{9, "Feil."}},
		{"pathway-review-date", "ane@trust", Review{"1", day(0), "Lest."}},
		{"pathway-source-unknown", "ane@trust", NoteSource{Version: "1", Source: "rumour", Changed: day(0)}},
		{"pathway-source-same", "ane@trust", NoteSource{Version: "1", Source: "times", Changed: day(-300)}},
		{"nothing-changes", "ane@trust", NoteBase{Version: "1", Base: pathway.Ref{ID: "no.base", Version: "2"}}},
		{"pathway-no-notice", "ane@trust", SettleNotice{1, "Lest."}},
	} {
		_ = x.refuse(c.code, c.who, c.c)
	}
	// The same id and version with other bytes.
	had := x.s.Clone()
	x.s.Versions[0].Ref.Hash = "other"
	_ = x.refuse("pathway-version-taken", "bo@trust", Publish{Ref: ref("1")})
	x.s = had
	// What was right when it was proposed is asked again when it is confirmed.
	x.both("ane@trust", "bo@trust", ProposeUse{Version: "1"})
	_ = x.refuse("nothing-changes", "ane@trust", ProposeUse{Version: "1"})
	x.approved("2")
	x.do("ane@trust", ProposeUse{Version: "2"})
	use := len(x.s.Proposals)
	x.both("ane@trust", "bo@trust", ProposeRetirement{"2", "Feil."})
	_ = x.refuse("pathway-retired", "bo@trust", Confirm{use})
	x.do("bo@trust", Withdraw{use, "Den er tatt ut."})
	x.approved("3")
	x.both("ane@trust", "bo@trust", ProposeUse{Version: "3"})
	x.do("ane@trust", ProposeRollback{"", "Feil."})
	back := len(x.s.Proposals)
	x.both("ane@trust", "bo@trust", ProposeUse{Version: "1"})
	_ = x.refuse("pathway-rollback-other", "bo@trust", Confirm{back})
}

// Which words were shown at an instant can be said for ever.
func TestTextAt(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	x.approved("1")
	first := x.now
	at := func(when time.Time, hash string, revision int) {
		t.Helper()
		if h, n, ok := x.s.TextAt("1", when); !ok || h != hash || n != revision {
			t.Errorf("at %s the words are %s, revision %d; want %s, %d", when, h, n, hash, revision)
		}
	}
	x.now = x.now.Add(time.Hour)
	x.both("ane@trust", "bo@trust", ProposeText{"1", "words-better", []care.Language{care.Bokmal}})
	second := x.now
	x.now = x.now.Add(time.Hour)
	x.do("ane@trust", ProposeText{"1", "words-best", []care.Language{care.Nynorsk}})
	at(x.now, "words-better", 1)
	x.do("bo@trust", Confirm{len(x.s.Proposals)})
	at(x.now, "words-best", 2)
	at(x.now.Add(-time.Microsecond), "words-better", 1)
	at(second, "words-better", 1)
	at(second.Add(-time.Microsecond), "words-1", 0)
	at(first, "words-1", 0)
	if _, _, ok := x.s.TextAt("2", x.now); ok {
		t.Error("a version that was never published has words")
	}
}

// What an author must do stands with the unit that published, and has a date.
func TestItems(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	x.do("ane@trust", Publish{Ref: ref("1")})
	items := func(want ...string) []care.Item {
		t.Helper()
		got := x.s.Items()
		var keys []string
		for _, i := range got {
			keys = append(keys, i.Key)
			if i.Due.IsZero() || i.Since.IsZero() || i.Post.Role != care.PathwayApprover || i.Post.Unit == "" || i.Version == 0 {
				t.Errorf("%s has no date, no owner or no version: %+v", i.Key, i)
			}
		}
		if strings.Join(keys, " ") != strings.Join(want, " ") {
			t.Errorf("open is %v, want %v", keys, want)
		}
		return got
	}
	items("approve/1")
	x.do("bo@trust", Approve{"1"})
	items()
	x.do("ane@trust", ProposeUse{Version: "1", Unit: "clinic"})
	if i := items("confirm/1")[0]; i.Post.Unit != "clinic" || !x.s.DidFirst(i, "ane") || x.s.DidFirst(i, "bo") {
		t.Errorf("the confirmation stands with %s", i.Post)
	}
	x.do("bo@trust", Confirm{1})
	x.do("bo@trust", NoteSource{Version: "1", Source: "times", Changed: day(-1), Why: "Ny frist."})
	_ = x.refuse("nothing-changes", "eli@trust", NoteSource{Version: "1", Source: "times", Changed: day(-1)})
	x.do("ane@trust", NoteSource{Version: "1", Source: "times", Changed: day(0), Page: "what it says"})
	_ = x.refuse("nothing-changes", "ane@trust", NoteSource{Version: "1", Source: "times", Changed: day(1), Page: "what it says"})
	x.do("ane@trust", SettleNotice{2, "Samme sak."})
	items("notice/1")
	due, ok := Due(x.s)
	if !ok || !due.Equal(oslo.EndOf(day(100))) {
		t.Fatalf("the review falls due at %s, %v", due, ok)
	}
	x.now = due
	if err := x.try(care.Act{At: due, Actor: care.Service}, Wake{}); err != nil {
		t.Fatal(err)
	}
	if i := items("notice/1", "review/1")[1]; !i.Due.Equal(due) {
		t.Errorf("the review is due %s", i.Due)
	}
	if _, ok := Due(x.s); ok {
		t.Error("it falls due again")
	}
	x.do("eli@trust", Review{"1", day(300), "Lest mot kilden."})
	x.do("eli@trust", SettleNotice{1, "Ny versjon kommer."})
	items()
	if due, ok := Due(x.s); !ok || !due.Equal(oslo.EndOf(day(300))) {
		t.Errorf("the next review falls due at %s, %v", due, ok)
	}
}

// A local layer is used where it was published, over an approved version.
func TestLayerAtHome(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	x.do("ane@clinic", Publish{Ref: ref("1")})
	x.do("bo@trust", Approve{"1"})
	x.s.Versions[0].Extends = pathway.Ref{ID: "no.base", Version: "2"}
	_ = x.refuse("pathway-layer-elsewhere", "ane@trust", ProposeUse{Version: "1"})
	_ = x.refuse("pathway-layer-elsewhere", "ane@trust", ProposeUse{Version: "1", Unit: "trust"})
	_ = x.refuse("pathway-layer-base", "ane@trust", ProposeUse{Version: "1", Unit: "ward"})
	x.s.Versions[0].Extends.Version = "1"
	x.both("ane@trust", "bo@clinic", ProposeUse{Version: "1", Unit: "ward"})
	x.is("ward", "1")
	// At one unit the layer comes before the pathway it lies over; a unit nearer
	// comes before both.
	layer := x.s.Clone()
	layer.Versions[0].Ref.ID = "no.pain+clinic"
	over := []State{x.s, layer}
	if r, ok := Active(over, x.known().Units("ward"), x.now); !ok || r.ID != "no.pain+clinic" {
		t.Errorf("the ward opens journeys with %s", r)
	}
	layer.Uses[0].Unit = "trust"
	if r, ok := Active(over, x.known().Units("ward"), x.now); !ok || r.ID != "no.pain" {
		t.Errorf("the ward opens journeys with %s, though it uses something itself", r)
	}
}

// A local layer is told once of every new version of its base.
func TestBaseChanged(t *testing.T) {
	t.Parallel()
	x := newSite(t)
	x.approved("own")
	x.s.Versions[0].Extends = pathway.Ref{ID: "no.base", Version: "1"}
	told := NoteBase{"own", pathway.Ref{ID: "no.base", Version: "2"}, []Conflict{{"pathway.yaml", 3, "E700", "the step is gone"}}}
	x.do("ane@trust", told)
	_ = x.refuse("nothing-changes", "ane@trust", told)
	got := x.s.Items()
	if len(got) != 1 || got[0].Ref != RefBase || x.s.Notices[0].Conflicts[0].Line != 3 {
		t.Errorf("the layer's owner has %+v", got)
	}
}
