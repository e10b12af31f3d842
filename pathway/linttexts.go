package pathway

import (
	"slices"
	"sort"

	"forlop/care"
)

// texts finds what one of the four languages does not say.
func (c *checker) texts() {
	for _, l := range care.Languages {
		t := c.d.Texts[l]
		if t == nil {
			if !c.d.unread[l] {
				c.add(textFile(l), "", "E501", SeverityError, "the language %q is missing: a pathway speaks all four, nb, nn, sv and en", l)
			}
			continue
		}
		w := &wording{c, textFile(l)}
		d := c.d
		said(w, "roles", "role", ids(d.Roles, func(r Role) RoleID { return r.ID }), t.Roles)
		said(w, "milestones", "milestone", ids(d.Milestones, func(m Milestone) MilestoneID { return m.ID }), t.Milestones)
		said(w, "clocks", "clock", ids(d.Clocks, func(k Clock) ClockID { return k.ID }), t.Clocks)
		said(w, "steps", "step", ids(d.Steps, func(s Step) StepID { return s.ID }), t.Steps)
		said(w, "choices", "choice", ids(d.Choices, func(x Choice) ChoiceID { return x.ID }), t.Choices)
		said(w, "cautions", "caution", ids(d.Cautions, func(x Caution) string { return x.ID }), t.Cautions)
		said(w, "ends", "ending", ids(d.Ends, func(e End) EndID { return e.ID }), t.Ends)
		said(w, "checklist", "point of the checklist", d.For.Checklist, t.Checklist)
		said(w, "opens", "reason to open the pathway", ids(d.For.Opens, func(o Opening) string { return o.ID }), t.Opens)
		said(w, "facts", "fact", ids(d.Facts, func(f Fact) FactID { return f.ID }), t.Facts)
		said(w, "tables", "table", ids(d.Tables, func(x Table) FactID { return x.ID }), t.Tables)
		said(w, "agenda", "item of an agenda", d.agendaItems(), t.Agenda)
		said(w, "pauses", "reason to pause", d.pauseReasons(), t.Pauses)
		for _, id := range sortedKeys(t.Phones) {
			if _, ok := d.Role(id); !ok {
				w.fault("phones/"+string(id), "E503", "there is a number for the role %q, which does not exist%s", id, allowedList(string(id), names(ids(d.Roles, func(r Role) RoleID { return r.ID }))))
			}
		}
		w.parts(t)
	}
}

// wording checks one text file.
type wording struct {
	c    *checker
	file string
}

func (w *wording) fault(path, code, format string, args ...any) {
	w.c.add(w.file, path, code, SeverityError, format, args...)
}

// said compares what is declared with what has words.
func said[K ~string, V any](w *wording, section, thing string, declared []K, words map[K]V) {
	for _, id := range declared {
		if _, ok := words[id]; !ok {
			at := section
			if w.c.d.Layer != "" {
				at = "" // it belongs in the layer's file, not in the national one
			}
			w.fault(at, "E502", "the %s %q has no words here", thing, id)
		}
	}
	for id := range words {
		if !slices.Contains(declared, id) {
			w.fault(section+"/"+string(id), "E503", "there are words for the %s %q, which does not exist%s", thing, id, allowedList(string(id), names(declared)))
		}
	}
}

// parts finds the sentences that a step, an option or an ending must have.
func (w *wording) parts(t *Text) {
	for i := range w.c.d.Steps {
		s := &w.c.d.Steps[i]
		words, ok := t.Steps[s.ID]
		if !ok {
			continue
		}
		need := func(part, text, why string) {
			if text == "" {
				w.fault("steps/"+string(s.ID), "E504", "the step %q lacks %q: %s", s.ID, part, why)
			}
		}
		need("waiting", words.Waiting, "one sentence that says who has the ball while it is open")
		if !s.MeetsPatient() {
			continue
		}
		need("why", words.Why, "why it happens")
		need("no", words.No, "what the patient may say no to, and what then")
		if s.Effort.asks() {
			need("easier", words.Easier, "how it can be made easier")
		}
	}
	for _, choice := range w.c.d.Choices {
		words, ok := t.Choices[choice.ID]
		if !ok {
			continue
		}
		if words.Title == "" {
			w.fault("choices/"+string(choice.ID), "E504", "the choice %q lacks %q: what is chosen", choice.ID, "title")
		}
		said(w, "choices/"+string(choice.ID)+"/options", "option", ids(choice.Options, func(o Option) string { return o.ID }), words.Options)
	}
	for _, e := range w.c.d.Ends {
		words, ok := t.Ends[e.ID]
		if ok && words.ComeBack == "" && slices.Contains(e.Asks, "come-back") {
			w.fault("ends/"+string(e.ID), "E504", "the ending %q lacks %q: how the patient comes back", e.ID, "come-back")
		}
	}
}

// asks reports whether the effort asks anything at all.
func (e Effort) asks() bool { return e.Minutes > 0 || e.Travel || e.RestDays > 0 }

func (d *Definition) agendaItems() []string {
	var items []string
	for _, s := range d.Steps {
		for _, a := range s.Agenda {
			if !slices.Contains(items, a.ID) {
				items = append(items, a.ID)
			}
		}
	}
	return items
}

func (d *Definition) pauseReasons() []string {
	var reasons []string
	for _, k := range d.Clocks {
		for _, p := range k.Pauses {
			reasons = append(reasons, p.Reason)
		}
	}
	sort.Strings(reasons)
	return slices.Compact(reasons)
}
