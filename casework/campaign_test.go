package casework_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
	"forlop/store/memory"
	"forlop/store/sqlite"
)

var (
	oldPlan             = pathway.Ref{ID: "no.pain", Version: "2025.04"}
	newPlan             = pathway.Ref{ID: "no.pain", Version: "2026.10"}
	proposer, confirmer = as("ada", "clinic", care.PathwayApprover), as("ivar", "clinic", care.PathwayApprover)
	clinicsTeam         = care.Post{Unit: "clinic", Role: "coordinator"}
)

// region is a clinic whose journeys are to be moved.
type region struct {
	*bundle
	id string
}

// newRegion has journeys on the version in use; their clinic has adopted a newer
// one, which the clinic beside it has not.
func newRegion(t *testing.T, st store.Store, names ...string) (*region, []string) {
	t.Helper()
	b := setupOn(t, st)
	r := &region{bundle: b}
	var ids []string
	for _, name := range names {
		_, id := b.refer(name)
		b.accept(id)
		ids = append(ids, id)
	}
	b.setUp("clinic", directory.AddPost{Role: care.PathwayApprover})
	for _, who := range []string{"ada", "ivar"} {
		b.setUp("clinic", directory.Join{Professional: who, Role: care.PathwayApprover})
	}
	ref, findings, err := b.s.Shelve(b.ctx, os.DirFS("../pathway/library/testdata/no.pain-2026"))
	if err == nil {
		err = b.s.BringIntoUse(b.ctx, ref, "ada", "ivar", "clinic")
	}
	if err != nil {
		t.Fatal(err, findings)
	}
	return r, ids
}

// begin proposes, previews and confirms.
func (r *region) begin(slice int) {
	r.t.Helper()
	receipt, err := r.try(proposer, "", rollout.Propose{From: oldPlan, To: newPlan, Slice: slice})
	if err != nil {
		r.t.Fatal(err)
	}
	r.id = receipt.Target
	r.advance()
	if _, err := r.try(confirmer, r.id, rollout.Confirm{}); err != nil {
		r.t.Fatal(err)
	}
	r.advance() // the list
}

func (r *region) advance() {
	r.t.Helper()
	if _, err := r.s.Advance(r.ctx, r.id); err != nil {
		r.t.Fatal(err)
	}
}

func (r *region) page() casework.CampaignView {
	r.t.Helper()
	v, err := casework.View(r.ctx, r.s, kari, casework.CampaignPage{ID: r.id})
	if err != nil {
		r.t.Fatal(err)
	}
	return v
}

// balances holds every journey against its place in the sum: what the campaign
// says became of it is what its own stream says.
func (r *region) balances(want map[rollout.Outcome][]string) {
	r.t.Helper()
	v, total := r.page(), 0
	for _, o := range rollout.Outcomes {
		total += v.Counts[o]
		if v.Counts[o] != len(want[o]) {
			r.t.Errorf("%d journeys are %s, want %d", v.Counts[o], o, len(want[o]))
		}
		for _, id := range want[o] {
			moves := 0
			j := r.state(id)
			for _, m := range j.Moves {
				if m.Campaign == r.id {
					moves++
				}
			}
			switch o {
			case rollout.Moved:
				if moves != 1 || j.Pathway.Version != newPlan.Version {
					r.t.Errorf("%s was moved %d times and follows %s", id, moves, j.Pathway)
				}
			case rollout.Kept, rollout.Failed, rollout.Waiting, rollout.Ended:
				if j.Pathway.Version != oldPlan.Version {
					r.t.Errorf("%s is %s and follows %s", id, o, j.Pathway)
				}
			case rollout.Left:
			}
		}
	}
	if total != v.Start+v.Joined {
		r.t.Errorf("the sum is %d, the list has %d and %d", total, v.Start, v.Joined)
	}
	audit, err := r.s.Verify(r.ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, f := range audit.Findings {
		r.t.Errorf("verify: %s: %s", f.Stream, f.What)
	}
}

func (r *region) state(id string) *journey.State {
	r.t.Helper()
	events, err := r.store.Load(r.ctx, store.StreamOf("journey", id), 0)
	if err != nil {
		r.t.Fatal(err)
	}
	s := journey.New()
	for _, e := range events {
		event, err := journey.Events.Decode(e.Type, e.Body)
		if err != nil {
			r.t.Fatal(err)
		}
		err = journey.Evolve(s, care.Recorded{
			Version: e.Version, Event: event, Happened: e.Happened, Learned: e.Learned, Actor: e.Actor, Post: e.Post, Command: e.Command, For: e.For,
		})
		if err != nil {
			r.t.Fatal(err)
		}
	}
	return s
}

// onStores runs a test in memory and on a database file.
func onStores(t *testing.T, test func(t *testing.T, st store.Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { t.Parallel(); test(t, memory.Open()) })
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "forlop.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
		test(t, st)
	})
}

