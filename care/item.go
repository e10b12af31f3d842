package care

import "time"

// ItemKind is what sort of thing waits to be done.
type ItemKind string

// The kinds of item a worklist can hold.
const (
	StepItem         ItemKind = "step"
	WaitItem         ItemKind = "wait"
	OfferItem        ItemKind = "offer"
	QuestionItem     ItemKind = "question"
	InterventionItem ItemKind = "intervention"
	DecisionItem     ItemKind = "decision"
	TellItem         ItemKind = "tell"
	ContactItem      ItemKind = "contact"
	EscalationItem   ItemKind = "escalation"
	FaultItem        ItemKind = "fault"
	ReviewItem       ItemKind = "review"
)

// Item is one open thing that a post must do next. Every decider gives the
// items of its state; the worklist knows nothing else.
type Item struct {
	// Key is unique within the stream and stable while the item is open, such
	// as "step/3" or "offer/1".
	Key  string
	Kind ItemKind
	// Ref names the definition's part the item is about, such as a step id, or
	// the message id of what must be told. Never translated text.
	Ref  string
	Post Post
	// Since is when the item opened; Due is the instant at which it is late.
	// Every item has a Due (L3).
	Since, Due time.Time
	// Latest is the clock's limit behind the item, zero where no clock applies.
	Latest time.Time
	// Version is the version of the event that last changed the item.
	Version int
	// Overdue counts the escalation rungs climbed so far.
	Overdue int
}
