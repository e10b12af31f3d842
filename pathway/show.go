package pathway

import (
	"fmt"
	"strings"

	"forlop/care"
)

// Show is the pathway as a clinician reads it, in plain text: each step with
// what, who and when at the latest, and the source or the tag beside every
// number and duty. A text that is missing is shown by its name in the file.
func Show(d *Definition, l care.Language) string {
	return shown(d, l).b.String()
}

func shown(d *Definition, l care.Language) *page {
	p := &page{d: d, l: l, t: d.Texts[l]}
	if p.t == nil {
		p.t = newText(l)
	}
	p.head()
	p.audience()
	p.roles()
	p.milestones()
	p.clocks()
	p.steps()
	p.choices()
	p.tables()
	p.cautions()
	p.ends()
	p.overdue()
	p.keeping()
	p.codes()
	return p
}

// page writes a pathway in one language.
type page struct {
	d *Definition
	l care.Language
	t *Text
	b strings.Builder
	// parts are the things the page is about, in its order, for Diff.
	parts []part
}

// part is one thing a page is about: a clock, a step, an ending.
type part struct {
	path, title string
	start       int // where its lines begin in the page
	lines       []string
}

func (p *page) begin(path, title string) {
	p.parts = append(p.parts, part{path: path, title: title, start: p.b.Len()})
}

func (p *page) line(indent int, format string, args ...any) {
	p.b.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

func (p *page) heading(h phrase) {
	title := h.in(p.l)
	p.begin("", title)
	p.line(0, "")
	p.line(0, "%s", title)
	p.line(0, "%s", strings.Repeat("=", len([]rune(title))))
}

// labelled writes "Label: text", or nothing where there is no text.
func (p *page) labelled(indent int, label phrase, text string) {
	if text != "" {
		p.line(indent, "%s: %s", label.in(p.l), text)
	}
}

// mark is the source or tag of a number or a duty.
func (p *page) mark(b Basis) string {
	switch {
	case b.Source != "":
		return "[" + string(b.Source) + "]"
	case b.Tag == Proposed:
		return "[" + sayProposed.in(p.l) + "]"
	case b.Tag == Assumed:
		return "[" + sayAssumed.in(p.l) + "]"
	}
	return "[" + sayNoBasis.in(p.l) + "]"
}

// say fills a phrase.
func (p *page) say(f phrase, args ...any) string { return fmt.Sprintf(f.in(p.l), args...) }

func (p *page) span(s care.Span) string { return spanIn(p.l, s) }

// or is the text, or the name where there is none.
func or[K ~string](texts map[K]string, id K) string {
	if s := texts[id]; s != "" {
		return s
	}
	return string(id)
}

func (p *page) role(r RoleID) string {
	switch r {
	case PatientRole:
		return sayPatient.in(p.l)
	case "":
		return "–"
	}
	return or(p.t.Roles, r)
}

func (p *page) rolesInWords(roles []RoleID) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = p.role(r)
	}
	return strings.Join(words, ", ")
}

func (p *page) step(id StepID) string {
	if s := p.t.Steps[id].Title; s != "" {
		return s
	}
	return string(id)
}

func (p *page) word(words map[string]phrase, id string) string {
	if w, ok := words[id]; ok {
		return w.in(p.l)
	}
	return id
}

func (p *page) wordsOf(words map[string]phrase, list []string) string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = p.word(words, id)
	}
	return strings.Join(out, ", ")
}

func (p *page) needs(needs []Need) string {
	words := make([]string, len(needs))
	for i, n := range needs {
		switch {
		case n.Milestone != "":
			words[i] = or(p.t.Milestones, n.Milestone)
		case n.Outcome != "":
			words[i] = p.step(n.Step) + ": " + p.outcome(n)
		default:
			words[i] = p.step(n.Step)
		}
	}
	return strings.Join(words, "; ")
}

func (p *page) outcome(n Need) string {
	if w, ok := answerWords[AnswerKind(n.Outcome)]; ok {
		return w.in(p.l)
	}
	if s, ok := p.d.Step(n.Step); ok && s.Kind == Choosing {
		if o := p.t.Choices[s.Choice].Options[n.Outcome]; o.Title != "" {
			return o.Title
		}
	}
	return n.Outcome
}

// condition is a condition with the names in it put into words.
func (p *page) condition(c *Condition) string {
	said := map[FactID]string{}
	for f, w := range p.t.Facts {
		said[f] = string(f) + " = " + w
	}
	for m, w := range p.t.Milestones {
		said[ReachedFact(m)] = string(m) + " = " + w
	}
	for s, w := range p.t.Steps {
		said[OutcomeFact(s)] = string(s) + " = " + w.Title
	}
	for f, w := range p.t.Tables {
		said[f] = string(f) + " = " + w
	}
	words := []string{}
	for _, r := range c.reads {
		if said[r.fact] != "" {
			words = append(words, said[r.fact])
		}
	}
	if len(words) == 0 {
		return c.String()
	}
	return c.String() + " (" + strings.Join(words, ", ") + ")"
}