// A campaign moves each journey once, whatever happened to it meanwhile, and the
// sum balances: moved, kept before and after, ended, moved by hand, failed with an
// owner, and one that joined.
func TestCampaign(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, st store.Store) {
		r, ids := newRegion(t, st, "Ola", "Kari", "Per", "Anne", "Nils", "Liv", "Tor")
		plain, before, ends, byHand, handed, after, joins := ids[0], ids[1], ids[2], ids[3], ids[4], ids[5], ids[6]
		r.give(joins, "clinic-b")
		r.do(kari, before, journey.KeepPlan{To: newPlan, Words: "Jeg vil fortsette."})
		clockBefore := *r.state(plain).ClockOf("start")
		r.begin(2)
		if v := r.page(); v.Preview == nil || v.Preview.Journeys != 6 || v.Preview.Moves != 5 || v.Preview.Cannot["plan-kept"] != 1 || v.Keep.N != 4 || v.Start != 6 {
			t.Fatalf("the preview is %+v of %d", v.Preview, v.Start)
		}
		r.do(kari, ends, journey.EndJourney{End: "died", Reason: "Døde 4. januar."})
		r.do(kari, byHand, journey.Move{To: newPlan, Reason: "Avtalt med pasienten."})
		r.give(handed, "clinic-b")
		r.take(joins)

		// It stops between two slices, and goes on where it was.
		r.advance()
		if _, err := r.try(proposer, r.id, rollout.Stop{}); err != nil {
			t.Fatal(err)
		}
		stopped := r.page()
		r.advance()
		if now := r.page(); now.Version != stopped.Version || now.Slices != 1 {
			t.Error("a stopped campaign moved on")
		}
		if _, err := r.try(confirmer, r.id, rollout.Resume{}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.s.WakeDue(r.ctx, "worker", func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) }); err != nil {
			t.Fatal(err)
		}
		v := r.page()
		if v.Status != rollout.IsFinished || v.Joined != 1 {
			t.Fatalf("the campaign is %s with %d joined: %v", v.Status, v.Joined, v.Counts)
		}
		r.balances(map[rollout.Outcome][]string{
			rollout.Moved: {plain, after, joins}, rollout.Kept: {before}, rollout.Ended: {ends}, rollout.Left: {byHand}, rollout.Failed: {handed},
		})
		now := r.state(plain)
		if c := now.ClockOf("start"); !c.Start.Equal(clockBefore.Start) || c.Latest.Equal(clockBefore.Latest) {
			t.Errorf("the limit began %s and ends %s, before %s and %s", c.Start, c.Latest, clockBefore.Start, clockBefore.Latest)
		}
		if !slices.ContainsFunc(now.Tellings, func(x journey.Telling) bool { return x.About == "moved" && x.Open() }) {
			t.Error("nobody is to tell the patient (L13)")
		}

		// What failed is a task of the unit that has the journey.
		list, err := casework.View(r.ctx, r.s, nils, casework.WorkQuery{Size: 50, Refs: []string{"move-failed"}})
		if err != nil || len(list.Rows) != 1 || list.Rows[0].Journey != handed || list.Rows[0].Identity.Name != "Nils" {
			t.Fatalf("the worklist has %+v, %v", list.Rows, err)
		}
		if _, err := r.try(kari, r.id, rollout.LetBe{Journey: handed}); err == nil {
			t.Error("a unit that has no part in it lets it be")
		}
		if _, err := r.try(nils, r.id, rollout.LetBe{Journey: handed}); err != nil {
			t.Fatal(err)
		}

		// A patient keeps the old plan after the move, and the sum knows.
		r.do(patient(r.state(after).Person), after, journey.KeepPlan{})
		if err := r.s.React(r.ctx); err != nil {
			t.Fatal(err)
		}
		want := map[rollout.Outcome][]string{
			rollout.Moved: {plain, joins}, rollout.Kept: {before}, rollout.Ended: {ends}, rollout.Left: {byHand, handed},
		}
		if got := r.page().Counts[rollout.Kept]; got != 2 {
			t.Errorf("%d patients keep the old plan, want 2", got)
		}
		want[rollout.Kept] = []string{before, after}
		r.s = r.service() // everything is in the log
		r.balances(want)
	})
}

