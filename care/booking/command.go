package booking

import (
	"time"

	"forlop/care"
)

// Command is something that is asked of a person's bookings. Free text in it ends
// up sealed.
type Command interface{ Name() string }

// Commands lists an empty value of every command that can be ordered; Settle goes
// with an order of a journey.
var Commands = []Command{
	Copy{}, Cancel{}, Miss{}, Keep{},
	Wish{}, TakeBack{}, AnswerWish{},
	ProposeTimes{}, AnswerTimes{}, SetTime{}, WithdrawTimes{},
	Wake{},
}

// Copy copies a booking of another system, or what has changed in one. Source and
// Reference say which it is.
type Copy struct {
	Source    string    `json:"source"`
	Reference string    `json:"reference"`
	At        time.Time `json:"at"`
	Minutes   int       `json:"minutes,omitempty"`
	Way       string    `json:"way,omitempty"`
	// Place is where or how; With is who is met. Both are kept sealed.
	Place string `json:"place,omitempty"`
	With  string `json:"with,omitempty"`
	// Bring is what to bring along; sealed, too.
	Bring string `json:"bring,omitempty"`
	// Interpreter is booked, not-booked, or empty where the source does not say.
	Interpreter string `json:"interpreter,omitempty"`
	Journey     string `json:"journey"`
	Step        int    `json:"step"`
	// Copied is when the copy was made; zero is now.
	Copied time.Time `json:"copied,omitzero"`
	// Reworded says that only the sealed words differ from the copy before.
	Reworded bool `json:"reworded,omitempty"`
}

// Cancel says that the source has cancelled a booking.
type Cancel struct {
	Booking int       `json:"booking"`
	Copied  time.Time `json:"copied,omitzero"`
}

// Miss says that a booking was not in a full list of its source any more. Somebody
// is asked whether it is cancelled; nothing is deleted.
type Miss struct {
	Booking int       `json:"booking"`
	Copied  time.Time `json:"copied,omitzero"`
}

// Keep answers that question: the booking stands.
type Keep struct {
	Booking int `json:"booking"`
}

// Wish is what the person wishes about an appointment. For is the time they had on
// the screen; zero where none was set.
type Wish struct {
	Journey     string       `json:"journey"`
	Step        int          `json:"step"`
	Kind        WishKind     `json:"kind"`
	For         time.Time    `json:"for,omitzero"`
	Adaptations []Adaptation `json:"adaptations,omitempty"`
	Words       string       `json:"words,omitempty"`
}

// TakeBack takes an open wish back.
type TakeBack struct {
	Wish int `json:"wish"`
}

// AnswerWish answers a wish: done, not possible, or talked through.
type AnswerWish struct {
	Wish    int     `json:"wish"`
	Outcome Outcome `json:"outcome"`
	Words   string  `json:"words,omitempty"`
}

// ProposeTimes proposes two to four times for a meeting step. No By gives the usual
// time to answer.
type ProposeTimes struct {
	Journey string       `json:"journey"`
	Step    int          `json:"step"`
	Times   []time.Time  `json:"times"`
	Way     string       `json:"way,omitempty"`
	People  []care.Party `json:"people"`
	By      care.Date    `json:"by,omitzero"`
	// Despite is why a time is proposed that breaks a limit of the person.
	Despite string `json:"despite,omitempty"`
}

// AnswerTimes says which of the proposed times somebody can, by their place in the
// list; an empty list is none of them.
type AnswerTimes struct {
	Poll  int    `json:"poll"`
	Who   int    `json:"who"`
	Can   []int  `json:"can"`
	Words string `json:"words,omitempty"`
}

// SetTime sets the meeting at one of the proposed times.
type SetTime struct {
	Poll    int    `json:"poll"`
	Time    int    `json:"time"`
	Despite string `json:"despite,omitempty"`
}

// WithdrawTimes takes proposals back.
type WithdrawTimes struct {
	Poll int `json:"poll"`
}

// Settle is what the journey has done about a step: it was planned anew, its time
// was taken away, or it is over.
type Settle struct {
	Journey string `json:"journey"`
	Step    int    `json:"step"`
	Now     Change `json:"now"`
}

// Wake is the command of time alone.
type Wake struct{}

// The names never change, whatever the Go names do.

func (Copy) Name() string          { return "booking.copy" }
func (Cancel) Name() string        { return "booking.cancel" }
func (Miss) Name() string          { return "booking.miss" }
func (Keep) Name() string          { return "booking.keep" }
func (Wish) Name() string          { return "booking.wish" }
func (TakeBack) Name() string      { return "booking.take-back" }
func (AnswerWish) Name() string    { return "booking.answer-wish" }
func (ProposeTimes) Name() string  { return "booking.propose-times" }
func (AnswerTimes) Name() string   { return "booking.answer-times" }
func (SetTime) Name() string       { return "booking.set-time" }
func (WithdrawTimes) Name() string { return "booking.withdraw-times" }
func (Settle) Name() string        { return "booking.settle" }
func (Wake) Name() string          { return "booking.wake" }
