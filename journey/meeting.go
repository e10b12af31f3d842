package journey

import (
	"slices"

	"forlop/care"
	"forlop/pathway"
)

// callMeeting calls a collaboration meeting. Participants who are there for
// some items only, such as NAV, are named with those items.
func (d *draft) callMeeting(c CallMeeting) error {
	st, err := d.liveStep(c.Step, pathway.Meeting)
	if err != nil {
		return err
	}
	if err := d.seen(st.Version); err != nil {
		return err
	}
	if !c.At.After(d.act.When()) {
		return care.Refuse("planned-in-past", "Plan a time that has not passed. What has happened is recorded as done.").On("at")
	}
	if c.At.After(d.act.At.AddDate(5, 0, 0)) {
		return care.Refuse("planned-too-far", "That is more than five years ahead. Check the year.").On("at")
	}
	if err := interpreterAnswer(c.Interpreter); err != nil {
		return err
	}
	over, err := d.bearable(st, PlanStep{At: c.At, Way: c.Way, Despite: c.Despite})
	if err != nil {
		return err
	}
	def := d.stepDef(st.ID)
	agenda := make([]string, 0, len(def.Agenda))
	for _, item := range def.Agenda {
		agenda = append(agenda, item.ID)
	}
	people := slices.Clone(c.Participants)
	for i, p := range people {
		for _, item := range def.Agenda {
			limited := len(item.With) > 0 || len(item.Without) > 0
			there := (len(item.With) == 0 || slices.Contains(item.With, p.Role)) && !slices.Contains(item.Without, p.Role)
			if limited && there && len(item.With) > 0 && !slices.Contains(people[i].Items, item.ID) {
				people[i].Items = append(slices.Clone(people[i].Items), item.ID)
			}
		}
	}
	before := slices.Clone(d.s.Meetings)
	d.add(MeetingCalled{Meeting: len(d.s.Meetings) + 1, Step: st.Step, At: care.Instant(c.At), Way: c.Way, Agenda: agenda, Participants: people})
	for _, m := range before {
		if m.Step == st.Step && m.State == MeetingPlanned {
			d.add(MeetingCancelled{Meeting: m.Meeting})
		}
	}
	d.planWith(st, StepPlanned{At: c.At, Way: c.Way, Reason: Planned, Over: over, Interpreter: c.Interpreter}, sealed("despite", c.Despite))
	d.settleAbout(func(x Decision) bool { return x.Step == st.Step && x.About == "missed" })
	d.oweAppointment(st, "meeting-called")
	for _, p := range people {
		if c.Tell && (p.Party.Kind == care.PartyUnit || p.Party.Kind == care.PartyOther) {
			d.owe(p.Party, "meeting-called")
		}
	}
	return nil
}

func (d *draft) cancelMeeting(c CancelMeeting) error {
	m, err := at(d.s.Meetings, c.Meeting, "meeting")
	if err != nil || m.State != MeetingPlanned {
		return care.Missing("meeting-not-called", "That meeting is not called.")
	}
	step, planned := m.Step, m.At
	d.addWith(MeetingCancelled{Meeting: c.Meeting}, sealed("words", c.Words))
	if st, _ := at(d.s.Steps, step, "step"); st != nil && st.Live() && !st.Planned.IsZero() {
		d.add(StepMissed{Step: step, Reason: MissedService, Replan: d.deadline(forReplan)})
	}
	d.untellAppointment(step)
	d.oweCancelled(planned)
	return nil
}

func (d *draft) cancelMeetingsOf(step int) {
	for _, m := range d.s.Meetings {
		if m.Step == step && m.State == MeetingPlanned {
			d.add(MeetingCancelled{Meeting: m.Meeting})
		}
	}
}

// holdMeeting records a meeting. The patient is first on every item: there, or
// by their words read first. Decisions made without them stay open for their
// answer for the days the pathway gives.
func (d *draft) holdMeeting(c HoldMeeting) error {
	m, err := at(d.s.Meetings, c.Meeting, "meeting")
	if err != nil || m.State != MeetingPlanned {
		return care.Missing("meeting-not-called", "That meeting is not called.")
	}
	meeting := *m
	st, err := d.liveStep(meeting.Step, pathway.Meeting)
	if err != nil {
		return err
	}
	if err := d.protocol(meeting, c); err != nil {
		return err
	}
	def := d.stepDef(st.ID)
	held := MeetingHeld{Meeting: c.Meeting, PatientPresent: c.PatientPresent, Items: c.Items, Owner: d.s.Responsible}
	if !c.PatientPresent {
		within := def.AnswerWithin
		if within.IsZero() {
			within = forAnswer
		}
		held.AnswerBy = d.deadline(within)
	}
	d.addWith(held, sealed("patient", c.PatientWords, "minutes", c.Minutes, "summary", c.Summary))
	for _, iv := range c.Agreed {
		if err := d.agree(iv, c.Meeting); err != nil {
			return err
		}
	}
	d.closeStep(st, plainOutcome)
	d.reach(st.Sets, st.Step)
	d.owe(patient, "meeting-held")
	return nil
}

// protocol checks the record against the meeting protocol: every agenda item,
// the patient first on each, and nobody present where they are not to be.
func (d *draft) protocol(m Meeting, c HoldMeeting) error {
	def := d.stepDef(d.s.Steps[m.Step-1].ID)
	if !c.PatientPresent && c.PatientWords == "" {
		return care.Refuse("patient-words-first",
			"The meeting was held without the patient. Their words are read first: write what they have said, or that they had nothing to say.").On("patientWords")
	}
	for _, id := range m.Agenda {
		if !slices.ContainsFunc(c.Items, func(p ItemProtocol) bool { return p.Item == id }) {
			return care.Refuse("agenda-item-missing", "The record lacks the agenda item {item}.", "item", id).On("items")
		}
	}
	for _, p := range c.Items {
		id := p.Item
		if !p.PatientFirst {
			return care.Refuse("patient-first", "The patient speaks first on every item, or their words are read first: {item}.", "item", id).On("items")
		}
		for _, a := range def.Agenda {
			if a.ID != id {
				continue
			}
			for _, r := range p.Present {
				if slices.Contains(a.Without, r) || len(a.With) > 0 && limitedRole(def, r) && !slices.Contains(a.With, r) {
					return care.Refuse("not-present-for-item", "{role} is not present for the item {item}.", "role", string(r), "item", id).On("items")
				}
			}
		}
	}
	return nil
}

// limitedRole reports whether a role is present for its own items only.
func limitedRole(def *pathway.Step, r pathway.RoleID) bool {
	for _, a := range def.Agenda {
		if slices.Contains(a.With, r) {
			return true
		}
	}
	return false
}

func (d *draft) answerDecisions(c AnswerDecisions) error {
	m, err := at(d.s.Meetings, c.Meeting, "meeting")
	if err != nil || m.State != MeetingDone || m.Held.AnswerBy.IsZero() {
		return care.Missing("decisions-not-open", "There are no decisions open for an answer.")
	}
	switch c.Answer {
	case "agrees", "no-answer-wanted":
	case "objects":
		if c.Words == "" {
			return care.Refuse("objection-empty", "Write what the patient objects to, in their own words.").On("words")
		}
	default:
		return care.Refuse("decisions-answer", "The answer is: agrees, objects, or no answer wanted.").On("answer")
	}
	d.addWith(MeetingAnswered{Meeting: c.Meeting, Answer: c.Answer}, sealed("said", c.Words))
	if c.Answer == "objects" {
		d.need("objection", d.s.Responsible, d.deadline(forDecision), 0, 0)
	}
	return nil
}