// give hands the responsibility for a journey to another clinic's desk.
func (r *region) give(id string, to care.UnitID) {
	r.t.Helper()
	desk := care.Post{Unit: to, Role: care.Desk}
	r.do(kari, id, journey.OfferTo{Kind: journey.OfResponsibility, To: desk, Carriers: r.carriers()})
	r.do(nils, id, journey.AcceptOffer{Offer: len(r.state(id).Offers)})
}

// take hands it back.
func (r *region) take(id string) {
	r.t.Helper()
	r.do(nils, id, journey.OfferTo{Kind: journey.OfResponsibility, To: clinicsTeam, Carriers: r.carriers()})
	r.do(kari, id, journey.AcceptOffer{Offer: len(r.state(id).Offers)})
}

func (r *region) carriers() journey.Carriers {
	gp := care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}
	until := oslo.Date(r.clock.Now()).AddDays(90)
	return journey.Carriers{Prescriptions: gp, PrescriptionsUntil: until, SickNotes: gp, SickNotesUntil: until}
}

// Two processes that move the same slices, and one that begins again after a
// crash, move each journey once.
func TestCampaignOnce(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, st store.Store) {
		r, ids := newRegion(t, st, "Ola", "Kari", "Per", "Anne", "Nils", "Liv", "Tor")
		r.begin(3)
		var both sync.WaitGroup
		for _, s := range []*casework.Service{r.service(), r.service()} {
			both.Go(func() {
				for range 12 {
					if _, err := s.Advance(r.ctx, r.id); err != nil {
						t.Error(err)
					}
				}
			})
		}
		both.Wait()
		r.s = r.service()
		if v := r.page(); v.Status != rollout.IsFinished || v.Slices != 3 {
			t.Errorf("the campaign is %s after %d slices", v.Status, v.Slices)
		}
		r.balances(map[rollout.Outcome][]string{rollout.Moved: ids})
	})
}

// The effect says what the engine would do, and does nothing.
func TestMoveEffect(t *testing.T) {
	t.Parallel()
	r, ids := newRegion(t, memory.Open(), "Ola", "Kari", "Per")
	// Per's referral is old enough for eight weeks to be over, and twelve not.
	r.clock.pass(60 * 24 * time.Hour)
	version := r.state(ids[0]).Version
	to, err := r.s.Pathway(r.ctx, newPlan)
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.s.Effect(r.ctx, oldPlan, to, pathway.Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	if e.Journeys != 3 || e.Moves != 3 || e.Late != 3 || e.Told != 3 || e.Keep != 3 || e.OnPaper != 0 {
		t.Errorf("the effect is %+v", e)
	}
	i := slices.IndexFunc(e.Parts, func(p casework.PartEffect) bool { return p.Path == "clocks/start" })
	if i < 0 || e.Parts[i].Journeys != 3 || e.Parts[i].Earlier != 3 || e.Parts[i].Late != 3 {
		t.Errorf("the limit to start: %+v", e.Parts)
	}
	if now := r.state(ids[0]); now.Version != version || now.Pathway.Version != oldPlan.Version {
		t.Error("asking what would happen changed a journey")
	}
}

// plug is a store whose process ends right after the first journey was moved.
type plug struct {
	store.Store
	pull func()
}

func (p plug) Append(ctx context.Context, a store.Append) (store.Done, error) {
	done, err := p.Store.Append(ctx, a)
	if err == nil && slices.ContainsFunc(a.Writes, func(w store.Write) bool { return w.Stream.Kind() == "journey" }) {
		p.pull()
	}
	return done, err
}

// A crash between a move and its record leaves nothing behind: whoever goes on
// finds the move done, and counts it once.
func TestCampaignAfterCrash(t *testing.T) {
	t.Parallel()
	onStores(t, func(t *testing.T, st store.Store) {
		r, ids := newRegion(t, st, "Ola", "Kari", "Per", "Anne")
		r.begin(3)
		ctx, pull := context.WithCancel(r.ctx)
		dying := *r.bundle
		dying.store = plug{st, pull}
		if _, err := dying.service().Advance(ctx, r.id); err == nil {
			t.Fatal("the process did not end in the middle of a slice")
		}
		r.s = r.service()
		moved := 0
		for _, id := range ids {
			if r.state(id).Pathway.Version == newPlan.Version {
				moved++
			}
		}
		if v := r.page(); moved != 1 || v.Counts[rollout.Waiting] != 4 {
			t.Fatalf("%d journeys moved, the sum says %v", moved, v.Counts)
		}
		r.clock.pass(time.Minute)
		if _, err := r.s.WakeDue(r.ctx, "worker", func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) }); err != nil {
			t.Fatal(err)
		}
		r.balances(map[rollout.Outcome][]string{rollout.Moved: ids})
	})
}
