package booking

import (
	"time"

	"forlop/care"
)

// ScheduleEvents is the closed vocabulary of the stream of a slot.
var ScheduleEvents = care.NewVocabulary(
	SlotOpened{}, SlotChanged{}, SlotCancelled{}, SlotEnded{},
	SeatTaken{}, SeatGivenBack{}, SeatOffered{}, OfferPassed{}, WaitBegun{}, WaitLeft{},
	Attended{}, DateReminded{}, SeatTellingOwed{}, SeatTellingWithdrawn{}, SeatTold{}, SeatOverdue{},
)

// SlotOpened begins the stream.
type SlotOpened struct {
	Regime care.Regime `json:"regime"`
	Unit   care.UnitID `json:"unit"`
	Slot
}

// SlotChanged says the slot anew.
type SlotChanged struct {
	Slot
}

// SlotCancelled calls it off.
type SlotCancelled struct {
	Next AfterCancel `json:"next"`
}

// SlotEnded says that its last date is over.
type SlotEnded struct{}

// SeatTaken gives a person a seat. Seats are numbered from 1.
type SeatTaken struct {
	Seat   int            `json:"seat"`
	Person care.PersonKey `json:"person"`
}

// SeatGivenBack frees a seat.
type SeatGivenBack struct {
	Seat   int            `json:"seat"`
	Person care.PersonKey `json:"person"`
}

// SeatOffered offers a freed seat to who has waited longest, until an instant.
type SeatOffered struct {
	Seat   int            `json:"seat"`
	Person care.PersonKey `json:"person"`
	Until  time.Time      `json:"until"`
}

// OfferPassed passes an offered seat on to the next. Who was offered it keeps their
// place on the list for the next seat that is freed. Lapsed says that they did not
// answer, which is as good an answer as any.
type OfferPassed struct {
	Seat   int            `json:"seat"`
	Person care.PersonKey `json:"person"`
	Lapsed bool           `json:"lapsed,omitempty"`
}

// WaitBegun puts a person last on the waiting list.
type WaitBegun struct {
	Person care.PersonKey `json:"person"`
}

// WaitLeft takes them off it.
type WaitLeft struct {
	Person care.PersonKey `json:"person"`
}

// Attended says whether somebody came to a date; a later one of the same date
// replaces it.
type Attended struct {
	Person care.PersonKey `json:"person"`
	Date   int            `json:"date"`
	Came   bool           `json:"came"`
}

// DateReminded says that the reminder of a date is owed to everybody seated.
type DateReminded struct {
	At time.Time `json:"at"`
}

// SeatAbout is what somebody is told of a slot.
type SeatAbout string

// What can be told.
const (
	ToldTaken     SeatAbout = "seat-taken"
	ToldGivenBack SeatAbout = "seat-given-back"
	ToldOffered   SeatAbout = "seat-offered"
	ToldMoved     SeatAbout = "slot-moved"
	ToldCancelled SeatAbout = "slot-cancelled"
	ToldReminder  SeatAbout = "slot-reminder"
)

// SeatTellingOwed owes a person word of what changed; Owner sees to it by By.
type SeatTellingOwed struct {
	Telling int            `json:"telling"`
	Person  care.PersonKey `json:"person"`
	About   SeatAbout      `json:"about"`
	Owner   care.Post      `json:"owner"`
	By      time.Time      `json:"by"`
}

// SeatTellingWithdrawn ends a telling that is not so any more, or that a newer one
// says as well.
type SeatTellingWithdrawn struct {
	Telling int `json:"telling"`
}

// SeatTold ends a telling with its receipt. At is when it reached them; of a letter,
// the end of its expected day.
type SeatTold struct {
	Telling  int          `json:"telling"`
	How      care.Channel `json:"how"`
	At       time.Time    `json:"at"`
	Expected bool         `json:"expected,omitempty"`
}

// SeatOverdue says that a telling passed its date and went one rung up; Again is
// when it goes further, zero at the top.
type SeatOverdue struct {
	Telling int       `json:"telling"`
	Rung    int       `json:"rung"`
	To      care.Post `json:"to"`
	Again   time.Time `json:"again,omitzero"`
}

// Type names, stable for ever.

func (SlotOpened) Type() string           { return "schedule.opened/1" }
func (SlotChanged) Type() string          { return "schedule.changed/1" }
func (SlotCancelled) Type() string        { return "schedule.cancelled/1" }
func (SlotEnded) Type() string            { return "schedule.ended/1" }
func (SeatTaken) Type() string            { return "schedule.seat-taken/1" }
func (SeatGivenBack) Type() string        { return "schedule.seat-given-back/1" }
func (SeatOffered) Type() string          { return "schedule.seat-offered/1" }
func (OfferPassed) Type() string          { return "schedule.offer-passed/1" }
func (WaitBegun) Type() string            { return "schedule.wait-begun/1" }
func (WaitLeft) Type() string             { return "schedule.wait-left/1" }
func (Attended) Type() string             { return "schedule.attended/1" }
func (DateReminded) Type() string         { return "schedule.date-reminded/1" }
func (SeatTellingOwed) Type() string      { return "schedule.telling-owed/1" }
func (SeatTellingWithdrawn) Type() string { return "schedule.telling-withdrawn/1" }
func (SeatTold) Type() string             { return "schedule.told/1" }
func (SeatOverdue) Type() string          { return "schedule.overdue/1" }
