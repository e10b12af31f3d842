package pathway

import (
	"fmt"
	"slices"
)

// references finds names that refer to nothing.
func references(d *Definition) []Finding {
	c := &checker{d: d}
	c.needs()
	roles := names(ids(d.Roles, func(r Role) RoleID { return r.ID }))
	everyone := append(slices.Clone(roles), string(PatientRole))
	milestones := names(ids(d.Milestones, func(m Milestone) MilestoneID { return m.ID }))
	clocks := names(ids(d.Clocks, func(c Clock) ClockID { return c.ID }))
	chosen := names(ids(d.Choices, func(c Choice) ChoiceID { return c.ID }))
	cautions := ids(d.Cautions, func(c Caution) string { return c.ID })
	ends := names(ids(d.Ends, func(e End) EndID { return e.ID }))

	for _, k := range d.Clocks {
		at := "clocks/" + string(k.ID)
		c.known(at+"/from=", "E202", "milestone", string(k.From), milestones)
		c.known(at+"/to=", "E202", "milestone", string(k.To), milestones)
	}
	for i := range d.Steps {
		s := &d.Steps[i]
		at := "steps/" + string(s.ID)
		c.known(at+"/who=", "E201", "role", string(s.Who), everyone)
		c.known(at+"/follower=", "E201", "role", string(s.Follower), roles)
		c.known(at+"/to=", "E201", "role", string(s.To), roles)
		c.known(at+"/sets=", "E202", "milestone", string(s.Sets), milestones)
		c.known(at+"/by=", "E203", "clock", string(s.By.Clock), clocks)
		if s.Repeat != nil {
			c.known(at+"/repeat/until=", "E202", "milestone", string(s.Repeat.Until), milestones)
		}
		c.known(at+"/choice=", "E205", "choice", string(s.Choice), chosen)
		for n, caution := range s.Cautions {
			c.known(fmt.Sprintf("%s/cautions/%d", at, n), "E206", "caution", caution, cautions)
		}
		for _, a := range s.Answers {
			c.known(at+"/answers/"+string(a.Kind)+"/sets=", "E202", "milestone", string(a.Sets), milestones)
		}
		for _, item := range s.Agenda {
			for n, role := range item.With {
				c.known(fmt.Sprintf("%s/agenda/%s/with/%d", at, item.ID, n), "E201", "role", string(role), everyone)
			}
			for n, role := range item.Without {
				if role == PatientRole {
					c.fault(fmt.Sprintf("%s/agenda/%s/without/%d", at, item.ID, n), "E325", "the patient is never sent out of the meeting: the patient speaks first on every item")
					continue
				}
				c.known(fmt.Sprintf("%s/agenda/%s/without/%d", at, item.ID, n), "E201", "role", string(role), roles)
			}
		}
	}
	for _, choice := range d.Choices {
		for _, o := range choice.Options {
			for n, caution := range o.Cautions {
				c.known(fmt.Sprintf("choices/%s/options/%s/cautions/%d", choice.ID, o.ID, n), "E206", "caution", caution, cautions)
			}
		}
	}
	for _, e := range d.Ends {
		c.known("ends/"+string(e.ID)+"/carries-on=", "E201", "role", string(e.CarriesOn), roles)
	}
	c.known("overdue/contact/who=", "E201", "role", string(d.Overdue.Contact.Who), roles)
	for _, code := range d.Codes {
		c.known("codes/"+code.ID+"/at=", "E202", "milestone", string(code.At), milestones)
		c.known("codes/"+code.ID+"/end=", "E209", "ending", string(code.End), ends)
	}
	sources := names(ids(d.Sources, func(s Source) SourceID { return s.ID }))
	for _, b := range bases(d) {
		c.known(b.path+"/source=", "E207", "source", string(b.basis.Source), sources)
	}
	for _, s := range d.Steps {
		if slices.Contains(milestones, string(s.ID)) {
			c.fault("steps/"+string(s.ID), "E210", "%q is both a milestone and a step: after could mean either", s.ID)
		}
	}
	for _, role := range d.Roles {
		if role.ID == PatientRole || slices.Contains(ladderTo, string(role.ID)) && role.ID != ToCoordinator {
			c.fault("roles/"+string(role.ID), "E211", "%q has a meaning of its own in every pathway; choose another name", role.ID)
		}
	}
	for _, f := range d.Facts {
		if slices.Contains(reservedFacts, string(f.ID)) {
			c.fault("facts/"+string(f.ID), "E211", "%q has a meaning of its own in conditions; choose another name", f.ID)
		}
	}
	c.columns()
	return c.findings
}

