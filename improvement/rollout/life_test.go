package rollout

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
	"forlop/pathway"
)

var (
	ada  = care.Actor{Kind: care.Professional, ID: "ada", Unit: "trust"}
	ivar = care.Actor{Kind: care.Professional, ID: "ivar", Unit: "trust"}
	post = care.Post{Unit: "trust", Role: care.PathwayApprover}
)

func version(v string, steps ...pathway.StepID) *pathway.Definition {
	d := &pathway.Definition{Ref: pathway.Ref{ID: "no.made", Version: v, Hash: "made-" + v}, Regime: care.Norway}
	for _, s := range steps {
		d.Steps = append(d.Steps, pathway.Step{ID: s, Kind: pathway.Task, Who: "team"})
	}
	return d
}

// world is what a campaign is decided in.
type world struct {
	s     State
	now   time.Time
	known Known
	log   []care.Recorded
}

func newWorld() *world {
	shelf := map[string]*pathway.Definition{"2026.01": version("2026.01", "talk", "plan"), "2026.02": version("2026.02", "talk", "scheme")}
	shelf["2026.02"].KeepOld = &pathway.KeepOld{Within: care.Span{N: 4, Unit: care.Weeks}}
	return &world{
		s: State{ID: "c1"}, now: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC),
		known: Known{
			Definition: func(r pathway.Ref) (*pathway.Definition, error) {
				if d := shelf[r.Version]; d != nil && d.ID == r.ID {
					return d, nil
				}
				return nil, care.Missing("no-such-pathway", "There is no published pathway {pathway}.", "pathway", r.String())
			},
			Over:  func(u care.UnitID) bool { return u == "trust" || u == "clinic" },
			Ready: func(pathway.Ref, care.UnitID) error { return nil },
		},
	}
}

func (w *world) do(who care.Actor, c Command) error {
	w.now = w.now.Add(time.Minute)
	made, err := Decide(w.s, c, care.Act{At: w.now, Actor: who, Post: post}, w.known)
	if err != nil {
		return err
	}
	after := w.s.Clone()
	for _, m := range made {
		r := care.Recorded{Version: after.Version + 1, Event: m.Event, Happened: w.now, Learned: w.now, Actor: who}
		if err := Evolve(&after, r); err != nil {
			return err
		}
		w.log = append(w.log, r)
	}
	w.s = after
	return nil
}

func (w *world) must(t testing.TB, who care.Actor, c Command) {
	t.Helper()
	if err := w.do(who, c); err != nil {
		t.Fatalf("%s: %v", c.Name(), err)
	}
}

func (w *world) refused(t testing.TB, code string, who care.Actor, c Command) {
	t.Helper()
	err := w.do(who, c)
	if r, ok := care.AsRefusal(err); !ok || r.Code != code {
		t.Errorf("%s: %v, want the refusal %s", c.Name(), err, code)
	}
}

var proposal = Propose{
	From: pathway.Ref{ID: "no.made", Version: "2026.01"}, To: pathway.Ref{ID: "no.made", Version: "2026.02"}, Slice: 3,
	Mapping: Mapping{Steps: map[pathway.StepID]pathway.StepID{"plan": "scheme"}},
}

// begun is a campaign with a list, ready to move.
func begun(t testing.TB, journeys ...string) *world {
	w := newWorld()
	w.must(t, ada, proposal)
	w.must(t, care.Service, NotePreview{})
	w.must(t, ivar, Confirm{})
	w.must(t, care.Service, ListMore{Journeys: journeys, Last: true})
	return w
}

func failed(j string) Result {
	return Result{
		Journey: j, Outcome: Failed, Reason: "fault", Person: care.PersonKey("p-" + j), Owner: care.Post{Unit: "clinic", Role: "team"},
		Lead: care.Post{Unit: "trust", Role: care.Lead}, By: time.Date(2026, 1, 12, 23, 0, 0, 0, time.UTC),
	}
}

