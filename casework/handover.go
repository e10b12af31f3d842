package casework

import (
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// carriers records with the person, in the same append, who carries prescriptions
// and sick notes from now on, where a hand-over was accepted or a journey ended.
// There the end of a sick note is a dated item of whoever writes it (decision
// 0014). An offer that nobody has accepted changes nothing.
func (w *work) carriers(p care.PersonKey, c journey.Carriers, act care.Act) error {
	act.Seen = 0
	for _, x := range []struct {
		what  person.Carried
		by    care.Party
		until care.Date
		none  bool
	}{
		{person.Prescriptions, c.Prescriptions, c.PrescriptionsUntil, c.NoPrescriptions},
		{person.SickNote, c.SickNotes, c.SickNotesUntil, c.NoSickNotes},
	} {
		st := store.StreamOf("person", string(p))
		o, err := w.open(st)
		if err != nil {
			return err
		}
		s := o.now.(*person.State)
		now, carried := s.Carriers[x.what]
		var command person.Command
		switch {
		case s.Death.Recorded:
		case x.none && carried:
			command = person.EndCarrier{What: x.what, Reason: hasNone(s.Regime)}
		case x.by == (care.Party{}) || carried && now.By == x.by && now.Until == x.until:
		default:
			set := person.SetCarrier{What: x.what, By: x.by, Until: x.until}
			if x.by.Kind == care.PartyUnit && !x.until.IsZero() {
				set.Owner = x.by.Post
			}
			command = set
		}
		if command == nil {
			continue
		}
		_, err = w.carry(st, command, act)
		if _, refused := care.AsRefusal(err); refused {
			// A unit that has closed since it was named carries nothing. What was
			// recorded before stands, and stays on its owner's list.
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// hasNone is the reason that is kept where nobody carries something any more.
func hasNone(r care.Regime) string {
	if r == care.Sweden {
		return "Sagt vid överlämningen: patienten har inga."
	}
	return "Sagt ved overføringen: pasienten har ingen."
}

// finding records a contribution to a joint assessment as a finding of the
// person's, where it says what was examined and when: what is found once is found
// in one place. A kind that cannot be read is refused with the contribution.
func (w *work) finding(j *journey.State, e journey.ContributionGiven, words string, act care.Act) error {
	if e.Kind == "" {
		return nil
	}
	act.Seen = 0
	_, err := w.carry(store.StreamOf("person", string(j.Person)), person.RecordFinding{
		Kind: e.Kind, Examined: e.Examined, By: j.Contributions[e.Contribution-1].Of, Showed: words,
	}, act)
	return err
}

// handedOver is what a journey's event needs of the person's stream: who carries
// what from now on, and what was found.
func (w *work) handedOver(o *opened, e store.Event, act care.Act) error {
	event, err := o.kind.decode(e.Type, e.Body)
	if err != nil {
		return err
	}
	j := o.now.(*journey.State)
	switch x := event.(type) {
	case journey.OfferAccepted:
		offer := j.Offers[x.Offer-1]
		if offer.Kind == journey.OfIntervention {
			return nil
		}
		return w.carriers(j.Person, offer.Carriers, act)
	case journey.Ended:
		return w.carriers(j.Person, x.Carriers, act)
	case journey.ContributionGiven:
		return w.finding(j, x, o.said[e.Version]["words"], act)
	}
	return nil
}
