package simulation

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// Coverage is how much of a pathway its examples reach.
type Coverage struct {
	Steps   Reach `json:"steps"`
	Answers Reach `json:"answers"`
	Ends    Reach `json:"ends"`
	Rows    Reach `json:"rows"` // of decision tables
}

// String is "16 of 17 steps, 4 of 4 answers, …".
func (c Coverage) String() string {
	said := fmt.Sprintf("%s steps, %s answers, %s endings", c.Steps, c.Answers, c.Ends)
	if c.Rows.All > 0 {
		said += fmt.Sprintf(", %s table rows", c.Rows)
	}
	return said
}

// Reach is how many of all were reached.
type Reach struct {
	Reached int `json:"reached"`
	All     int `json:"all"`
}

// String is "3 of 4".
func (r Reach) String() string { return fmt.Sprintf("%d of %d", r.Reached, r.All) }

// cover is which steps, answers, endings and table rows of a pathway the
// examples reach.
type cover struct {
	def *pathway.Definition
	// below is what a local layer lies over; its examples try what it adds.
	below   *pathway.Definition
	reached map[string]bool
}

func newCover(def *pathway.Definition) *cover {
	return &cover{def: def, reached: map[string]bool{}}
}

// tally counts what this example reached while its journey followed the
// pathway.
func (p *play) tally() error {
	if p.journey == "" {
		return nil
	}
	v, err := p.look()
	if err != nil {
		return err
	}
	c, on := p.stage.cover, false
	steps := map[int]pathway.StepID{}
	state := journey.New()
	for _, r := range v.History {
		if err := journey.Evolve(state, r); err != nil {
			return err
		}
		switch e := r.Event.(type) {
		case journey.Opened:
			on = e.Pathway.String() == c.def.Ref.String()
		case journey.Moved:
			on = e.To.String() == c.def.Ref.String()
		case journey.StepOpened:
			steps[e.Step] = e.ID
			c.reach(on, "steps", string(e.ID))
		case journey.Answered:
			c.reach(on, "steps", string(steps[e.Step]), "answers", string(e.Answer))
		case journey.Offered:
			if e.Kind == journey.OfReferral && e.Step > 0 {
				c.reach(on, "steps", string(steps[e.Step]), "answers", string(pathway.Redirect))
			}
		case journey.QuestionAsked:
			if e.Step > 0 {
				c.reach(on, "steps", string(steps[e.Step]), "answers", string(pathway.Ask))
			}
		case journey.Ended:
			c.reach(on, "ends", string(e.End))
		}
		if on {
			c.rows(journey.Facts(state, knownOf(v), r.Learned))
		}
	}
	return nil
}

// knownOf is what conditions read of the person. What effort does to them is as
// it was known at the end.
func knownOf(v casework.JourneyView) journey.Known {
	k := journey.Known{Calendar: v.Calendar, Person: journey.Person{Born: v.Person.Identity.Born}}
	if m := v.Person.State.Condition.Malaise; m == person.MalaiseYes || m == person.MalaiseNo {
		worse := m == person.MalaiseYes
		k.Person.PEM = &worse
	}
	return k
}

// rows counts the row of each table that answers now.
func (c *cover) rows(known map[pathway.FactID]any) {
	for _, t := range c.def.Tables {
		if row, _, ok := c.def.Decide(t.ID, known); ok {
			c.reach(true, "tables", string(t.ID), "rows", strconv.Itoa(row))
		}
	}
}

func (c *cover) reach(on bool, path ...string) {
	if on {
		c.reached[join(path)] = true
	}
}

func join(path []string) string {
	s := ""
	for _, word := range path {
		s += "/" + word
	}
	return s
}

// never counts what the examples reach, and lists what none does, each at its
// place in the pathway file.
func (c *cover) never(folder fs.FS) (Coverage, []pathway.Finding) {
	var all Coverage
	p, root := readPage(folder, "pathway.yaml")
	miss := func(r *Reach, what string, path ...string) {
		r.All++
		if c.reached[join(path)] {
			r.Reached++
			return
		}
		p.fault(find(root, path), codeNeverTried, "no example reaches %s", what)
	}
	nation := c.below
	if nation == nil {
		nation = &pathway.Definition{}
	}
	for _, s := range c.def.Steps {
		if _, known := nation.Step(s.ID); known {
			continue
		}
		miss(&all.Steps, "the step "+string(s.ID), "steps", string(s.ID))
		for _, a := range s.Answers {
			miss(&all.Answers, "the answer "+string(a.Kind)+" of the step "+string(s.ID), "steps", string(s.ID), "answers", string(a.Kind))
		}
	}
	for _, e := range c.def.Ends {
		if _, known := nation.End(e.ID); known {
			continue
		}
		miss(&all.Ends, "the ending "+string(e.ID), "ends", string(e.ID))
	}
	for _, t := range c.def.Tables[len(nation.Tables):] {
		for i := range t.Rows {
			miss(&all.Rows, fmt.Sprintf("row %d of the table %s", i+1, t.ID), "tables", string(t.ID), "rows", strconv.Itoa(i))
		}
	}
	return all, slices.Clip(p.findings)
}

// find is the key that a path of keys leads to, or the entry of a list.
func find(n *yaml.Node, path []string) *yaml.Node {
	var key *yaml.Node
	for _, word := range path {
		found := false
		if i, err := strconv.Atoi(word); err == nil && n != nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
			key, n, found = n.Content[i], n.Content[i], true
		}
		for i := 0; !found && n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == word {
				key, n, found = n.Content[i], n.Content[i+1], true
			}
		}
		if !found {
			break
		}
	}
	return key
}
