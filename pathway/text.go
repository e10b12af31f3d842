package pathway

import "forlop/care"

// Text is what patients and staff read of a pathway in one language. It has a
// revision of its own, for wording only.
type Text struct {
	Language care.Language
	Revision int
	Title    string
	// Summary is what the pathway is, in a few plain sentences.
	Summary    string
	Roles      map[RoleID]string
	Milestones map[MilestoneID]string
	Clocks     map[ClockID]string
	Steps      map[StepID]StepText
	Choices    map[ChoiceID]ChoiceText
	Cautions   map[string]string
	Ends       map[EndID]EndText
	Agenda     map[string]string
	Checklist  map[string]string
	// Opens are the reasons to open the pathway.
	Opens map[string]string
	// Facts name what a step waits to learn, for staff.
	Facts map[FactID]string
	// Phones are the numbers at which roles are reached, such as "55 55 55 55".
	Phones map[RoleID]string
	// Tables name what each decision table gives, for staff.
	Tables map[FactID]string
	// Pauses are the reasons for which a clock may stand still.
	Pauses map[string]string
}

// StepText is what people read of a step.
type StepText struct {
	// Title is the plain name, such as "Første samtale".
	Title string
	// Waiting is one sentence for the patient while the step is open, such as
	// "Du venter på svar fra smerteklinikken."
	Waiting string
	// What happens, and Why: one or two plain sentences each.
	What, Why string
	// Easier says how the step can be made easier.
	Easier string
	// No says what the patient may say no to, and what then.
	No string
}

// ChoiceText is what people read of a choice.
type ChoiceText struct {
	Title   string
	Options map[string]OptionText
}

// OptionText is what people read of an option.
type OptionText struct{ Title, Asks, Gives string }

// EndText is what people read of an ending.
type EndText struct{ Title, Means, ComeBack string }
