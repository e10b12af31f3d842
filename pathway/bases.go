package pathway

import "fmt"

// placedBasis is one basis of a definition with where it stands.
type placedBasis struct {
	path  string
	what  string // what it is the basis of, in words
	basis Basis
	// asked is true where the thing must have a basis of its own; otherwise the
	// basis of what holds it counts.
	asked bool
}

// bases lists every place of a definition where a source or a tag can stand.
func bases(d *Definition) []placedBasis {
	var all []placedBasis
	add := func(asked bool, basis Basis, what, path string, args ...any) {
		all = append(all, placedBasis{path: fmt.Sprintf(path, args...), what: what, basis: basis, asked: asked})
	}
	add(d.For.MinAge != 0 || d.For.MaxAge != 0 || len(d.For.Codes) > 0 || len(d.For.Checklist) > 0, d.For.Basis, "who the pathway is for", "for")
	for _, o := range d.For.Opens {
		add(true, o.Basis, "the reason to open the pathway", "for/opens/%s", o.ID)
	}
	for _, m := range d.Milestones {
		add(true, m.Basis, "the milestone", "milestones/%s", m.ID)
	}
	for _, k := range d.Clocks {
		add(true, k.Basis, "the limit", "clocks/%s", k.ID)
		for _, p := range k.Pauses {
			add(true, p.Basis, "the pause", "clocks/%s/pauses/%s", k.ID, p.Reason)
		}
	}
	for _, s := range d.Steps {
		add(true, s.Basis, "the step", "steps/%s", s.ID)
		if s.By.Clock == "" {
			add(!s.By.Within.IsZero(), s.By.Basis, "the latest date", "steps/%s/by", s.ID)
		}
		add(s.Effort != Effort{Stated: s.Effort.Stated, Basis: s.Effort.Basis}, s.Effort.Basis, "the effort", "steps/%s/effort", s.ID)
		add(!s.AnswerWithin.IsZero(), s.AnswerWithinBasis, "the time to reply", "steps/%s/reply", s.ID)
		if s.Repeat != nil {
			add(true, s.Repeat.Basis, "the repeat", "steps/%s/repeat", s.ID)
		}
		for _, a := range s.Answers {
			add(false, a.Basis, "the answer", "steps/%s/answers/%s", s.ID, a.Kind)
			add(!a.AnswerWithin.IsZero(), a.AnswerWithinBasis, "the time to reply", "steps/%s/answers/%s/reply", s.ID, a.Kind)
		}
		for _, item := range s.Agenda {
			add(false, item.Basis, "the item", "steps/%s/agenda/%s", s.ID, item.ID)
		}
	}
	for _, c := range d.Choices {
		for _, o := range c.Options {
			add(true, o.Basis, "the option", "choices/%s/options/%s", c.ID, o.ID)
			add(o.Effort != Effort{Stated: o.Effort.Stated, Basis: o.Effort.Basis}, o.Effort.Basis, "the effort", "choices/%s/options/%s/effort", c.ID, o.ID)
		}
	}
	for _, t := range d.Tables {
		for i, row := range t.Rows {
			add(true, row.Basis, "the row", "tables/%s/rows/%d", t.ID, i)
		}
	}
	for _, c := range d.Cautions {
		add(true, c.Basis, "the caution", "cautions/%s", c.ID)
	}
	for _, e := range d.Ends {
		add(true, e.Basis, "the ending", "ends/%s", e.ID)
	}
	if d.KeepOld != nil {
		add(true, d.KeepOld.Basis, "the time to keep the old plan", "keep-old-plan")
	}
	add(true, d.Overdue.Contact.Basis, "the time to contact", "overdue/contact")
	for i, rung := range d.Overdue.Ladder {
		add(true, rung.Basis, "the rung", "overdue/ladder/%d", i)
	}
	return all
}
