package person

import (
	"cmp"
	"time"

	"forlop/care"
)

func (d decision) changeGP(c ChangeGP) ([]care.Made, error) {
	if c.GP != (care.Party{}) {
		if err := d.checkParty(c.GP, "gp"); err != nil {
			return nil, err
		}
	}
	since := d.since(c.Since)
	if recordedLast(d.s.GPs, c.GP, since) {
		return nil, care.Unchanged()
	}
	return one(GPChanged{c.GP, since}), nil
}

func (d decision) changeMunicipality(c ChangeMunicipality) ([]care.Made, error) {
	if err := d.checkParty(c.Municipality, "municipality"); err != nil {
		return nil, err
	}
	since := d.since(c.Since)
	if recordedLast(d.s.Municipalities, c.Municipality, since) {
		return nil, care.Unchanged()
	}
	return one(MunicipalityChanged{c.Municipality, since}), nil
}

func recordedLast(history []Belonging, party care.Party, since care.Date) bool {
	n := len(history)
	return n > 0 && history[n-1].Party == party && history[n-1].Since == since
}

// since is the given date, or the day it happened.
func (d decision) since(given care.Date) care.Date {
	if given.IsZero() {
		return d.cal.Date(d.act.When())
	}
	return given
}

// setCarrier makes the end of what is carried a dated item with an owner, early
// enough to act on.
func (d decision) setCarrier(c SetCarrier) ([]care.Made, error) {
	if err := checkCarried(c.What); err != nil {
		return nil, err
	}
	if err := d.checkParty(c.By, "by"); err != nil {
		return nil, err
	}
	if err := d.unseen(d.s.Carriers[c.What].Version); err != nil {
		return nil, err
	}
	e := CarrierSet{What: c.What, By: c.By, Until: c.Until}
	if c.Until.IsZero() {
		if c.What == SickNote {
			return nil, care.Refuse("until-needed", "A sick note has an end: say which day is the last.").On("until")
		}
		return one(e), nil
	}
	// The first contact is not checked: where its unit has closed since, its
	// successor answers for the post.
	e.Owner = d.s.Contact.Post
	if !c.Owner.IsZero() {
		if err := d.checkPost(c.Owner, "owner"); err != nil {
			return nil, err
		}
		e.Owner = c.Owner
	}
	if c.Ahead < 0 || c.Ahead > mostAhead {
		return nil, care.Refuse("limit-range", "That number cannot be meant.").On("ahead")
	}
	e.Due, e.Latest = d.actBefore(c.Until, cmp.Or(c.Ahead, beforeEnd)), d.endOf(c.Until)
	return one(e), nil
}

// actBefore is the end of the working day some days before a date, and never
// before the end of today.
func (d decision) actBefore(until care.Date, ahead int) time.Time {
	day := until
	for n := ahead; n > 0 && day.After(d.today()); {
		day = day.AddDays(-1)
		if d.cal.IsWorkingDay(day) {
			n--
		}
	}
	return care.Later(d.endOf(day), d.endOf(d.today()))
}

func (d decision) endCarrier(c EndCarrier) ([]care.Made, error) {
	if err := checkCarried(c.What); err != nil {
		return nil, err
	}
	k, ok := d.s.Carriers[c.What]
	if !ok {
		return nil, care.Unchanged()
	}
	if err := care.CheckText(c.Reason, "reason", longestWords, true); err != nil {
		return nil, err
	}
	if err := d.unseen(k.Version); err != nil {
		return nil, err
	}
	return []care.Made{{Event: CarrierEnded{c.What}, Sealed: sealed("reason", c.Reason)}}, nil
}

func checkCarried(what Carried) error {
	if what != Prescriptions && what != SickNote {
		return care.Refuse("carried-unknown", "What is carried on is prescriptions or sick-note.").On("what")
	}
	return nil
}

func (d decision) reportCondition(c ReportCondition) ([]care.Made, error) {
	switch c.Malaise {
	case "", MalaiseYes, MalaiseNo:
	default:
		return nil, care.Refuse("malaise-unknown", "Say yes or no, or leave it open.").On("malaise")
	}
	switch c.Severity {
	case "", Mild, Moderate, Severe, VerySevere:
	default:
		return nil, care.Refuse("severity-unknown", "The degrees are mild, moderate, severe and very-severe.").On("severity")
	}
	if c.Malaise == "" && c.Severity == "" {
		return nil, care.Refuse("report-empty", "Say something about malaise or severity.").On("malaise")
	}
	return one(ConditionReported(c)), nil
}