// A campaign is begun by two persons, on a mapping that fits and a preview that
// both could see.
func TestTwoPersonsBegin(t *testing.T) {
	t.Parallel()
	w := newWorld()
	missing := proposal
	missing.Mapping = Mapping{}
	w.refused(t, "campaign-mapping", ada, missing)
	if err := w.do(ada, missing); err == nil || !strings.Contains(err.Error(), `"plan"`) {
		t.Errorf("the refusal does not name the step: %v", err)
	}
	w.refused(t, "campaign-by-person", care.Service, proposal)
	w.refused(t, "campaign-unknown", ada, Confirm{})
	for code, c := range map[string]Propose{
		"campaign-same-version": {From: proposal.From, To: proposal.From, Slice: 1},
		"campaign-slice":        {From: proposal.From, To: proposal.To, Slice: MostInSlice + 1},
		"campaign-not-yours":    {From: proposal.From, To: proposal.To, Slice: 1, Units: []care.UnitID{"elsewhere"}},
		"no-such-pathway":       {From: proposal.From, To: pathway.Ref{ID: "no.other", Version: "1"}, Slice: 1},
	} {
		w.refused(t, code, ada, c)
	}
	w.known.Other = "c0"
	w.refused(t, "campaign-other", ada, proposal)
	w.known.Other = ""
	w.must(t, ada, proposal)
	w.refused(t, "campaign-known", ada, proposal)
	if !slices.Equal(w.s.Units, []care.UnitID{"trust"}) || w.s.Keep.N != 4 {
		t.Errorf("units %v, keep %v", w.s.Units, w.s.Keep)
	}
	w.refused(t, "campaign-no-preview", ivar, Confirm{})
	w.must(t, care.Service, NotePreview{Preview{Journeys: 2, Moves: 2}})
	w.refused(t, "campaign-two-persons", ada, Confirm{})
	w.refused(t, "campaign-by-person", care.Service, Confirm{})
	w.refused(t, "campaign-not-running", ada, Stop{})
	w.refused(t, "campaign-not-running", care.Service, ListMore{Last: true})
	w.known.Ready = func(pathway.Ref, care.UnitID) error {
		return care.Refuse("pathway-move-draft", "Not adopted.")
	}
	w.refused(t, "pathway-move-draft", ivar, Confirm{})
	w.known.Ready = func(pathway.Ref, care.UnitID) error { return nil }
	w.must(t, ivar, Confirm{})
	for _, c := range []Command{Confirm{}, Withdraw{}, NotePreview{}} {
		w.refused(t, "campaign-begun", ivar, c)
	}
	w.refused(t, "campaign-not-stopped", ivar, Resume{})

	other := newWorld()
	other.must(t, ada, proposal)
	other.must(t, ada, Withdraw{})
	if _, work := Work(other.s); work {
		t.Error("a campaign that was withdrawn has work")
	}
}

// A slice takes the next journeys, each once; a repeated or disordered one is
// refused, and a stop in the middle keeps what was done.
func TestSlicesGoInOrder(t *testing.T) {
	t.Parallel()
	w := begun(t, "j1", "j2", "j3", "j4")
	w.refused(t, "campaign-slice", care.Service, RecordSlice{Slice: 1})
	w.refused(t, "campaign-unfinished", care.Service, Finish{})
	w.refused(t, "campaign-listed", care.Service, ListMore{Journeys: []string{"j2"}, Joined: true})
	one := RecordSlice{Slice: 1, Results: []Result{{Journey: "j1", Outcome: Moved}, {Journey: "j2", Outcome: Kept}}}
	w.must(t, care.Service, one)
	w.refused(t, "campaign-slice-done", care.Service, one)
	w.refused(t, "campaign-slice-done", care.Service, RecordSlice{Slice: 2, Results: []Result{{Journey: "j1", Outcome: Moved}}})
	w.must(t, ivar, Stop{})
	w.must(t, care.Service, RecordSlice{Slice: 2, Results: []Result{{Journey: "j3", Outcome: Ended}}})
	w.must(t, ada, Resume{})
	w.must(t, care.Service, RecordSlice{Slice: 3, Results: []Result{failed("j4")}})
	w.must(t, care.Service, ListMore{Journeys: []string{"j5"}, Joined: true, Last: true})
	w.must(t, care.Service, RecordSlice{Slice: 4, Results: []Result{{Journey: "j5", Outcome: Moved}}})
	w.must(t, care.Service, Finish{})
	w.refused(t, "campaign-not-running", care.Service, Finish{})
	want := map[Outcome]int{Waiting: 0, Moved: 2, Kept: 1, Ended: 1, Failed: 1}
	if !maps.Equal(w.s.Counts, want) || w.s.Start != 4 || len(w.s.List) != 5 {
		t.Errorf("the sum is %v of %d and %d", w.s.Counts, w.s.Start, len(w.s.List)-w.s.Start)
	}
}

