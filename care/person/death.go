package person

import (
	"fmt"

	"forlop/care"
)

func (s *State) applyDeath(r care.Recorded) error {
	from := "alive"
	switch {
	case s.Death.Settled:
		from = "settled"
	case s.Death.Recorded:
		from = "dead"
	}
	if _, ok := nextStatus("person", from, r.Event.Type()); !ok {
		return fmt.Errorf("it cannot happen to a person who is %s", from)
	}
	switch e := r.Event.(type) {
	case Died:
		s.Death = Death{Recorded: true, On: e.On, Since: r.Learned, Due: e.DecideBy, Version: r.Version}
		for i := range s.Pauses {
			p := &s.Pauses[i]
			p.Ends, p.Closed = care.Later(p.Begins, care.Earlier(p.Ends, r.Learned)), true
		}
	case DeathRetracted:
		s.Death = Death{Version: r.Version}
	case Settled:
		s.Death.Settled, s.Death.Version = true, r.Version
	}
	return nil
}

func (d decision) recordDeath(c RecordDeath) ([]care.Made, error) {
	switch {
	case d.s.Death.Recorded:
		return nil, care.Unchanged()
	case c.On.IsZero():
		return nil, care.Refuse("date-needed", "Give the date.").On("on")
	case c.On.After(d.today()):
		return nil, dateFuture("on")
	}
	return one(Died{c.On, d.deadline(toDecide)}), nil
}

func (d decision) retractDeath(c RetractDeath) ([]care.Made, error) {
	if !d.s.Death.Recorded {
		return nil, care.Unchanged()
	}
	if err := care.CheckText(c.Reason, "reason", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: DeathRetracted{}, Sealed: sealed("reason", c.Reason)}}, nil
}

// settle is a person's decision; time alone never makes it.
func (d decision) settle() ([]care.Made, error) {
	switch {
	case !d.s.Death.Recorded || d.s.Death.Settled:
		return nil, care.Unchanged()
	case d.act.Actor.Kind != care.Professional:
		return nil, care.Refuse("person-decides", "A named professional decides that.")
	}
	if err := d.unseen(d.s.Death.Version); err != nil {
		return nil, err
	}
	return one(Settled{}), nil
}

// plansForTheLiving reports whether a command makes no sense after a death. What
// was said, found or carried can still be put right.
func plansForTheLiving(c Command) bool {
	switch c.(type) {
	case AppointContact, OfferContact, AcceptContact, RefuseContact, WantContact,
		SetEnergy, SetAdaptations, SetLanguages, SetChannel, Pause, PlanExamination, SetCarrier:
		return true
	}
	return false
}
