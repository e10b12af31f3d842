package web

import (
	"net/http"
	"strings"

	"forlop/casework"
	"forlop/pathway"
)

// diffPage is what differs between two versions, in sentences.
type diffPage struct {
	tabs    []link
	filter  *filter
	nothing string
	effect  []string // what it means for those who follow the other version
	reckon  string   // where the effect is reckoned, when it takes long
	lines   []*shownLine
	links   []authorLink
	mayAct  bool
}

// fewJourneys is up to how many running journeys the effect is reckoned at once,
// without being asked; ours.
const fewJourneys = 300

func showDiff(c *call) error {
	p, s, err := c.author("staff.author.title.diff")
	if err != nil {
		return err
	}
	x := diffPage{tabs: authorTabs(p, s, "diff")}
	before, f, err := c.before(p, s)
	if err != nil {
		return err
	}
	x.filter = f
	switch {
	case !s.runs():
		x.nothing = p.T("staff.author.not-readable")
	case before == nil:
		x.nothing = p.T("staff.author.diff.no-other")
	default:
		if err := c.difference(p, s, before, &x); err != nil {
			return err
		}
	}
	x.links, x.mayAct = c.authorActs(p, s), c.mayApprove()
	return write(c.w, c.r, http.StatusOK, diffBody(p, x))
}

// difference says what differs, and what it means for those on the way.
func (c *call) difference(p page, s *source, before *pathway.Definition, x *diffPage) error {
	ctx := c.r.Context()
	lib, err := casework.View(ctx, c.s.service, c.who, casework.PathwayVersion{Ref: pathway.Ref{ID: before.ID, Version: before.Version}})
	if err != nil {
		return err
	}
	var effect casework.MoveEffect
	if c.r.URL.Query().Has("effect") || lib.Journeys <= fewJourneys {
		if effect, err = c.s.service.Effect(ctx, before.Ref, s.def, pathway.Mapping{}); err != nil {
			return err
		}
		x.effect = effectWords(p, effect)
	} else {
		x.effect = []string{p.T("staff.author.effect.many", "n", lib.Journeys, "version", before.Version)}
		x.reckon = pathwayAddress(s.ref(), "/diff?from="+before.Version+"&effect")
	}
	x.lines = diffLines(pathway.DiffWith(before, s.def, p.lang.code, func(path string) string { return partWords(p, effect, path) }))
	if len(x.lines) < 2 {
		x.nothing = p.T("staff.author.diff.same")
	}
	return nil
}

// before is the version to compare with: the one asked for, the one that was
// published before, or any other of the same pathway.
func (c *call) before(p page, s *source) (*pathway.Definition, *filter, error) {
	defs, err := c.s.service.Pathways(c.r.Context())
	if err != nil {
		return nil, nil, err
	}
	asked := c.r.URL.Query().Get("from")
	var found *pathway.Definition
	from := choiceField{name: "from", legend: p.T("staff.author.diff.from")}
	for _, def := range defs {
		if def.ID != s.ref().ID || def.Version == s.ref().Version {
			continue
		}
		if found == nil && asked == "" || def.Version == asked {
			found = def
		}
		from.choices = append(from.choices, choice{value: def.Version, label: def.Version})
	}
	if asked == "" && s.view != nil && s.view.Before != nil {
		found = s.view.Before
	}
	if found == nil {
		return nil, nil, nil
	}
	for i := range from.choices {
		from.choices[i].chosen = from.choices[i].value == found.Version
	}
	return found, &filter{action: pathwayAddress(s.ref(), "/diff"), selects: []choiceField{from}}, nil
}

// diffLines puts what pathway.Diff writes under one another.
func diffLines(text string) []*shownLine {
	var out []*shownLine
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line == "" {
			continue
		}
		l := &shownLine{words: []shownWord{{text: strings.TrimLeft(line, " ")}}}
		if strings.HasPrefix(line, " ") && len(out) > 0 {
			out[len(out)-1].under = append(out[len(out)-1].under, l)
			continue
		}
		out = append(out, l)
	}
	return out
}
