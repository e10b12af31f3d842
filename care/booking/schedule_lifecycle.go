package booking

import "slices"

// Transition is one allowed change of the status of a thing. An empty From is
// before it exists, an empty To after it is gone.
type Transition struct{ Of, From, Event, To string }

// The statuses of a seat and of a telling.
const (
	seatFree         = "free"
	seatOffered      = "offered"
	seatTaken        = "taken"
	tellingOwed      = "owed"
	tellingTold      = "told"
	tellingWithdrawn = "withdrawn"
)

var slotLife = []Transition{
	{"slot", "", "schedule.opened/1", string(SlotIsOpen)},
	{"slot", string(SlotIsOpen), "schedule.cancelled/1", string(SlotIsCancelled)},
	{"slot", string(SlotIsOpen), "schedule.ended/1", string(SlotIsEnded)},

	{"seat", "", "schedule.opened/1", seatFree},
	{"seat", "", "schedule.changed/1", seatFree},
	{"seat", seatFree, "schedule.changed/1", ""},
	{"seat", seatFree, "schedule.seat-taken/1", seatTaken},
	{"seat", seatFree, "schedule.seat-offered/1", seatOffered},
	{"seat", seatOffered, "schedule.seat-taken/1", seatTaken},
	{"seat", seatOffered, "schedule.offer-passed/1", seatFree},
	{"seat", seatOffered, "schedule.wait-left/1", seatFree},
	{"seat", seatOffered, "schedule.cancelled/1", seatFree},
	{"seat", seatTaken, "schedule.seat-given-back/1", seatFree},

	{"telling", "", "schedule.telling-owed/1", tellingOwed},
	{"telling", tellingOwed, "schedule.told/1", tellingTold},
	{"telling", tellingOwed, "schedule.telling-withdrawn/1", tellingWithdrawn},
}

// SlotLifecycle lists the allowed changes of slots, of the seats in them, and of what
// somebody is owed word of. An event that is not listed changes no status.
func SlotLifecycle() []Transition { return slices.Clone(slotLife) }

// status is where a seat stands.
func (x Seat) status() string {
	switch {
	case x.Person == "":
		return seatFree
	case x.Offered:
		return seatOffered
	}
	return seatTaken
}

func (t SeatTelling) status() string {
	switch {
	case t.Told != nil:
		return tellingTold
	case t.Withdrawn:
		return tellingWithdrawn
	}
	return tellingOwed
}

// SlotUndo says how an event is taken back: by an event of type By, or, where By is
// empty, not at all.
type SlotUndo struct{ Event, By, How string }

// SlotUndos lists every event type of a slot once.
func SlotUndos() []SlotUndo {
	return []SlotUndo{
		{"schedule.opened/1", "schedule.cancelled/1", ""},
		{"schedule.changed/1", "schedule.changed/1", "change it back; who has a seat is told anew"},
		{"schedule.cancelled/1", "", "none: people were told; open it again with its dates"},
		{"schedule.ended/1", "", "none: its last date has passed"},
		{"schedule.seat-taken/1", "schedule.seat-given-back/1", ""},
		{"schedule.seat-given-back/1", "schedule.seat-taken/1", "take a seat again while one is free; else wait for one"},
		{"schedule.seat-offered/1", "schedule.offer-passed/1", ""},
		{"schedule.offer-passed/1", "schedule.seat-taken/1", "take a seat while one is free; the place on the list is kept"},
		{"schedule.wait-begun/1", "schedule.wait-left/1", ""},
		{"schedule.wait-left/1", "schedule.wait-begun/1", "wait again, last on the list"},
		{"schedule.attended/1", "schedule.attended/1", "say it of the same date again; the later word holds"},
		{"schedule.date-reminded/1", "", "none: the day is near"},
		{"schedule.telling-owed/1", "schedule.telling-withdrawn/1", "a newer word withdraws it"},
		{"schedule.telling-withdrawn/1", "", "none: what was owed is not so any more"},
		{"schedule.told/1", "", "none: they know"},
		{"schedule.overdue/1", "", "none: that it was late stays seen"},
	}
}
