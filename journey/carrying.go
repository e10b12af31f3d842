package journey

import "forlop/care"

// carriers holds that every hand-over, redirect, advice and ending says who
// carries prescriptions and sick notes, and until when. "The patient has none" is
// an answer. What the act leaves out is taken from what is recorded of the
// person; where nobody has ever said, it is asked for.
func (d *draft) carriers(c Carriers) (Carriers, error) {
	known := d.k.Person.Carriers
	if !c.StatesPrescriptions() {
		c.Prescriptions, c.PrescriptionsUntil, c.NoPrescriptions = known.Prescriptions, known.PrescriptionsUntil, known.NoPrescriptions
	}
	if !c.StatesSickNotes() {
		c.SickNotes, c.SickNotesUntil, c.NoSickNotes = known.SickNotes, known.SickNotesUntil, known.NoSickNotes
	}
	if c.SickNotesUntil.IsZero() && c.SickNotes != (care.Party{}) {
		c.SickNotesUntil = known.SickNotesUntil
	}
	switch {
	case !c.StatesPrescriptions():
		return c, care.Refuse("carriers-prescriptions", "Say who renews prescriptions from now on, or that the patient has none.").On("prescriptions")
	case !c.StatesSickNotes():
		return c, care.Refuse("carriers-sick-notes", "Say who writes sick notes from now on, or that the patient has none.").On("sick-notes")
	case c.SickNotes != (care.Party{}) && c.SickNotesUntil.IsZero():
		return c, care.Refuse("until-needed", "A sick note has an end: say which day is the last.").On("sick-notes-until")
	}
	return c, nil
}

// StatesPrescriptions reports whether it is said who renews prescriptions, or
// that there are none.
func (c Carriers) StatesPrescriptions() bool {
	return c.NoPrescriptions || c.Prescriptions != care.Party{}
}

// StatesSickNotes reports whether it is said who writes sick notes, or that there
// are none.
func (c Carriers) StatesSickNotes() bool { return c.NoSickNotes || c.SickNotes != care.Party{} }
