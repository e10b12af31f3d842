package pathway

import (
	"go.yaml.in/yaml/v4"

	"forlop/care"
)

func newText(l care.Language) *Text {
	return &Text{
		Language: l,
		Roles:    map[RoleID]string{}, Milestones: map[MilestoneID]string{}, Clocks: map[ClockID]string{},
		Steps: map[StepID]StepText{}, Choices: map[ChoiceID]ChoiceText{}, Cautions: map[string]string{},
		Ends: map[EndID]EndText{}, Agenda: map[string]string{}, Checklist: map[string]string{},
		Opens: map[string]string{}, Facts: map[FactID]string{}, Tables: map[FactID]string{}, Phones: map[RoleID]string{}, Pauses: map[string]string{},
	}
}

// textShape is a text file.
func textShape(t *Text) shape { return textKeys(t, must, choiceTextShape) }

// layerTextShape is a text file of a local layer: words for what it adds alone.
func layerTextShape(t *Text) shape { return textKeys(t, may, layerChoiceTextShape) }

// LayerTextSchema is the JSON Schema of a local layer's text file.
func LayerTextSchema() []byte {
	return schemaOf("text.*.yaml of a local layer", "What patients and staff read of what a local layer adds, in one language.", layerTextShape(newText("")))
}

func textKeys(t *Text, need func(string, string, shape) key, choice func(*ChoiceText) shape) shape {
	keys := []key{
		must("language", "The language of the file, as in its name.", language4(t.Language)),
		must("revision", "Counts the wordings of this file: 1, 2, 3 … A new wording needs no new version of the pathway.", revisionShape(t)),
		need("title", "What the pathway is called; in a layer, whose it is.", text(&t.Title)),
		need("summary", "What the pathway is, in a few plain sentences to the patient.", text(&t.Summary)),
		need("roles", "What each role is called, as in \"Ansvarlig: smerteteamet\".", words("What the role is called.", t.Roles)),
		need("milestones", "What each milestone is called.", words("What the milestone is called.", t.Milestones)),
		may("clocks", "What each clock is called.", words("What the clock is called.", t.Clocks)),
		need("steps", "What people read of each step.", entries("What people read of the step.", t.Steps, stepTextShape)),
		may("choices", "What people read of each choice.", entries("What people read of the choice.", t.Choices, choice)),
		may("cautions", "The warnings, in full sentences to the patient.", words("The warning.", t.Cautions)),
		need("ends", "What people read of each ending.", entries("What people read of the ending.", t.Ends, endTextShape)),
		may("agenda", "The items of meetings.", words("The item, as the patient reads it.", t.Agenda)),
		may("checklist", "What a good referral holds.", words("One thing a good referral holds.", t.Checklist)),
		may("opens", "The reasons to open the pathway.", words("The reason, as in \"Sick leave is near\".", t.Opens)),
		may("facts", "What a step may wait to learn, for staff.", words("The fact in words.", t.Facts)),
		may("tables", "What each decision table gives, for staff.", words("The table in words.", t.Tables)),
		may("pauses", "The reasons for which a clock may stand still.", words("The reason in words.", t.Pauses)),
		may("phones", "The number at which a role is reached.", words("The number, as people dial it.", t.Phones)),
	}
	return object(keys...)
}

func revisionShape(t *Text) shape { return whole(&t.Revision, 1, 1_000_000) }

// language4 is the language of the file, which must be the one in its name.
func language4(l care.Language) shape {
	if l == "" {
		var any care.Language
		return oneOf(&any, care.Languages...)
	}
	var read care.Language
	return oneOf(&read, l)
}

// words is a mapping from names to texts.
func words[K ~string](about string, dst map[K]string) shape {
	return entries(about, dst, text)
}

// entries is a mapping from names to texts of several parts.
func entries[K ~string, V any](about string, dst map[K]V, part func(*V) shape) shape {
	return table(about, func(id string) shape {
		v := new(V)
		s := part(v)
		return shape{schema: s.schema, read: func(r *reader, n *yaml.Node, path string) {
			s.read(r, n, path)
			dst[K(id)] = *v
		}}
	})
}

func stepTextShape(s *StepText) shape {
	return object(
		must("title", "The plain name of the step.", text(&s.Title)),
		may("waiting", "One sentence to the patient while the step is open: who has the ball.", text(&s.Waiting)),
		must("what", "What happens, in one or two plain sentences.", text(&s.What)),
		may("why", "Why it happens, in one or two plain sentences.", text(&s.Why)),
		may("easier", "How it can be made easier.", text(&s.Easier)),
		may("no", "What the patient may say no to, and what happens then.", text(&s.No)),
	)
}

func choiceTextShape(c *ChoiceText) shape { return choiceTextKeys(c, must) }

func layerChoiceTextShape(c *ChoiceText) shape { return choiceTextKeys(c, may) }

func choiceTextKeys(c *ChoiceText, need func(string, string, shape) key) shape {
	c.Options = map[string]OptionText{}
	return object(
		need("title", "What is chosen.", text(&c.Title)),
		must("options", "The options.", entries("One option.", c.Options, func(o *OptionText) shape {
			return object(
				must("title", "What the option is called.", text(&o.Title)),
				must("asks", "What it asks of the patient.", text(&o.Asks)),
				must("gives", "What it may give, and how sure that is.", text(&o.Gives)),
			)
		})),
	)
}

func endTextShape(e *EndText) shape {
	return object(
		must("title", "What the ending is called.", text(&e.Title)),
		must("means", "What it means for the patient: who carries on, and with what.", text(&e.Means)),
		may("come-back", "How the patient comes back.", text(&e.ComeBack)),
	)
}
