package pathway

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
)

// mappingFile is the name a mapping has in findings.
const mappingFile = "mapping.yaml"

// Mapping says what becomes of a running journey's parts when it moves from one
// version of a pathway to another. What it does not name is called the same in
// both.
type Mapping struct {
	// From and To are the two versions, without their hashes.
	From, To Ref
	// Steps, Milestones and Choices are the new names of the old ones.
	Steps      map[StepID]StepID
	Milestones map[MilestoneID]MilestoneID
	Choices    map[ChoiceID]ChoiceID
	// Drops are the steps that have no place in the new version, each with the
	// name of the reason in Reasons.
	Drops map[StepID]string
	// Reasons are what the patient reads of a step that is dropped.
	Reasons map[string]map[care.Language]string

	where positions
}

// Step is what an old step is called in the new version; false where it is
// dropped.
func (m Mapping) Step(id StepID) (StepID, bool) {
	if _, dropped := m.Drops[id]; dropped {
		return "", false
	}
	return renamed(m.Steps, id), true
}

// Milestone is what an old milestone is called in the new version.
func (m Mapping) Milestone(id MilestoneID) MilestoneID { return renamed(m.Milestones, id) }

// Choice is what an old choice is called in the new version.
func (m Mapping) Choice(id ChoiceID) ChoiceID { return renamed(m.Choices, id) }

func renamed[T ~string](names map[T]T, id T) T {
	if to, ok := names[id]; ok {
		return to
	}
	return id
}

// ParseMapping reads a mapping file as strictly as a pathway's own. With any
// finding of severity error it must not be used.
func ParseMapping(src []byte) (Mapping, []Finding) {
	m := newMapping()
	r := &reader{file: mappingFile, src: src, where: m.where}
	if root := r.parse(); root != nil {
		mappingShape(&m).read(r, root, "")
	}
	c := m.checker()
	c.reasons(m)
	return m, sortFindings(append(r.findings, c.findings...))
}

// MappingSchema is the JSON Schema of a mapping file.
func MappingSchema() []byte {
	m := newMapping()
	return schemaOf(mappingFile, "What becomes of running journeys when they move from one version of a pathway to another.", mappingShape(&m))
}

func newMapping() Mapping {
	return Mapping{
		Steps: map[StepID]StepID{}, Milestones: map[MilestoneID]MilestoneID{}, Choices: map[ChoiceID]ChoiceID{},
		Drops: map[StepID]string{}, Reasons: map[string]map[care.Language]string{}, where: positions{},
	}
}

func mappingShape(m *Mapping) shape {
	return object(
		must("from", "The version that the journeys follow now, such as no.pain@2025.04.", version(&m.From)),
		must("to", "The version they move to.", version(&m.To)),
		may("steps", "What becomes of the steps that are not called the same: the new name, or drop with a reason.", table("The new name, or {drop: reason}.", func(old string) shape {
			var to StepID
			var reason string
			s := either(id(&to), object(must("drop", "The reason, by its name under reasons.", id(&reason))))
			return shape{schema: s.schema, read: func(r *reader, n *yaml.Node, path string) {
				s.read(r, n, path)
				switch {
				case to != "":
					m.Steps[StepID(old)] = to
				case reason != "":
					m.Drops[StepID(old)] = reason
				}
			}}
		})),
		may("milestones", "The new names of milestones.", entries("The new name.", m.Milestones, id)),
		may("choices", "The new names of choices.", entries("The new name.", m.Choices, id)),
		may("reasons", "What the patient reads of a step that is dropped, in four languages.", entries("The reason.", m.Reasons, func(r *map[care.Language]string) shape {
			*r = map[care.Language]string{}
			return choices("The reason in one language.", care.Languages, func(l care.Language) shape {
				var said string
				s := text(&said)
				return shape{schema: s.schema, read: func(rd *reader, n *yaml.Node, path string) {
					s.read(rd, n, path)
					(*r)[l] = said
				}}
			})
		})),
	)
}

// version is the name and version of a pathway.
func version(dst *Ref) shape {
	return scalar("a version such as no.pain@2025.04", onlyText, map[string]any{"type": "string", "pattern": refForm.String()}, func(r *reader, n *yaml.Node) {
		if !refForm.MatchString(n.Value) {
			r.fault(n, "E106", "%q is not a version of a pathway; write it as no.pain@2025.04", n.Value)
			return
		}
		dst.ID, dst.Version, _ = strings.Cut(n.Value, "@")
	})
}

func (m Mapping) checker() *checker { return &checker{d: &Definition{where: m.where}} }

// reasons finds drops without words for the patient.
func (c *checker) reasons(m Mapping) {
	for _, s := range sortedKeys(m.Drops) {
		reason := m.Drops[s]
		said, ok := m.Reasons[reason]
		if !ok {
			c.mapped("steps/"+string(s), "E710", "there is no reason %q%s", reason, allowedList(reason, sortedKeys(m.Reasons)))
			continue
		}
		for _, l := range care.Languages {
			if said[l] == "" {
				c.mapped("reasons/"+reason, "E710", "the reason %q has no words in %q: the patient reads it in their own language", reason, l)
			}
		}
	}
}

func (c *checker) mapped(path, code, format string, args ...any) {
	c.add(mappingFile, path, code, SeverityError, format, args...)
}

