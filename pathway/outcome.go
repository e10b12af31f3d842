package pathway

// Done is the outcome of a step that knows no other.
const Done = "done"

// Outcomes lists what a step can end with: the answers of an answer step, the
// options of a choice, and done for everything else. No outcome is a silence: a
// visit nobody came to has not ended.
func (d *Definition) Outcomes(s *Step) []string {
	switch s.Kind {
	case Answer:
		return names(ids(s.Answers, func(a AnswerRule) AnswerKind { return a.Kind }))
	case Choosing:
		for i := range d.Choices {
			if d.Choices[i].ID == s.Choice {
				return ids(d.Choices[i].Options, func(o Option) string { return o.ID })
			}
		}
	}
	return []string{Done}
}

// NoTravel reports whether the patient can stay at home in this way.
func (w Way) NoTravel() bool {
	return w == AtHome || w == ByPhone || w == ByVideo || w == Written
}
