package directory

import "slices"

// Transition is one allowed change of the status of a thing: of a unit or of a
// professional. An empty From is before the first event.
type Transition struct{ Of, From, Event, To string }

// unitLife is the whole life of a unit. Decide refuses what is not in it.
var unitLife = []Transition{
	{"unit", "", "unit.opened/1", string(Open)},
	{"unit", string(Open), "unit.closed-to-new/1", string(Full)},
	{"unit", string(Full), "unit.closed-to-new/1", string(Full)},
	{"unit", string(Full), "unit.opened-to-new/1", string(Open)},
	{"unit", string(Open), "unit.closed-for-good/1", string(Closed)},
	{"unit", string(Full), "unit.closed-for-good/1", string(Closed)},
}

var professionalLife = []Transition{
	{"professional", "", "professional.registered/1", "registered"},
	{"professional", "registered", "professional.ended/1", "ended"},
	{"professional", "ended", "professional.registered/1", "registered"},
}

// Lifecycle is the life of a unit followed by the life of a professional. An
// event that is not listed changes no status.
func Lifecycle() []Transition { return slices.Concat(unitLife, professionalLife) }

// next is the status after an event of the given type, if the life has it.
func next(life []Transition, from, event string) (to string, ok bool) {
	for _, t := range life {
		if t.From == from && t.Event == event {
			return t.To, true
		}
	}
	return "", false
}

// Undo says how an event is taken back: by an event of type By, or, where By is
// empty, not at all.
type Undo struct{ Event, By, How string }

// Undos lists every event type once.
func Undos() []Undo {
	return []Undo{
		{"unit.opened/1", "unit.closed-for-good/1", "close the unit with a successor"},
		{"unit.details-changed/1", "unit.details-changed/1", "give the earlier details again"},
		{"unit.moved/1", "unit.moved/1", "move it back"},
		{"unit.post-added/1", "unit.post-removed/1", "remove the post while nobody holds it"},
		{"unit.post-removed/1", "unit.post-added/1", "add the post again"},
		{"unit.member-joined/1", "unit.member-left/1", "let the membership end where it starts"},
		{"unit.member-left/1", "unit.member-left/1", "set another end, or let the professional join again"},
		{"unit.member-away/1", "unit.member-back/1", "let the absence end where it starts"},
		{"unit.member-back/1", "unit.member-away/1", "record the absence again"},
		{"unit.lead-named/1", "unit.lead-named/1", "name the earlier lead again"},
		{"unit.fallback-named/1", "unit.fallback-named/1", "name the earlier fallback, or none"},
		{"unit.closed-to-new/1", "unit.opened-to-new/1", "open to new patients"},
		{"unit.opened-to-new/1", "unit.closed-to-new/1", "close to new patients"},
		{"unit.service-reported/1", "unit.service-withdrawn/1", "withdraw it, or report the earlier figures again"},
		{"unit.service-withdrawn/1", "unit.service-reported/1", "report it again"},
		{"unit.numbers-given/1", "unit.numbers-given/1", "give the earlier numbers again"},
		{"unit.run-said/1", "unit.run-said/1", "say who ran it from that day until now"},
		{"unit.capacity-said/1", "unit.capacity-said/1", "say the earlier figures again"},
		{"unit.closed-for-good/1", "", "none: journeys have moved on; open a new unit"},
		{"professional.registered/1", "professional.ended/1", "end the registration"},
		{"professional.ended/1", "professional.registered/1", "register the professional again"},
	}
}