func (p *page) head() {
	title := p.t.Title
	if title == "" {
		title = p.d.ID
	}
	p.line(0, "%s", title)
	p.line(0, "%s", strings.Repeat("=", len([]rune(title))))
	p.line(0, "%s · %s", p.d.Ref, regimeWords[p.d.Regime].in(p.l))
	if p.d.Status == Published {
		p.line(0, "%s.", sayPublished.in(p.l))
	} else {
		p.line(0, "%s.", sayDraft.in(p.l))
	}
	if p.d.Layer != "" {
		p.line(0, "%s", p.say(sayLayer, p.d.Extends, p.d.Layer))
	}
	if !p.d.Review.By.IsZero() {
		p.line(0, "%s %s: %s", sayReview.in(p.l), p.d.Review.By, p.d.Review.Owner)
	}
	if p.t.Summary != "" {
		p.line(0, "")
		p.line(0, "%s", p.t.Summary)
	}
	p.line(0, "")
	p.line(0, "%s", sayMarks.in(p.l))
	p.heading(saySources)
	for _, s := range p.d.Sources {
		p.begin("sources/"+string(s.ID), s.Title)
		changed := ""
		if !s.Changed.IsZero() {
			changed = fmt.Sprintf(" (%s %s)", sayChanged.in(p.l), s.Changed)
		}
		p.line(0, "[%s] %s: %s%s. %s", s.ID, s.Publisher, s.Title, changed, s.URL)
		if s.Quote != "" {
			p.line(1, "«%s»", s.Quote)
		}
	}
}

func (p *page) audience() {
	a := p.d.For
	p.heading(sayFor)
	p.begin("for", sayFor.in(p.l))
	p.line(0, "%s %s", sayInforms.in(p.l), p.mark(a.Basis))
	p.labelled(0, sayAge, p.age(a))
	for _, set := range a.Codes {
		p.line(0, "%s: %s %s", sayCodes.in(p.l), set.System, strings.Join(set.Codes, ", "))
	}
	if len(a.Opens) > 0 {
		p.line(0, "%s:", sayOpens.in(p.l))
		for _, o := range a.Opens {
			p.line(1, "- %s %s", or(p.t.Opens, o.ID), p.mark(o.Basis))
		}
	}
	if len(a.Checklist) > 0 {
		p.line(0, "%s:", sayChecklist.in(p.l))
		for _, c := range a.Checklist {
			p.line(1, "- %s", or(p.t.Checklist, c))
		}
	}
}

func (p *page) age(a Audience) string {
	switch {
	case a.MinAge > 0 && a.MaxAge > 0:
		return p.say(sayFromTo, a.MinAge, a.MaxAge)
	case a.MinAge > 0:
		return p.say(sayAndOver, a.MinAge)
	case a.MaxAge > 0:
		return p.say(sayUpTo, a.MaxAge)
	}
	return ""
}

func (p *page) roles() {
	p.heading(sayRoles)
	for _, r := range p.d.Roles {
		p.begin("roles/"+string(r.ID), p.role(r.ID))
		line := p.role(r.ID) + ": " + p.wordsOf(unitWords, r.At)
		if len(r.Professions) > 0 {
			line += " (" + p.wordsOf(professionWords, r.Professions) + ")"
		}
		if r.Contact {
			line += " – " + sayContact.in(p.l)
		}
		if number := p.t.Phones[r.ID]; number != "" {
			line += " – " + sayPhone.in(p.l) + " " + number
		}
		p.line(0, "- %s", line)
	}
}

func (p *page) milestones() {
	p.heading(sayMilestones)
	for _, m := range p.d.Milestones {
		p.begin("milestones/"+string(m.ID), or(p.t.Milestones, m.ID))
		p.line(0, "- %s %s", or(p.t.Milestones, m.ID), p.mark(m.Basis))
	}
}

func (p *page) clocks() {
	if len(p.d.Clocks) == 0 {
		return
	}
	p.heading(sayClocks)
	for _, c := range p.d.Clocks {
		p.begin("clocks/"+string(c.ID), or(p.t.Clocks, c.ID))
		p.line(0, "- %s: %s. %s %s", or(p.t.Clocks, c.ID),
			p.say(sayFromUntil, p.span(c.Within), or(p.t.Milestones, c.From), or(p.t.Milestones, c.To)),
			clockWords[c.Kind].in(p.l), p.mark(c.Basis))
		if c.Share > 0 {
			p.line(1, "%s %s", p.say(sayShare, c.Share), p.mark(c.Basis))
		}
		if len(c.Pauses) == 0 {
			p.line(1, "%s", sayNoPause.in(p.l))
		}
		for _, pause := range c.Pauses {
			p.line(1, "%s: %s %s", sayPause.in(p.l), or(p.t.Pauses, pause.Reason), p.mark(pause.Basis))
		}
	}
}