// columns finds columns that a table cannot read, and rows that give what the
// table never gives.
func (c *checker) columns() {
	for i := range c.d.Tables {
		t := &c.d.Tables[i]
		at := "tables/" + string(t.ID)
		if _, declared := find(c.d.Facts, func(f *Fact) FactID { return f.ID }, t.ID); declared || slices.Contains(reservedFacts, string(t.ID)) {
			c.fault(at, "E211", "%q has a meaning of its own in conditions; choose another name", t.ID)
		}
		if len(t.Reads) == 0 {
			c.fault(at+"/reads", "E212", "the table %q reads nothing", t.ID)
		}
		for n, f := range t.Reads {
			if _, why := c.d.column(f); why != "" {
				t.broken = true
				c.fault(fmt.Sprintf("%s/reads/%d", at, n), "E212", "%q cannot be a column: %s", f, why)
			}
		}
		for n, row := range t.Rows {
			if !t.gives(row.Gives) {
				c.fault(fmt.Sprintf("%s/rows/%d/gives=", at, n), "E383", "the table %q never gives %v%s", t.ID, row.Gives, t.allowed(fmt.Sprint(row.Gives)))
			}
		}
	}
}

// reservedFacts are words of the condition language.
var reservedFacts = []string{
	"age", "pem", "reached", "outcome", "date", "true", "false", "null", "in", "as", "break", "const", "continue",
	"else", "for", "function", "if", "import", "let", "loop", "namespace", "package", "return", "var", "void", "while",
	"bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null-type", "timestamp", "duration",
}

// checker gathers findings about a definition, with their places.
type checker struct {
	d        *Definition
	findings []Finding
}

func (c *checker) add(file, path, code, severity, format string, args ...any) {
	at := c.d.where.of(file, path)
	c.findings = append(c.findings, Finding{
		File: at.file, Line: at.line, Col: at.col, Code: code, Severity: severity, Message: fmt.Sprintf(format, args...),
	})
}

func (c *checker) fault(path, code, format string, args ...any) {
	c.add(structureFile, path, code, SeverityError, format, args...)
}

func (c *checker) warn(path, code, format string, args ...any) {
	c.add(structureFile, path, code, SeverityWarning, format, args...)
}

// known refuses a name that is not among those declared. An empty name was
// left out or is already refused.
func (c *checker) known(path, code, thing, name string, declared []string) {
	if name != "" && !slices.Contains(declared, name) {
		c.fault(path, code, "there is no %s %q%s", thing, name, allowedList(name, declared))
	}
}

// needs decides of each name under after whether it is a milestone or a step.
func (c *checker) needs() {
	for i := range c.d.Steps {
		s := &c.d.Steps[i]
		for n := range s.After {
			c.need(&s.After[n], fmt.Sprintf("steps/%s/after/%d", s.ID, n))
		}
	}
	for i := range c.d.Ends {
		e := &c.d.Ends[i]
		for n := range e.After {
			c.need(&e.After[n], fmt.Sprintf("ends/%s/after/%d", e.ID, n))
		}
	}
}

func (c *checker) need(n *Need, path string) {
	if n.Milestone != "" {
		return // decided already, in the pathway that a layer lies over
	}
	name := string(n.Step)
	step, isStep := c.d.Step(n.Step)
	_, isMilestone := c.d.Milestone(MilestoneID(name))
	switch {
	case isStep && n.Outcome == "":
	case isStep:
		allowed := c.d.Outcomes(step)
		if slices.Contains(allowed, n.Outcome) {
			return
		}
		if slices.Contains(silences, n.Outcome) {
			c.fault(path, "E341", "%q is a silence, and silence opens and ends nothing here: let a person decide what happens next", n.Outcome)
			return
		}
		c.fault(path, "E208", "the step %q never ends with %q%s", name, n.Outcome, allowedList(n.Outcome, allowed))
	case isMilestone:
		if n.Outcome != "" {
			c.fault(path, "E208", "%q is a milestone and has no outcome", name)
		}
		*n = Need{Milestone: MilestoneID(name)}
	default:
		known := append(names(ids(c.d.Milestones, func(m Milestone) MilestoneID { return m.ID })),
			names(ids(c.d.Steps, func(s Step) StepID { return s.ID }))...)
		c.fault(path, "E204", "there is no milestone or step %q%s", name, allowedList(name, known))
	}
}

// silences are outcomes an author may think of that are none (L5).
var silences = []string{"no-show", "unanswered", "silence", "missed", "no-answer", "did-not-attend", "timeout"}
