package pathway

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Conflicts lists what the owner of a local layer must look at when the national
// version that it lies over changes: a step that it hangs on and that is gone, a
// limit that is shorter nationally now, a name that exists nationally now. before
// is the version it extends and after the new one. An error says that the layer
// cannot lie over the new version as it is; a warning, that somebody should
// look. Places are in the layer's own files.
func Conflicts(folder fs.FS, before, after *Definition) []Finding {
	src, err := fs.ReadFile(folder, structureFile)
	if err != nil {
		return []Finding{{File: structureFile, Code: "E100", Severity: SeverityError, Message: fmt.Sprintf("the file cannot be read: %s", err)}}
	}
	d, findings := compose(before, folder, src)
	if d == nil || HasErrors(findings) {
		return sortFindings(findings)
	}
	c := &conflicts{checker: &checker{d: d}, before: before, after: after}
	c.taken()
	c.limits()
	c.gone()
	if !HasErrors(c.findings) {
		c.whole(folder, src)
	}
	return sortFindings(c.findings)
}

// conflicts compares a composed layer with a new national version.
type conflicts struct {
	*checker
	before, after *Definition
}

// parts are the names of one section in the whole, in the version before and in
// the one after.
type parts struct {
	section, thing       string
	whole, before, after []string
}

func (c *conflicts) sections() []parts {
	list := func(d *Definition) [][]string {
		return [][]string{
			names(ids(d.Sources, func(x Source) SourceID { return x.ID })), names(ids(d.Facts, func(x Fact) FactID { return x.ID })),
			names(ids(d.Tables, func(x Table) FactID { return x.ID })), names(ids(d.Roles, func(x Role) RoleID { return x.ID })),
			names(ids(d.Milestones, func(x Milestone) MilestoneID { return x.ID })), names(ids(d.Clocks, func(x Clock) ClockID { return x.ID })),
			names(ids(d.Steps, func(x Step) StepID { return x.ID })), names(ids(d.Choices, func(x Choice) ChoiceID { return x.ID })),
			ids(d.Cautions, func(x Caution) string { return x.ID }),
		}
	}
	words := [][2]string{
		{"sources", "source"}, {"facts", "fact"}, {"tables", "table"}, {"roles", "role"}, {"milestones", "milestone"},
		{"clocks", "clock"}, {"steps", "step"}, {"choices", "choice"}, {"cautions", "caution"},
	}
	whole, before, after := list(c.d), list(c.before), list(c.after)
	var all []parts
	for i, w := range words {
		all = append(all, parts{w[0], w[1], whole[i], before[i], after[i]})
	}
	for _, choice := range c.before.Choices {
		now, _ := c.d.Choice(choice.ID)
		p := parts{section: "choices/" + string(choice.ID) + "/options", thing: "option", before: optionsOf(&choice), whole: optionsOf(now)}
		if then, ok := c.after.Choice(choice.ID); ok {
			p.after = optionsOf(then)
		}
		all = append(all, p)
	}
	return all
}

func optionsOf(c *Choice) []string { return ids(c.Options, func(o Option) string { return o.ID }) }

// mine reports whether the layer added a name.
func (p parts) mine(name string) bool { return !slices.Contains(p.before, name) }

// taken finds names of the layer that exist nationally now.
func (c *conflicts) taken() {
	for _, p := range c.sections() {
		for _, name := range p.whole {
			if p.mine(name) && slices.Contains(p.after, name) {
				c.fault(p.section+"/"+name, "E823", "%s has %s called %q now: take the layer's out if they are the same, or give it another name", c.after.Ref, a(p.thing), name)
			}
		}
	}
}

// a puts the article before a word.
func a(thing string) string {
	if strings.ContainsAny(thing[:1], "aeiou") {
		return "an " + thing
	}
	return "a " + thing
}

// limits compares what the layer tightens with what is national now.
func (c *conflicts) limits() {
	for _, path := range c.d.Tightened {
		section, name, _ := strings.Cut(path, "/")
		if section == "clocks" {
			local, _ := c.d.Clock(ClockID(name))
			was, _ := c.before.Clock(ClockID(name))
			now, ok := c.after.Clock(ClockID(name))
			switch {
			case !ok:
				c.fault(path, "E820", "the layer makes the limit %q shorter, and %s has no such clock", name, c.after.Ref)
			case now.From != was.From || now.To != was.To:
				c.warn(path, "W822", "the clock %q ran from %q to %q, and in %s it runs from %q to %q; the layer says %s: look whether that is still meant", name, was.From, was.To, c.after.Ref, now.From, now.To, local.Within)
			default:
				c.limit(path, By{Within: local.Within}, By{Within: was.Within}, By{Within: now.Within})
			}
			continue
		}
		local, _ := c.d.Step(StepID(name))
		was, _ := c.before.Step(StepID(name))
		now, ok := c.after.Step(StepID(name))
		switch {
		case !ok:
			c.fault(path, "E820", "the layer makes the date of the step %q sooner, and %s has no such step", name, c.after.Ref)
		case now.By.Clock != "":
			c.fault(path, "E821", "the step %q has its date from the clock %q in %s: the layer would have to tighten the clock", name, now.By.Clock, c.after.Ref)
		default:
			c.limit(path, local.By, was.By, now.By)
		}
	}
}

