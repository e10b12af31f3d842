package simulation

import (
	"fmt"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// parentAge is how old a made-up parent is. Any adult would do.
const parentAge = 45

// family gives a child what life gives it: a parent whose custody the unit has
// looked up, and, where the law asks for it, that parent's word that the child may
// log in. by is somebody at the unit that follows the child. It answers who opens
// the child's page: the person, or the parent of a child too young to log in.
func (w *world) family(child care.PersonKey, born care.Date, regime care.Regime, by casework.Who) (casework.Who, error) {
	self := casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(child)}}
	own := access.OwnLogin(born, regime, w.clock.Now())
	if own.May && !own.Consent {
		return self, nil
	}
	adult := casework.Identity{Name: "Mor Eksempel", Born: care.Date{Year: w.clock.Now().Year() - parentAge, Month: 1, Day: 1}}
	key, err := w.service.RegisterPerson(w.ctx, operator, w.key(), regime, adult)
	if err != nil {
		return self, fmt.Errorf("registering a parent: %w", err)
	}
	parent := casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(key)}, Represents: child}
	if err := w.consents(by, child, access.RecordGuardian{Guardian: key, Source: access.FromRegister}); err != nil {
		return self, err
	}
	if !own.May {
		return parent, nil
	}
	return self, w.consents(parent, child, access.AllowLogin{})
}

// consents lets somebody who has just logged in decide who may see and act.
func (w *world) consents(who casework.Who, about care.PersonKey, c access.Command) error {
	who.Login = casework.Login{At: w.clock.Now(), Level: "substantial"}
	if _, err := w.do(casework.Order{Who: who, Target: string(about), Command: c}); err != nil {
		return fmt.Errorf("%s: %w", c.Name(), err)
	}
	return nil
}
