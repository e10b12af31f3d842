package journey

import (
	"fmt"
	"slices"
)

// Transition is one line of a life cycle: what, from where, by which event, to
// where. An event without its line cannot happen; docs/lifecycles.md is drawn
// from these.
type Transition struct{ Of, From, Event, To string }

// withoutTime marks the variant of a planned step that takes its time away.
const withoutTime = " without a time"

// withItsTime marks the variant of a reopened step that keeps its planned time.
const withItsTime = " with its time"

// stillLate marks the variant of a clock event after which a latest date that was
// seen to pass is still behind: what was acted on is not acted on twice.
const stillLate = " still late"

// asUndone marks the variant of an ended thing that an undo took away.
const asUndone = " as undone"

var lifecycle = slices.Concat(
	lines("journey", []string{
		"", Opened{}.Type(), string(Running),
		string(Running), Ended{}.Type(), string(Closed),
		string(Closed), Reopened{}.Type(), string(Running),
	}),
	lines("step", []string{
		"", StepOpened{}.Type(), string(StepOpen),
		string(StepOpen), StepPlanned{}.Type(), string(StepFixed),
		string(StepFixed), StepPlanned{}.Type(), string(StepFixed),
		string(StepFixed), StepPlanned{}.Type() + withoutTime, string(StepOpen),
		string(StepFixed), StepMissed{}.Type(), string(StepOpen),
		string(StepOpen), StepDone{}.Type(), string(StepIsDone),
		string(StepFixed), StepDone{}.Type(), string(StepIsDone),
		string(StepOpen), StepDropped{}.Type(), string(StepNoMore),
		string(StepFixed), StepDropped{}.Type(), string(StepNoMore),
		string(StepOpen), StepDropped{}.Type() + asUndone, string(StepUndoing),
		string(StepIsDone), StepReopened{}.Type(), string(StepOpen),
		string(StepNoMore), StepReopened{}.Type(), string(StepOpen),
		string(StepIsDone), StepReopened{}.Type() + withItsTime, string(StepFixed),
		string(StepNoMore), StepReopened{}.Type() + withItsTime, string(StepFixed),
	}),
	lines("offer", []string{
		"", Offered{}.Type(), string(OfferOpen),
		string(OfferOpen), OfferAccepted{}.Type(), string(OfferTaken),
		string(OfferOpen), OfferDeclined{}.Type(), string(OfferRefused),
		string(OfferOpen), OfferLapsed{}.Type(), string(OfferRunOut),
		string(OfferOpen), OfferWithdrawn{}.Type(), string(OfferTookBack),
	}),
	lines("clock", []string{
		"", ClockStarted{}.Type(), string(ClockRunning),
		string(ClockRunning), ClockPassed{}.Type(), string(ClockLate),
		string(ClockRunning), ClockStopped{}.Type(), string(ClockMet),
		string(ClockLate), ClockStopped{}.Type(), string(ClockMet),
		string(ClockRunning), ClockPaused{}.Type(), string(ClockRunning),
		string(ClockLate), ClockPaused{}.Type(), string(ClockRunning),
		string(ClockLate), ClockPaused{}.Type() + stillLate, string(ClockLate),
		string(ClockRunning), ClockCorrected{}.Type(), string(ClockRunning),
		string(ClockLate), ClockCorrected{}.Type(), string(ClockRunning),
		string(ClockLate), ClockCorrected{}.Type() + stillLate, string(ClockLate),
		string(ClockMet), ClockCorrected{}.Type(), string(ClockMet),
		string(ClockMet), ClockReopened{}.Type(), string(ClockRunning),
		string(ClockIsLeft), ClockReopened{}.Type(), string(ClockRunning),
		string(ClockMet), ClockReopened{}.Type() + stillLate, string(ClockLate),
		string(ClockIsLeft), ClockReopened{}.Type() + stillLate, string(ClockLate),
		string(ClockRunning), ClockLeft{}.Type(), string(ClockIsLeft),
		string(ClockLate), ClockLeft{}.Type(), string(ClockIsLeft),
	}),
	lines("wait", []string{
		"", WaitOpened{}.Type(), waiting,
		waiting, WaitReviewed{}.Type(), waiting,
		waiting, WaitEnded{}.Type(), over,
		over, WaitReopened{}.Type(), waiting,
	}),
	lines("meeting", []string{
		"", MeetingCalled{}.Type(), string(MeetingPlanned),
		string(MeetingPlanned), MeetingCancelled{}.Type(), string(MeetingOff),
		string(MeetingPlanned), MeetingHeld{}.Type(), string(MeetingDone),
		string(MeetingDone), MeetingAnswered{}.Type(), string(MeetingSettled),
	}),
	lines("e-consult", []string{
		"", ConsultAsked{}.Type(), string(ConsultOpen),
		string(ConsultOpen), ConsultAdvised{}.Type(), string(ConsultAnswered),
		string(ConsultOpen), ConsultClosed{}.Type(), string(ConsultOver),
		string(ConsultAnswered), ConsultUsed{}.Type(), string(ConsultInUse),
		string(ConsultInUse), ConsultClosed{}.Type(), string(ConsultOver),
	}),
	lines("joint assessment", []string{
		"", JointCalled{}.Type(), string(JointOpen),
		string(JointOpen), JointSummarised{}.Type(), string(JointSummed),
		string(JointSummed), JointAnswered{}.Type() + " " + string(SummaryApproved), string(JointApproved),
		string(JointSummed), JointAnswered{}.Type() + " " + string(SummaryChanges), string(JointOpen),
		string(JointSummed), JointAnswered{}.Type() + " " + string(SummaryNotApproved), string(JointNotApproved),
		string(JointOpen), JointCalledOff{}.Type(), string(JointOff),
		string(JointSummed), JointCalledOff{}.Type(), string(JointOff),
	}),
	lines("contribution", []string{
		"", ContributionAsked{}.Type(), string(ContributionOpen),
		string(ContributionOpen), ContributionGiven{}.Type(), string(ContributionIn),
		string(ContributionOpen), ContributionPassed{}.Type(), string(ContributionOff),
		string(ContributionOpen), JointCalledOff{}.Type(), string(ContributionOff),
	}),
	lines("intervention", []string{
		"", InterventionAgreed{}.Type(), string(InterventionRunning),
		string(InterventionRunning), InterventionReported{}.Type(), string(InterventionRunning),
		string(InterventionRunning), InterventionOwned{}.Type(), string(InterventionRunning),
		string(InterventionRunning), InterventionEnded{}.Type(), string(InterventionOver),
		string(InterventionOver), InterventionReopened{}.Type(), string(InterventionRunning),
	}),
)

// A wait is either.
const (
	waiting = "waiting"
	over    = "over"
)

// lines makes transitions of from, event, to triples.
func lines(of string, triples []string) []Transition {
	out := make([]Transition, 0, len(triples)/3)
	for i := 0; i+2 < len(triples); i += 3 {
		out = append(out, Transition{of, triples[i], triples[i+1], triples[i+2]})
	}
	return out
}

// Lifecycle lists every transition there is.
func Lifecycle() []Transition { return slices.Clone(lifecycle) }

// advanceTo is where an event leads from a state; an error where it has no line.
func advanceTo[S ~string](of string, from S, event string) (S, error) {
	if to, ok := ways[Transition{Of: of, From: string(from), Event: event}]; ok {
		return S(to), nil
	}
	return from, fmt.Errorf("journey: a %s that is %q cannot have %s", of, from, event)
}

// ways is the table by its first three columns.
var ways = func() map[Transition]string {
	m := make(map[Transition]string, len(lifecycle))
	for _, t := range lifecycle {
		m[Transition{Of: t.Of, From: t.From, Event: t.Event}] = t.To
	}
	return m
}()
