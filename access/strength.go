package access

// Strength says what can open a block that a person has set. The four are those
// of the two laws; a person's own words always open and close their blocks.
type Strength string

// The strengths.
const (
	// Closed (NO sperring) opens with the patient's consent or in an emergency.
	// Source: the model of kjernejournal [V].
	Closed Strength = "closed"
	// Shut (NO blokkering av navngitt) holds against a named professional, also in
	// an emergency; nothing opens it but the patient. Same source [V].
	Shut Strength = "shut"
	// Inner (SE inre spärr) holds between the units of one provider; it opens with
	// the patient's consent or in an emergency [V].
	Inner Strength = "inner"
	// Outer (SE yttre spärr) holds between providers. Only the provider that set
	// it lifts it, at the patient's request [V]; that an emergency does not open
	// it is assumed, since the statute's text differs in detail [U].
	Outer Strength = "outer"
)

// Part is a part of a person's matter that a proxy or a guardian's right may
// cover.
type Part string

// The parts.
const (
	// Plan: see the plan, its steps and times.
	Plan Part = "plan"
	// Messages: read and write messages.
	Messages Part = "messages"
	// Acts: say "too ill" or "I wish to wait", choose, answer and fill in forms.
	Acts Part = "act"
	// Story: tell the story and what matters.
	Story Part = "story"
	// Looks: see who has looked.
	Looks Part = "looks"
)

// Parts lists the parts in the order in which they are offered.
var Parts = []Part{Plan, Messages, Acts, Story, Looks}
