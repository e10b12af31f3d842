package journey_test

import (
	"slices"
	"testing"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// resting is the made pathway with a choice that comes back every year until the
// meeting, and work that goes on while the last choice says so.
func resting(t *testing.T) *pathway.Definition {
	t.Helper()
	d := changed("choose-help", func(s *pathway.Step) {
		s.Repeat = &pathway.Repeat{Every: span(12, care.Months), Until: "meeting-held", Basis: ours}
	})
	goesOn, err := d.Condition(`!reached("meeting-held") && outcome("choose-help") != "pacing"`)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Steps {
		if s := &d.Steps[i]; s.ID == "draft-plan" {
			s.After = []pathway.Need{{Step: "choose-help"}}
			s.If, s.Repeat = goesOn, &pathway.Repeat{Every: span(6, care.Months), Until: "meeting-held", Basis: ours}
		}
	}
	return d
}

func (l *life) choose(again string, options ...string) {
	l.t.Helper()
	l.do(journey.LayOut{Choice: "help"})
	c := journey.Choose{Choice: len(l.s.Choices), Chosen: options, Despite: "De er enige."}
	if again != "" {
		c.LookAgain = day(again)
	}
	l.do(c)
}

// Where the step of a choice comes back, it is looked at again there: one thing
// on the list and not two. The day that was agreed counts where it is earlier.
func TestChoiceThatComesBack(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.k.Definition = oneDefinition(resting(t))
	l.assess()
	l.choose("", "pacing")
	st := l.step("choose-help")
	if !st.Live() || st.Round != 2 || !st.Latest.Equal(oslo.Deadline(l.now, span(12, care.Months)).UTC()) {
		t.Errorf("round %d is %s until %s", st.Round, st.State, st.Latest)
	}
	if _, listed := l.item("choice/1"); listed {
		t.Error("the choice is on the list beside its step")
	}
	l.choose("2026-04-01", "pacing")
	if got := oslo.LastDay(l.step("choose-help").Latest).String(); got != "2026-04-01" {
		t.Errorf("it is looked at again on %s, agreed was 2026-04-01", got)
	}
	l.choose("2030-04-01", "pacing")
	if st := l.step("choose-help"); !st.Latest.Equal(oslo.Deadline(l.now, span(12, care.Months)).UTC()) {
		t.Errorf("an agreed day put it off until %s", st.Latest)
	}
	l.meet()
	if l.step("choose-help").Live() {
		t.Error("it comes back after the milestone")
	}

	once := newLife(t)
	once.assess()
	once.do(journey.LayOut{Choice: "help"})
	once.refuse("look-again", journey.Choose{Choice: 1, Chosen: []string{"pacing"}})
	once.do(journey.Choose{Choice: 1, Chosen: []string{"pacing"}, LookAgain: day("2026-05-04")})
	if _, listed := once.item("choice/1"); !listed {
		t.Error("a choice that does not come back is on no list")
	}
}

// What rests comes back with the time of a first round, however many there were
// before: its interval counts from when it was done, and nothing was.
func TestWorkComesBackFromRest(t *testing.T) {
	t.Parallel()
	d := resting(t)
	l := newLife(t)
	l.k.Definition = oneDefinition(d)
	l.assess()
	first := span(10, care.Weeks)
	l.choose("", "training")
	for range 2 {
		if st := l.step("draft-plan"); !st.Live() || !st.Latest.Equal(oslo.Deadline(l.now, first).UTC()) {
			t.Fatalf("round %d is %s until %s", st.Round, st.State, st.Latest)
		}
		l.do(journey.CompleteStep{Step: l.n("draft-plan")})
		if st := l.step("draft-plan"); !st.Live() || !st.Latest.Equal(oslo.Deadline(l.now, span(6, care.Months)).UTC()) {
			t.Errorf("the next round is %s until %s", st.State, st.Latest)
		}
		l.choose("", "pacing")
		if st := l.step("draft-plan"); st.Live() || st.Reason != journey.ReasonOvertaken {
			t.Errorf("at rest it is %s: %s", st.State, st.Reason)
		}
		l.choose("", "training")
	}
}

// A round that somebody drops is not the last: the next one comes in its time.
func TestDroppedRoundComesBack(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.k.Definition = oneDefinition(resting(t))
	l.assess()
	l.choose("", "training")
	l.do(journey.CompleteStep{Step: l.n("draft-plan")})
	l.do(journey.DropStep{Step: l.n("draft-plan"), Reason: "Ikke denne gangen."})
	if st := l.step("draft-plan"); !st.Live() || st.Round != 3 || !st.Latest.Equal(oslo.Deadline(l.now, span(6, care.Months)).UTC()) {
		t.Errorf("round %d is %s until %s", st.Round, st.State, st.Latest)
	}
	l.choose("", "pacing")
	l.choose("", "training")
	if st := l.step("draft-plan"); !st.Live() {
		t.Errorf("after rest round %d is %s", st.Round, st.State)
	}
}

// One post of a unit can hand over to another, and the journey can end there. To
// have answered the referral is not to carry on.
func TestHandOverWithinAUnit(t *testing.T) {
	t.Parallel()
	d := changed("hand-over", func(s *pathway.Step) { s.To = "team" })
	d.Ends = slices.Clone(d.Ends)
	d.Ends[0].CarriesOn = "team"
	l := newLife(t)
	l.k.Definition = oneDefinition(d)
	l.assess()
	l.meet()
	end := journey.EndJourney{
		End: "handed-over", Carriers: journey.Carriers{Prescriptions: party("clinic", "team"), SickNotes: party("clinic", "team")},
		NextCheck: day("2026-09-01"), ComeBack: "Ring.", SafetyNet: "Ring 116 117.", Reason: "Ferdig.",
	}
	l.refuse("end-too-early", end)
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, Step: l.n("hand-over")})
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(team))
	if l.s.Responsible != team {
		t.Fatalf("%v is responsible", l.s.Responsible)
	}
	l.do(end)
	if l.s.End.CarriesOn.Post != team {
		t.Errorf("%v carries on", l.s.End.CarriesOn)
	}
}
