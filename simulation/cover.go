package simulation

import (
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v4"

	"forlop/journey"
	"forlop/pathway"
)

// cover is which steps, answers and endings of a pathway the examples reach.
type cover struct {
	def     *pathway.Definition
	reached map[string]bool
}

func newCover(def *pathway.Definition) *cover { return &cover{def, map[string]bool{}} }

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
	for _, r := range v.History {
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
	}
	return nil
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

// never lists what no example reaches, each at its place in the pathway file.
func (c *cover) never(folder fs.FS) []pathway.Finding {
	p, root := readPage(folder, "pathway.yaml")
	miss := func(what string, path ...string) {
		if !c.reached[join(path)] {
			p.fault(find(root, path), codeNeverTried, "no example reaches %s", what)
		}
	}
	for _, s := range c.def.Steps {
		miss("the step "+string(s.ID), "steps", string(s.ID))
		for _, a := range s.Answers {
			miss("the answer "+string(a.Kind)+" of the step "+string(s.ID), "steps", string(s.ID), "answers", string(a.Kind))
		}
	}
	for _, e := range c.def.Ends {
		miss("the ending "+string(e.ID), "ends", string(e.ID))
	}
	return slices.Clip(p.findings)
}

// find is the key that a path of keys leads to.
func find(n *yaml.Node, path []string) *yaml.Node {
	var key *yaml.Node
	for _, word := range path {
		found := false
		for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == word {
				key, n, found = n.Content[i], n.Content[i+1], true
				break
			}
		}
		if !found {
			break
		}
	}
	return key
}
