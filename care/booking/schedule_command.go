package booking

import (
	"time"

	"forlop/care"
)

// ScheduleCommand is something that is asked of a slot that a unit has opened.
type ScheduleCommand interface{ Name() string }

// ScheduleCommands lists an empty value of every command.
var ScheduleCommands = []ScheduleCommand{
	OpenSlot{}, ChangeSlot{}, CancelSlot{}, TakeSeat{}, GiveBack{}, Wait{}, LeaveWaiting{}, Attend{}, TellSeat{}, EmptySeat{}, SlotWake{},
}

// OpenSlot opens a slot of a unit.
type OpenSlot struct {
	Unit care.UnitID `json:"unit"`
	Slot
}

// ChangeSlot says a slot anew. Its kind stays; whoever has a seat or is offered one
// is told where a time, the length or the place is another.
type ChangeSlot struct {
	Slot
}

// CancelSlot calls a slot off. Everybody with a seat, an offer or a place on the
// waiting list is told, with what happens next.
type CancelSlot struct {
	Next AfterCancel `json:"next"`
}

// TakeSeat takes a seat for a person: the one they are offered, or a free one.
type TakeSeat struct {
	Person care.PersonKey `json:"person"`
}

// GiveBack gives a person's seat back, or passes on the one they are offered.
type GiveBack struct {
	Person care.PersonKey `json:"person"`
}

// Wait puts a person last on the waiting list of a slot that is full.
type Wait struct {
	Person care.PersonKey `json:"person"`
}

// LeaveWaiting takes a person off the waiting list.
type LeaveWaiting struct {
	Person care.PersonKey `json:"person"`
}

// Attend notes whether somebody came to one of the dates, counted from 1. It is
// about the course alone: nothing follows from it.
type Attend struct {
	Person care.PersonKey `json:"person"`
	Date   int            `json:"date"`
	Came   bool           `json:"came"`
}

// TellSeat says that a telling reached the person. Expected is the day on which a
// letter is expected.
type TellSeat struct {
	Telling  int          `json:"telling"`
	How      care.Channel `json:"how"`
	Expected care.Date    `json:"expected,omitzero"`
}

// EmptySeat gives back whatever somebody has in a slot, when they have died.
type EmptySeat struct {
	Person care.PersonKey `json:"person"`
}

// SlotWake is the command of time alone.
type SlotWake struct{}

// The names never change, whatever the Go names do.

func (OpenSlot) Name() string     { return "schedule.open" }
func (ChangeSlot) Name() string   { return "schedule.change" }
func (CancelSlot) Name() string   { return "schedule.cancel" }
func (TakeSeat) Name() string     { return "schedule.take-seat" }
func (GiveBack) Name() string     { return "schedule.give-back" }
func (Wait) Name() string         { return "schedule.wait" }
func (LeaveWaiting) Name() string { return "schedule.leave-waiting" }
func (Attend) Name() string       { return "schedule.attend" }
func (TellSeat) Name() string     { return "schedule.tell" }
func (EmptySeat) Name() string    { return "schedule.empty-seat" }
func (SlotWake) Name() string     { return "schedule.wake" }

// SlotKind is what a slot is for.
type SlotKind string

// A collaboration meeting holds the time for one patient; a course has many seats.
const (
	MeetingSlot SlotKind = "meeting"
	CourseSlot  SlotKind = "course"
)

// SlotKinds lists them in the order they are shown.
var SlotKinds = []SlotKind{CourseSlot, MeetingSlot}

// Joining is who may take a seat themselves.
type Joining string

// The ways to join. By referral means that staff take the seat.
const (
	JoinOpen     Joining = "open"
	JoinUnit     Joining = "unit"
	JoinReferral Joining = "referral"
)

// Joinings lists them in the order they are shown.
var Joinings = []Joining{JoinOpen, JoinUnit, JoinReferral}

// AfterCancel is what happens after a slot was called off.
type AfterCancel string

// What can happen next.
const (
	NextNewDate AfterCancel = "new-date"
	NextOther   AfterCancel = "other-dates"
	NextCall    AfterCancel = "we-call"
)

// AfterCancels lists them in the order they are shown.
var AfterCancels = []AfterCancel{NextNewDate, NextOther, NextCall}

// How people meet in a slot.
const (
	SlotAtPlace = "place"
	SlotByVideo = "video"
)

// Slot is what a unit offers: a time, or several, with seats. Its texts are the
// unit's own, are about nobody, and are read by everybody.
type Slot struct {
	Kind  SlotKind                 `json:"kind"`
	Title map[care.Language]string `json:"title,omitempty"`
	About map[care.Language]string `json:"about,omitempty"`
	// Way is place or video; Place is where, or with which program.
	Way     string      `json:"way"`
	Place   string      `json:"place"`
	Dates   []time.Time `json:"dates"`
	Minutes int         `json:"minutes"`
	Seats   int         `json:"seats"`
	// Minimum is how many the unit wants before it holds the course; nothing
	// happens by itself where they are fewer.
	Minimum int     `json:"minimum,omitempty"`
	Join    Joining `json:"join"`
	// Contact is whom to call, for those who log in nowhere.
	Contact string `json:"contact,omitempty"`
	// Deadline is until when people take seats themselves; none is the first date.
	Deadline time.Time `json:"deadline,omitzero"`
}

// Starts is the first of the dates.
func (s Slot) Starts() time.Time {
	if len(s.Dates) == 0 {
		return time.Time{}
	}
	return s.Dates[0]
}

// Ends is when the last of them is over.
func (s Slot) Ends() time.Time {
	if len(s.Dates) == 0 {
		return time.Time{}
	}
	return s.Dates[len(s.Dates)-1].Add(time.Duration(s.Minutes) * time.Minute)
}

// Until is until when people take seats themselves.
func (s Slot) Until() time.Time {
	if s.Deadline.IsZero() {
		return s.Starts()
	}
	return s.Deadline
}

// In is a text in a language, or in the first one it is written in.
func In(text map[care.Language]string, l care.Language) (string, care.Language) {
	for _, l := range append([]care.Language{l}, care.Bokmal, care.Swedish, care.Nynorsk, care.English) {
		if t := text[l]; t != "" {
			return t, l
		}
	}
	return "", l
}