// CheckMapping finds what a mapping leaves without a place: every step of from
// that can be open must be in to under its own or its new name and of the same
// kind, or be dropped with a reason; and a clock that goes on must find the
// milestones it runs between. With any finding of severity error no journey may
// be moved by it.
func CheckMapping(from, to *Definition, m Mapping) []Finding {
	c := m.checker()
	for _, v := range []struct {
		key  string
		said Ref
		is   *Definition
	}{{"from", m.From, from}, {"to", m.To, to}} {
		if v.said.ID != "" && v.said.String() != v.is.Ref.String() {
			c.mapped(v.key+"=", "E700", "the mapping is for %s, and this is %s", v.said, v.is.Ref)
		}
	}
	c.mappedNames(from, to, m)
	c.mappedSteps(from, to, m)
	c.mappedClocks(from, to, m)
	return sortFindings(c.findings)
}

// mappedNames finds names that one of the versions does not have.
func (c *checker) mappedNames(from, to *Definition, m Mapping) {
	steps := func(d *Definition) []string { return names(ids(d.Steps, func(s Step) StepID { return s.ID })) }
	milestones := func(d *Definition) []string {
		return names(ids(d.Milestones, func(x Milestone) MilestoneID { return x.ID }))
	}
	chosen := func(d *Definition) []string { return names(ids(d.Choices, func(x Choice) ChoiceID { return x.ID })) }
	pairs(c, "steps", "step", m.Steps, steps(from), steps(to))
	pairs(c, "milestones", "milestone", m.Milestones, milestones(from), milestones(to))
	pairs(c, "choices", "choice", m.Choices, chosen(from), chosen(to))
	for _, s := range sortedKeys(m.Drops) {
		if _, ok := from.Step(s); !ok {
			c.mapped("steps/"+string(s), "E701", "the old version has no step %q%s", s, allowedList(string(s), steps(from)))
		}
	}
}

// pairs checks both sides of a list of new names, and that no two old ones
// become one.
func pairs[T ~string](c *checker, section, thing string, given map[T]T, before, after []string) {
	for _, old := range sortedKeys(given) {
		path := section + "/" + string(old)
		if !slices.Contains(before, string(old)) {
			c.mapped(path, "E701", "the old version has no %s %q%s", thing, old, allowedList(string(old), before))
		}
		if to := string(given[old]); !slices.Contains(after, to) {
			c.mapped(path+"=", "E702", "the new version has no %s %q%s", thing, to, allowedList(to, after))
		}
	}
	became := map[T]string{}
	for _, old := range before {
		to := renamed(given, T(old))
		if !slices.Contains(after, string(to)) {
			continue
		}
		if first, taken := became[to]; taken {
			c.mapped(section+"/"+old, "E708", "the %ss %q and %q would both become %q: a journey can have both, and one of them would be lost", thing, first, old, to)
		}
		became[to] = old
	}
}

// mappedSteps finds open steps that would be left without a place.
func (c *checker) mappedSteps(from, to *Definition, m Mapping) {
	for i := range from.Steps {
		old := &from.Steps[i]
		path := "steps/" + string(old.ID)
		name, kept := m.Step(old.ID)
		if !kept {
			if old.Kind == Answer {
				c.mapped(path, "E711", "the step %q answers the referral and cannot be dropped: nobody is left without an answer", old.ID)
			}
			continue
		}
		_, given := m.Steps[old.ID]
		now, ok := to.Step(name)
		switch {
		case !ok && given: // told as a name that is not there
		case !ok:
			c.mapped("steps", "E703", "the step %q of %s can be open, and the mapping does not say what becomes of it: give it its new name, or drop it with a reason", old.ID, from.Ref)
		case now.Kind != old.Kind && given:
			c.mapped(path+"=", "E704", "the step %q is of kind %s and %q is of kind %s: a step cannot become another kind; drop it with a reason", old.ID, old.Kind, name, now.Kind)
		case now.Kind != old.Kind:
			c.mapped("steps", "E704", "the step %q is of kind %s in %s and of kind %s in %s: a step cannot become another kind; drop it with a reason", old.ID, old.Kind, from.Ref, now.Kind, to.Ref)
		case old.Choice != "" && m.Choice(old.Choice) != now.Choice:
			c.mapped(path, "E709", "the step %q lays out the choice %q, and in %s it lays out %q: give the choice its new name, or drop the step", old.ID, old.Choice, to.Ref, now.Choice)
		}
	}
}

// mappedClocks finds clocks that could not go on.
func (c *checker) mappedClocks(from, to *Definition, m Mapping) {
	for _, old := range from.Clocks {
		now, ok := to.Clock(old.ID)
		if !ok {
			if old.Kind == LawClock && !slices.ContainsFunc(to.Clocks, func(k Clock) bool {
				return k.Kind == LawClock && k.From == m.Milestone(old.From) && k.To == m.Milestone(old.To)
			}) {
				c.mapped("to=", "E706", "the clock %q is the law's, and %s has none between the same milestones: it cannot be left by moving", old.ID, to.Ref)
			}
			continue
		}
		for _, x := range []struct {
			key        string
			was, named MilestoneID
		}{{"from", old.From, now.From}, {"to", old.To, now.To}} {
			kept := m.Milestone(x.was)
			if _, there := to.Milestone(kept); !there {
				c.mapped("milestones", "E705", "the clock %q runs %s %q, and %s has no such milestone: give it its new name", old.ID, x.key, x.was, to.Ref)
			} else if x.key == "from" && kept != x.named {
				c.add(mappingFile, "milestones", "W707", SeverityWarning, "the clock %q runs from %q now and from %q in %s: running clocks are left, and new ones count from that day", old.ID, x.was, x.named, to.Ref)
			}
		}
	}
}
