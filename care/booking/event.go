package booking

import (
	"time"

	"forlop/care"
)

// Events is the closed vocabulary of the stream of a person's bookings.
var Events = care.NewVocabulary(
	Opened{}, Copied{}, Cancelled{}, Missed{}, Kept{},
	Wished{}, WishTakenBack{}, WishAnswered{},
	TimesProposed{}, TimesAnswered{}, TimeSet{}, TimesWithdrawn{},
	Overdue{},
)

// Opened begins the stream with the first thing that is arranged.
type Opened struct {
	Regime care.Regime `json:"regime"`
}

// Copied is a booking as its source had it at the time of the copy. Where and with
// whom is
// sealed ("place", "with", "bring").
type Copied struct {
	Booking     int       `json:"booking"`
	Source      string    `json:"source"`
	Reference   string    `json:"reference"`
	At          time.Time `json:"at"`
	Minutes     int       `json:"minutes,omitempty"`
	Way         string    `json:"way,omitempty"`
	Interpreter string    `json:"interpreter,omitempty"`
	Journey     string    `json:"journey"`
	Step        int       `json:"step"`
	Copied      time.Time `json:"copied"`
}

// Cancelled says that the source cancelled the booking.
type Cancelled struct {
	Booking int       `json:"booking"`
	Copied  time.Time `json:"copied"`
}

// Missed says that the booking was not in a full list of its source; Owner is asked
// what became of it, by By.
type Missed struct {
	Booking int       `json:"booking"`
	Copied  time.Time `json:"copied"`
	Owner   care.Post `json:"owner"`
	By      time.Time `json:"by"`
}

// Kept says that a booking which was missed in a list stands.
type Kept struct {
	Booking int `json:"booking"`
}

// Wished is what the person wishes about an appointment; Owner answers it by By.
// Their words are sealed ("said").
type Wished struct {
	Wish        int          `json:"wish"`
	Journey     string       `json:"journey"`
	Step        int          `json:"step"`
	Kind        WishKind     `json:"kind"`
	For         time.Time    `json:"for,omitzero"`
	Adaptations []Adaptation `json:"adaptations,omitempty"`
	Owner       care.Post    `json:"owner"`
	By          time.Time    `json:"by"`
}

// WishTakenBack says that the person does not wish it any more.
type WishTakenBack struct {
	Wish int `json:"wish"`
}

// WishAnswered answers a wish. The words are sealed ("answer").
type WishAnswered struct {
	Wish    int     `json:"wish"`
	Outcome Outcome `json:"outcome"`
}

// Proposal is one proposed time, with the limits of the person it breaks.
type Proposal struct {
	At   time.Time     `json:"at"`
	Over []care.Strain `json:"over,omitempty"`
}

// TimesProposed asks everybody which of two to four times they can. The patient is
// the first of the people. Why a limit is broken is sealed ("despite").
type TimesProposed struct {
	Poll    int          `json:"poll"`
	Journey string       `json:"journey"`
	Step    int          `json:"step"`
	Times   []Proposal   `json:"times"`
	Way     string       `json:"way,omitempty"`
	People  []care.Party `json:"people"`
	Owner   care.Post    `json:"owner"`
	By      time.Time    `json:"by"`
}

// TimesAnswered is one answer; a later one of the same replaces it.
type TimesAnswered struct {
	Poll int   `json:"poll"`
	Who  int   `json:"who"`
	Can  []int `json:"can"`
}

// TimeSet sets the meeting at a proposed time.
type TimeSet struct {
	Poll int `json:"poll"`
	Time int `json:"time"`
}

// TimesWithdrawn takes proposals back.
type TimesWithdrawn struct {
	Poll int `json:"poll"`
}

// Overdue says that an open thing passed its date and went one rung up; Again is
// when it goes further, zero at the top.
type Overdue struct {
	Item  string    `json:"item"`
	Rung  int       `json:"rung"`
	To    care.Post `json:"to"`
	Again time.Time `json:"again,omitzero"`
}

// Type names, stable for ever.

func (Opened) Type() string         { return "booking.opened/1" }
func (Copied) Type() string         { return "booking.copied/1" }
func (Cancelled) Type() string      { return "booking.cancelled/1" }
func (Missed) Type() string         { return "booking.missed/1" }
func (Kept) Type() string           { return "booking.kept/1" }
func (Wished) Type() string         { return "booking.wished/1" }
func (WishTakenBack) Type() string  { return "booking.wish-taken-back/1" }
func (WishAnswered) Type() string   { return "booking.wish-answered/1" }
func (TimesProposed) Type() string  { return "booking.times-proposed/1" }
func (TimesAnswered) Type() string  { return "booking.times-answered/1" }
func (TimeSet) Type() string        { return "booking.time-set/1" }
func (TimesWithdrawn) Type() string { return "booking.times-withdrawn/1" }
func (Overdue) Type() string        { return "booking.overdue/1" }
