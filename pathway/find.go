package pathway

// find gives the element of list whose id it is.
func find[E any, T comparable](list []E, id func(*E) T, wanted T) (*E, bool) {
	for i := range list {
		if id(&list[i]) == wanted {
			return &list[i], true
		}
	}
	return nil, false
}

// Step finds a step by its name.
func (d *Definition) Step(id StepID) (*Step, bool) {
	return find(d.Steps, func(s *Step) StepID { return s.ID }, id)
}

// Clock finds a clock by its name.
func (d *Definition) Clock(id ClockID) (*Clock, bool) {
	return find(d.Clocks, func(c *Clock) ClockID { return c.ID }, id)
}

// Role finds a role by its name. The patient is no role of the file.
func (d *Definition) Role(id RoleID) (*Role, bool) {
	return find(d.Roles, func(r *Role) RoleID { return r.ID }, id)
}

// Milestone finds a milestone by its name.
func (d *Definition) Milestone(id MilestoneID) (*Milestone, bool) {
	return find(d.Milestones, func(m *Milestone) MilestoneID { return m.ID }, id)
}

// Choice finds a choice by its name.
func (d *Definition) Choice(id ChoiceID) (*Choice, bool) {
	return find(d.Choices, func(c *Choice) ChoiceID { return c.ID }, id)
}

// Caution finds a caution by its name.
func (d *Definition) Caution(id string) (*Caution, bool) {
	return find(d.Cautions, func(c *Caution) string { return c.ID }, id)
}

// End finds an ending by its name.
func (d *Definition) End(id EndID) (*End, bool) {
	return find(d.Ends, func(e *End) EndID { return e.ID }, id)
}

// Source finds a source by its name.
func (d *Definition) Source(id SourceID) (*Source, bool) {
	return find(d.Sources, func(s *Source) SourceID { return s.ID }, id)
}

// Contact is the role that is the person's first contact, or false where none
// is marked.
func (d *Definition) Contact() (*Role, bool) {
	return find(d.Roles, func(r *Role) bool { return r.Contact }, true)
}