func (c *conflicts) limit(path string, local, was, now By) {
	switch {
	case now.Within == was.Within:
	case now.Within == local.Within:
		c.warn(path, "W822", "the national limit was %s and is %s now, as the layer says: the line can go", was.Within, now.Within)
	case now.Within.Unit == local.Within.Unit && local.Within.N < now.Within.N, now.Within.Unit != local.Within.Unit && most(local.Within) <= least(now.Within):
		c.warn(path, "W822", "the national limit was %s and is %s now; the layer says %s: look whether that is still meant", was.Within, now.Within, local.Within)
	default:
		c.fault(path, "E821", "the national limit was %s and is %s now; the layer says %s, which would loosen it", was.Within, now.Within, local.Within)
	}
}

// gone finds what the layer's parts hang on and the new version does not have.
func (c *conflicts) gone() {
	has := map[string]parts{}
	for _, p := range c.sections() {
		has[p.thing] = p
	}
	hangs := func(path, what, thing, name string) {
		p := has[thing]
		if name != "" && slices.Contains(p.before, name) && !slices.Contains(p.after, name) {
			c.fault(path, "E820", "%s hangs on the %s %q, which %s does not have", what, thing, name, c.after.Ref)
		}
	}
	reads := func(path, what string, facts []FactID) {
		for _, f := range facts {
			name := string(f)
			switch {
			case strings.HasPrefix(name, "outcome("):
				hangs(path, what, "step", name[len("outcome("):len(name)-1])
			case strings.HasPrefix(name, "reached("):
				hangs(path, what, "milestone", name[len("reached("):len(name)-1])
			default:
				hangs(path, what, "fact", name)
			}
		}
	}
	for i := range c.d.Steps {
		s := &c.d.Steps[i]
		if !has["step"].mine(string(s.ID)) {
			continue
		}
		at, what := "steps/"+string(s.ID), fmt.Sprintf("the step %q", s.ID)
		for n, need := range s.After {
			path := fmt.Sprintf("%s/after/%d", at, n)
			hangs(path, what, "step", string(need.Step))
			hangs(path, what, "milestone", string(need.Milestone))
			c.outcome(path, what, need)
		}
		hangs(at+"/who=", what, "role", string(s.Who))
		hangs(at+"/follower=", what, "role", string(s.Follower))
		hangs(at+"/to=", what, "role", string(s.To))
		hangs(at+"/sets=", what, "milestone", string(s.Sets))
		hangs(at+"/by=", what, "clock", string(s.By.Clock))
		hangs(at+"/choice=", what, "choice", string(s.Choice))
		for n, caution := range s.Cautions {
			hangs(fmt.Sprintf("%s/cautions/%d", at, n), what, "caution", caution)
		}
		if s.Repeat != nil {
			hangs(at+"/repeat/until=", what, "milestone", string(s.Repeat.Until))
		}
		reads(at+"/if=", what, s.If.Reads())
	}
	for _, k := range c.d.Clocks {
		if has["clock"].mine(string(k.ID)) {
			at, what := "clocks/"+string(k.ID), fmt.Sprintf("the clock %q", k.ID)
			hangs(at+"/from=", what, "milestone", string(k.From))
			hangs(at+"/to=", what, "milestone", string(k.To))
		}
	}
	for i := range c.d.Cautions {
		if x := &c.d.Cautions[i]; has["caution"].mine(x.ID) {
			reads("cautions/"+x.ID, fmt.Sprintf("the caution %q", x.ID), x.When.Reads())
		}
	}
	for _, t := range c.d.Tables {
		if has["table"].mine(string(t.ID)) {
			reads("tables/"+string(t.ID)+"/reads", fmt.Sprintf("the table %q", t.ID), t.Reads)
		}
	}
	for _, choice := range c.before.Choices {
		if _, ok := c.after.Choice(choice.ID); ok {
			continue
		}
		if now, _ := c.d.Choice(choice.ID); len(now.Options) > len(choice.Options) {
			c.fault("choices/"+string(choice.ID), "E820", "the layer adds options to the choice %q, which %s does not have", choice.ID, c.after.Ref)
		}
	}
}

// outcome finds a need for an ending that a national step no longer has.
func (c *conflicts) outcome(path, what string, need Need) {
	was, nation := c.before.Step(need.Step)
	now, still := c.after.Step(need.Step)
	if !nation || !still {
		return
	}
	if need.Outcome != "" && !slices.Contains(c.after.Outcomes(now), need.Outcome) {
		c.fault(path, "E820", "%s waits until %q ends with %q, and in %s it never does%s", what, need.Step, need.Outcome, c.after.Ref, allowedList(need.Outcome, c.after.Outcomes(now)))
	} else if now.Kind != was.Kind {
		c.warn(path, "W822", "%s comes after %q, which was of kind %s and is of kind %s in %s: look whether that is still meant", what, need.Step, was.Kind, now.Kind, c.after.Ref)
	}
}

// whole lays the layer over the new version and tells what is wrong then and was
// not before.
func (c *conflicts) whole(folder fs.FS, src []byte) {
	said := map[string]bool{}
	for _, f := range lint(c.d) {
		said[f.Code+f.Message] = true
	}
	d, findings := compose(c.after, folder, src)
	if d != nil {
		findings = append(findings, lint(d)...)
	}
	for _, f := range findings {
		if f.Severity == SeverityError && !said[f.Code+f.Message] {
			c.findings = append(c.findings, f)
		}
	}
}
