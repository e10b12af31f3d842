package access

import (
	"slices"

	"forlop/care"
)

func (s *State) applyGuardian(r care.Recorded) error {
	number := 0
	switch e := r.Event.(type) {
	case GuardianRecorded:
		if err := follows("guardian", e.Number, len(s.Guardians)); err != nil {
			return err
		}
		s.Guardians = append(s.Guardians, GuardianState{
			Number: e.Number, Guardian: e.Guardian, Source: e.Source, Starts: e.Starts, Narrows: e.Narrows, Ends: e.Ends,
			Parts: slices.Clone(e.Parts), Rules: e.Rules,
		})
		number = e.Number
	case GuardianEnded:
		number = e.Number
	case GuardianBlocked:
		number = e.Number
	case GuardianUnblocked:
		number = e.Number
	}
	g, err := numbered("guardian", s.Guardians, number)
	if err != nil {
		return err
	}
	if e, ended := r.Event.(GuardianEnded); ended {
		g.Why = e.Why
	}
	g.Version = r.Version
	return change("guardian", &g.Status, r)
}

// recordGuardian computes the birthdays on which the guardian's access narrows
// and ends, by the rules of today: history never looks at rules again.
func (d decision) recordGuardian(c RecordGuardian) ([]care.Made, error) {
	if err := d.checkRegister(); err != nil {
		return nil, err
	}
	rules := ageRules(d.s.Regime, d.today())
	switch {
	case c.Guardian == "" || c.Guardian == d.s.Person:
		return nil, care.Refuse("proxy-other", "Choose another person than the patient.").On("guardian")
	case c.Source != FromRegister && c.Source != FromCourt && c.Source != FromDocument:
		return nil, care.Refuse("guardian-source", "Say where it stands that they have custody. Choose from the list.").On("source")
	case d.k.Other.Protected || d.k.Other.Dead:
		return nil, notPossible("guardian")
	case d.k.Born.IsZero():
		return nil, care.Refuse("born-needed", "The date of birth is missing. Record it first.")
	}
	e := GuardianRecorded{Number: len(d.s.Guardians) + 1, Guardian: c.Guardian, Source: c.Source, Rules: rules.Version}
	e.Starts = exact(d.act.At)
	if from := d.cal.StartOf(c.From).UTC(); !c.From.IsZero() {
		e.Starts = care.Later(e.Starts, from)
	}
	e.Ends = birthday(d.k.Born, rules.GuardianEnds, d.s.Regime)
	if rules.GuardianFull < rules.GuardianEnds {
		e.Narrows, e.Parts = birthday(d.k.Born, rules.GuardianFull, d.s.Regime), slices.Clone(rules.GuardianParts)
	}
	if !e.Starts.Before(e.Ends) {
		return nil, care.Refuse("guardian-age", "From {date} on no guardian acts for this person.", "date", d.cal.Date(e.Ends).String())
	}
	same := func(g GuardianState) bool { return g.Guardian == c.Guardian && g.Status != GuardianshipEnd }
	if slices.ContainsFunc(d.s.Guardians, same) {
		return nil, care.Unchanged()
	}
	return just(e), nil
}

func (d decision) endGuardian(c EndGuardian) ([]care.Made, error) {
	if err := d.checkRegister(); err != nil {
		return nil, err
	}
	g, err := d.guardian(c.Guardian)
	if err != nil {
		return nil, err
	}
	if g.Status == GuardianshipEnd {
		return nil, care.Unchanged()
	}
	if err := care.CheckText(c.Why, "why", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: GuardianEnded{c.Guardian, ByCustody}, Sealed: sealed("why", c.Why)}}, nil
}

func (d decision) blockGuardian(c BlockGuardian) ([]care.Made, error) {
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	g, err := d.guardian(c.Guardian)
	if err != nil {
		return nil, err
	}
	if g.Status != GuardianStands {
		return nil, care.Unchanged()
	}
	return said(GuardianBlocked{c.Guardian}, c.Words)
}

func (d decision) unblockGuardian(c UnblockGuardian) ([]care.Made, error) {
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	g, err := d.guardian(c.Guardian)
	if err != nil {
		return nil, err
	}
	if g.Status != GuardianBarred {
		return nil, care.Unchanged()
	}
	return said(GuardianUnblocked{c.Guardian}, c.Words)
}

// allowLogin is for a guardian, also one whose access is limited already: that
// is the age at which the country asks for it.
func (d decision) allowLogin() ([]care.Made, error) {
	if err := d.checkGuardian(); err != nil {
		return nil, err
	}
	if d.s.Login || !ageRules(d.s.Regime, d.today()).LoginConsent {
		return nil, care.Unchanged()
	}
	return just(LoginAllowed{}), nil
}

func (d decision) stopLogin() ([]care.Made, error) {
	if err := d.checkGuardian(); err != nil {
		return nil, err
	}
	if !d.s.Login {
		return nil, care.Unchanged()
	}
	return just(LoginStopped{}), nil
}

func (d decision) checkGuardian() error {
	if v := d.speaks(); v != aGuardian && v != aRelative || len(d.guardians()) == 0 {
		return care.Refuse("guardian-needed", "A guardian decides this. If they told you, record it for them.")
	}
	return nil
}

func (d decision) guardian(n int) (GuardianState, error) {
	g, err := numbered("guardian", d.s.Guardians, n)
	if err != nil {
		return GuardianState{}, care.Missing("guardian-unknown", "There is no such guardian.").On("guardian")
	}
	return *g, nil
}