// What failed stands on a list with an owner, climbs to the lead, and leaves the
// list when it is tried again or let be.
func TestFailuresHaveOwners(t *testing.T) {
	t.Parallel()
	w := begun(t, "j1", "j2", "j3", "j4")
	w.must(t, care.Service, RecordSlice{Slice: 1, Results: []Result{failed("j1"), failed("j2"), failed("j3")}})
	if w.s.Status != IsStopped || w.s.StoppedBecause != AllFailed {
		t.Errorf("a slice in which everything failed leaves the campaign %s", w.s.Status)
	}
	w.refused(t, "campaign-not-running", ivar, Retry{"j1"})
	w.must(t, ivar, Resume{})
	items := w.s.Items()
	if len(items) != 3 || items[0].Key != "move/j1" || items[0].Post.Unit != "clinic" || items[0].Due.IsZero() {
		t.Fatalf("the items are %+v", items)
	}
	due, ok := Due(w.s)
	if !ok || !due.Equal(failed("j1").By) {
		t.Fatalf("due %v %v", due, ok)
	}
	w.now = due
	w.must(t, care.Service, Wake{})
	if items = w.s.Items(); len(items) != 6 || items[1].Kind != care.EscalationItem || items[1].Post.Role != care.Lead {
		t.Errorf("after its date the items are %+v", items)
	}
	if _, ok := Due(w.s); ok {
		t.Error("it climbs twice")
	}
	w.must(t, ivar, Retry{"j1"})
	w.must(t, care.Service, NoteOutcome{Result{Journey: "j1", Outcome: Moved}})
	w.must(t, ivar, LetBe{"j2"})
	w.refused(t, "campaign-not-failed", ivar, LetBe{"j2"})
	w.refused(t, "campaign-not-failed", ivar, Retry{"j4"})
	w.must(t, care.Service, NoteOutcome{Result{Journey: "j1", Outcome: Kept}})
	w.refused(t, "campaign-outcome", care.Service, NoteOutcome{Result{Journey: "j1", Outcome: Moved}})
	if len(w.s.Items()) != 2 || w.s.OutcomeOf("j1") != Kept || w.s.OutcomeOf("j2") != Left {
		t.Errorf("left on the list: %+v", w.s.Items())
	}
}

// TestSumBalances: whatever slices come, in whatever order and however often,
// every journey of the list is in exactly one place, and no journey gets there
// twice.
func TestSumBalances(t *testing.T) {
	t.Parallel()
	moved, refusedSlices := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var all []string
		for i := range rapid.IntRange(1, 9).Draw(t, "journeys") {
			all = append(all, fmt.Sprintf("j%d", i))
		}
		w := newWorld()
		for _, err := range []error{
			w.do(ada, proposal), w.do(care.Service, NotePreview{}), w.do(ivar, Confirm{}),
			w.do(care.Service, ListMore{Journeys: all, Last: true}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		arrived := map[string]int{}
		for range rapid.IntRange(1, 12).Draw(t, "acts") {
			var c Command
			switch rapid.IntRange(0, 6).Draw(t, "act") {
			case 0:
				c = Stop{}
			case 1:
				c = Resume{}
			case 2:
				c = NoteOutcome{Result{Journey: rapid.SampledFrom(all).Draw(t, "kept"), Outcome: Kept}}
			case 3:
				c = Retry{rapid.SampledFrom(all).Draw(t, "again")}
			default:
				s := RecordSlice{Slice: w.s.Slices + rapid.IntRange(0, 1).Draw(t, "number")}
				from := max(0, w.s.Next-rapid.IntRange(0, 1).Draw(t, "from"))
				for i := range rapid.IntRange(1, 4).Draw(t, "size") {
					j := all[min(from+i, len(all)-1)]
					r := Result{Journey: j, Outcome: rapid.SampledFrom([]Outcome{Moved, Moved, Kept, Ended, Left, Failed}).Draw(t, "outcome")}
					if r.Outcome == Failed {
						r = failed(j)
					}
					s.Results = append(s.Results, r)
				}
				c = s
			}
			before := w.s.Clone()
			err := w.do(care.Service, c)
			if r, refused := care.AsRefusal(err); err != nil && !refused {
				t.Fatalf("%s: %v", c.Name(), err)
			} else if _, is := c.(RecordSlice); is && r != nil {
				refusedSlices++
			}
			if s, is := c.(RecordSlice); is && err == nil {
				for _, r := range s.Results {
					arrived[r.Journey]++
					moved++
					if arrived[r.Journey] > 1 || before.OutcomeOf(r.Journey) != Waiting {
						t.Fatalf("%s was moved twice", r.Journey)
					}
				}
			}
			total := 0
			for _, n := range w.s.Counts {
				total += n
			}
			if err := Check(w.s); err != nil || total != len(all) {
				t.Fatalf("%d of %d: %v", total, len(all), err)
			}
		}
		again := State{ID: "c1"}
		for _, r := range w.log {
			if err := Evolve(&again, r); err != nil {
				t.Fatal(err)
			}
		}
		if !maps.Equal(again.Counts, w.s.Counts) || again.Next != w.s.Next || len(again.Failures) != len(w.s.Failures) {
			t.Fatalf("folded anew it is %+v", again)
		}
	})
	if moved == 0 || refusedSlices == 0 {
		t.Errorf("the lives were too tame: %d moved, %d slices refused", moved, refusedSlices)
	}
}
