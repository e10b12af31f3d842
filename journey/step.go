package journey

import (
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// stepDef is the definition of a step; nil where the pathway moved to has none.
func (d *draft) stepDef(id pathway.StepID) *pathway.Step {
	for i := range d.def.Steps {
		if d.def.Steps[i].ID == id {
			return &d.def.Steps[i]
		}
	}
	return &pathway.Step{ID: id}
}

// liveStep finds a step that is still to be done. With a kind given, the step
// must be of that kind.
func (d *draft) liveStep(n int, kind pathway.StepKind) (Step, error) {
	st, err := at(d.s.Steps, n, "step")
	if err != nil {
		return Step{}, care.Missing("no-such-step", "There is no such step in this journey.")
	}
	if !st.Live() {
		return Step{}, care.Stale("step-not-open", "This step is {state} already.", "state", string(st.State))
	}
	if kind != "" && st.Kind != kind {
		return Step{}, care.Refuse("step-of-other-kind", "This step is a {kind}.", "kind", string(st.Kind))
	}
	return *st, nil
}

// seen refuses a command that acts on an item which changed after the actor saw
// it. What they typed is kept by the face they typed it in.
func (d *draft) seen(version int) error {
	if d.act.Seen != 0 && int(d.act.Seen) < version {
		return care.Stale("item-changed", "This changed after you opened it. Look at it again before you go on; what you wrote is kept.")
	}
	return nil
}

func (d *draft) openItem(n int) (Step, error) {
	st, err := d.liveStep(n, "")
	if err != nil {
		return st, err
	}
	return st, d.seen(st.Version)
}

// planStep sets or moves the planned time. The latest date never moves with it.
func (d *draft) planStep(c PlanStep) error {
	st, err := d.openItem(c.Step)
	if err != nil {
		return err
	}
	if c.At.Before(d.act.When()) {
		return care.Refuse("planned-in-past", "Plan a time that has not passed. What has happened is recorded as done.").On("at")
	}
	if c.At.After(d.act.At.AddDate(5, 0, 0)) {
		return care.Refuse("planned-too-far", "That is more than five years ahead. Check the year.").On("at")
	}
	if err := interpreterAnswer(c.Interpreter); err != nil {
		return err
	}
	reason := c.Reason
	if reason == "" {
		reason = Planned
	}
	over, err := d.bearable(st, c)
	if err != nil {
		return err
	}
	cause, err := d.delay(st, c, reason)
	if err != nil {
		return err
	}
	called := d.planWith(st, StepPlanned{At: c.At, Way: c.Way, Reason: reason, Copied: c.Copied, Over: over, Cause: cause, Interpreter: c.Interpreter}, sealed("words", c.Words, "despite", c.Despite))
	d.settleAbout(func(x Decision) bool { return x.Step == st.Step && x.About == "missed" })
	switch {
	case called:
		d.oweAppointment(st, "meeting-called")
	case st.Kind == pathway.Visit:
		d.oweAppointment(st, "planned")
	case cause != "":
		d.oweCancelled(d.act.At)
	default:
		d.owe(patient, "planned")
	}
	return nil
}

// delay is the cause of a plan that comes later than was said before: a visit or a
// meeting on a later day than the one planned, or any step past its latest date. What the patient asked for,
// and what illness moved, is no delay by the service.
func (d *draft) delay(st Step, c PlanStep, reason PlanReason) (DelayCause, error) {
	if c.Cause != "" && !slices.Contains(DelayCauses, c.Cause) {
		return "", care.Refuse("delay-cause", "Choose why it comes later: the patient is told it in their own language.").On("cause")
	}
	on := d.k.Calendar.Date
	meets := st.Kind == pathway.Visit || st.Kind == pathway.Meeting
	later := meets && !st.Planned.IsZero() && on(c.At).After(on(st.Planned))
	late := !st.Latest.IsZero() && c.At.After(st.Latest)
	if !later && !late || reason == ByWish || reason == MovedIll || reason == FromImport || d.act.Actor.Kind == care.Patient || d.act.Actor.Kind == care.Relative {
		return "", nil
	}
	if c.Cause == "" {
		return CauseNotGiven, nil
	}
	return c.Cause, nil
}

// plan plans a step. A meeting that was called for it is called anew for the
// same people, so that nobody is left with the old time; it reports whether one
// was.
func (d *draft) plan(st Step, at time.Time, way pathway.Way, reason PlanReason, words string) bool {
	return d.planWith(st, StepPlanned{At: at, Way: way, Reason: reason}, sealed("words", words))
}

func (d *draft) planWith(st Step, e StepPlanned, text care.Sealed) bool {
	at, way := e.At, e.Way
	if way == "" {
		way = st.Way
	}
	e.Step, e.At, e.Way, e.Before, e.Due = st.Step, care.Instant(at), way, st.Planned, d.k.Calendar.Deadline(at, forRecord).UTC()
	e.Interpreter, e.InterpreterBy = d.interpreting(st, e)
	d.addWith(e, text)
	called := false
	for _, m := range slices.Clone(d.s.Meetings) {
		if m.Step == st.Step && m.State == MeetingPlanned && !m.At.Equal(care.Instant(at)) {
			again := m.MeetingCalled
			again.Meeting, again.At, again.Way = len(d.s.Meetings)+1, care.Instant(at), way
			d.add(MeetingCancelled{Meeting: m.Meeting})
			d.add(again)
			called = true
		}
	}
	return called
}

// missStep records that a planned step did not take place. The step stays open
// and someone plans it anew, whatever the reason (L5).
func (d *draft) missStep(c MissStep) error {
	st, err := d.openItem(c.Step)
	if err != nil {
		return err
	}
	switch c.Reason {
	case MissedTooIll, MissedNoShow, MissedService:
	default:
		return care.Refuse("miss-reason", "Say why: too ill, not there, or moved by the service.").On("reason")
	}
	if st.Planned.IsZero() {
		return care.Refuse("nothing-planned", "Nothing was planned for this step.")
	}
	if c.Reason == MissedNoShow && d.act.At.Before(st.Planned) {
		return care.Refuse("miss-too-early", "The planned time has not come yet. If the patient has said they cannot come, choose too ill or plan a new time.").On("reason")
	}
	d.addWith(StepMissed{Step: st.Step, Reason: c.Reason, Replan: d.deadline(forReplan)}, sealed("words", c.Words))
	d.cancelMeetingsOf(st.Step)
	d.untellAppointment(st.Step)
	if c.Reason == MissedService {
		d.oweCancelled(st.Planned)
	}
	return nil
}

// completeStep completes a plain step.
func (d *draft) completeStep(c CompleteStep) error {
	st, err := d.openItem(c.Step)
	if err != nil {
		return err
	}
	if (d.act.Actor.Kind == care.Patient || d.act.Actor.Kind == care.Relative) && !st.Patient {
		return care.Deny("step-not-yours", "This step is not yours to do. You can write a message about it.")
	}
	switch st.Kind {
	case pathway.Answer:
		return care.Refuse("answer-the-referral", "A referral is completed by answering it: accept, advise, redirect or ask.")
	case pathway.Meeting:
		return care.Refuse("hold-the-meeting", "A meeting is completed by its record: who was there, the patient first, what was agreed.")
	case pathway.HandOver:
		return care.Refuse("offer-responsibility", "A hand-over is completed when the receiver accepts. Offer it to them.")
	case pathway.Choosing:
		return care.Refuse("choose-first", "A choice is completed by what the patient chose, none of these included.")
	case pathway.Task, pathway.Visit, pathway.Form:
	}
	outcome := c.Outcome
	if outcome == "" {
		outcome = plainOutcome
	}
	if !d.outcome(d.stepDef(st.ID), outcome) {
		return care.Refuse("no-such-outcome", "The step {step} cannot end with {outcome}.", "step", string(st.ID), "outcome", outcome).On("outcome")
	}
	d.closeStepWith(st, outcome, sealed("words", c.Words))
	d.reach(st.Sets, st.Step)
	return nil
}

// plainOutcome is how every step ends that is neither an answer nor a choice.
const plainOutcome = "done"

func (d *draft) closeStep(st Step, outcome string) { d.closeStepWith(st, outcome, nil) }

func (d *draft) closeStepWith(st Step, outcome string, text care.Sealed) {
	d.addWith(StepDone{Step: st.Step, Outcome: outcome}, text)
	d.untellAppointment(st.Step)
	d.settleAbout(func(x Decision) bool { return x.Step == st.Step })
	d.endWaits(func(w Wait) bool { return w.Step == st.Step })
}

// reach dates a milestone when the act happened.
func (d *draft) reach(id pathway.MilestoneID, step int) {
	if id != "" && !d.s.Reached(id) {
		d.add(MilestoneReached{ID: id, At: d.act.When(), Step: step})
	}
}

// dropStep says that a step is not needed. Only a person can, with a reason.
func (d *draft) dropStep(c DropStep) error {
	st, err := d.openItem(c.Step)
	if err != nil {
		return err
	}
	if c.Reason == "" {
		return care.Refuse("reason-missing", "Say why the step is not needed. The patient reads it.").On("reason")
	}
	if st.Kind == pathway.Answer {
		return care.Refuse("answer-the-referral", "A referral is completed by answering it: accept, advise, redirect or ask.")
	}
	d.addWith(StepDropped{Step: st.Step, Reason: "decided"}, sealed("reason", c.Reason))
	d.cancelMeetingsOf(st.Step)
	d.untellAppointment(st.Step)
	if st.Kind == pathway.Visit || st.Kind == pathway.Meeting {
		d.oweCancelled(st.Planned)
	}
	d.settleAbout(func(x Decision) bool { return x.Step == st.Step })
	d.endWaits(func(w Wait) bool { return w.Step == st.Step })
	return nil
}

// wishToWait moves a step because the patient asks for it. The latest date
// stays, unless the clock's source lists the wish as a reason to pause.
func (d *draft) wishToWait(c WishToWait) error {
	st, err := d.openItem(c.Step)
	if err != nil {
		return err
	}
	if c.Until.IsZero() {
		return care.Refuse("wait-until", "Until when does the patient want to wait?").On("until")
	}
	if err := d.future(c.Until, "until"); err != nil {
		return err
	}
	if d.k.Calendar.Date(d.act.At).DaysUntil(c.Until) > 5*366 {
		return care.Refuse("planned-too-far", "That is more than five years ahead. Check the year.").On("until")
	}
	d.addWith(WordsGiven{Words: len(d.s.Words) + 1, From: d.speaker(), Kind: "wait"}, sealed("said", c.Words))
	noon := d.k.Calendar.StartOf(c.Until).Add(12 * time.Hour)
	if !noon.After(d.act.At) {
		noon = d.endOf(c.Until).Add(-time.Microsecond)
	}
	d.toRead()
	d.plan(st, noon, "", ByWish, "")
	if clock := d.s.ClockOf(st.Clock); st.Clock != "" && clock != nil && clock.Live() {
		for _, reason := range clock.Pauses {
			if reason == "patient-wish" {
				return d.pauseClock(PauseClock{Clock: clock.ID, Reason: reason, From: d.k.Calendar.Date(d.act.At), Until: c.Until})
			}
		}
	}
	return nil
}

// tooIll says that the patient is too ill now. Everything planned until the day
// given must be moved by the service; nothing is lost by it (L5).
func (d *draft) tooIll(c TooIll) error {
	until := c.Until
	if until.IsZero() {
		until = d.k.Calendar.Date(d.act.At).AddDays(2)
	}
	if err := d.future(until, "until"); err != nil {
		return err
	}
	if d.k.Calendar.Date(d.act.At).DaysUntil(until) > 366 {
		return care.Refuse("pause-too-long", "A pause is at most a year at a time. It can be made again.").On("until")
	}
	d.addWith(WordsGiven{
		Words: len(d.s.Words) + 1, From: d.speaker(), Kind: "too-ill",
	}, sealed("said", c.Words))
	if c.Words != "" {
		d.toRead()
	}
	start, end := d.k.Calendar.StartOf(d.k.Calendar.Date(d.act.When())), d.endOf(until)
	for _, st := range d.s.Steps {
		if st.Live() && !st.Planned.Before(start) && st.Planned.Before(end) {
			d.add(StepMissed{Step: st.Step, Reason: MissedTooIll, Replan: d.sameDay()})
			d.cancelMeetingsOf(st.Step)
			d.untellAppointment(st.Step)
		}
	}
	return nil
}

// sameDay is the end of today, or of the next day on which somebody works. That
// what somebody is too ill for is moved the same day is proposed.
func (d *draft) sameDay() time.Time {
	if today := d.k.Calendar.Date(d.act.At); d.k.Calendar.IsWorkingDay(today) {
		return d.endOf(today)
	}
	return d.deadline(forReplan)
}

// speaker is whose words an act gives: the party it is recorded for, or the
// actor.
func (d *draft) speaker() care.Party {
	switch {
	case d.act.For != nil:
		return d.act.For.Of
	case d.act.Actor.Kind == care.Patient:
		return patient
	case d.act.Actor.Kind == care.Relative:
		return care.Party{Kind: care.PartyRelative}
	default:
		return care.Party{Kind: care.PartyUnit, Post: d.act.Post}
	}
}

var patient = care.Party{Kind: care.PartyPatient}
