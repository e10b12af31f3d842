package pathway

import (
	"fmt"
	"strings"
)

func (p *page) steps() {
	p.heading(saySteps)
	for i := range p.d.Steps {
		s := &p.d.Steps[i]
		words := p.t.Steps[s.ID]
		p.line(0, "")
		p.begin("steps/"+string(s.ID), p.step(s.ID))
		p.line(0, "%d. %s %s", i+1, p.step(s.ID), p.mark(s.Basis))
		p.labelled(1, sayWhat, words.What)
		p.labelled(1, sayWhy, words.Why)
		p.labelled(1, sayWho, p.owner(s))
		if after := p.needs(s.After); after != "" {
			p.labelled(1, sayAfter, after)
		} else {
			p.labelled(1, sayAfter, sayStart.in(p.l))
		}
		if s.If != nil {
			p.labelled(1, sayIf, p.condition(s.If))
		}
		p.labelled(1, sayLatest, p.latest(s))
		p.answers(s)
		if s.To != "" {
			p.labelled(1, sayHandOver, p.role(s.To))
		}
		p.agenda(s)
		if s.Choice != "" {
			p.labelled(1, sayOptions, p.choiceTitle(s.Choice))
		}
		for _, c := range s.Cautions {
			p.labelled(1, sayCaution, or(p.t.Cautions, c))
		}
		if s.RaisesActivity {
			p.line(1, "%s", sayMore.in(p.l))
		}
		if s.Effort.Stated {
			p.labelled(1, sayEffort, p.effort(s.Effort))
		}
		if len(s.Ways) > 0 {
			words := make([]string, len(s.Ways))
			for i, w := range s.Ways {
				words[i] = wayWords[w].in(p.l)
			}
			p.labelled(1, sayWays, strings.Join(words, ", "))
		}
		if s.TravelOnly {
			p.line(1, "%s", sayOnly.in(p.l))
		}
		p.labelled(1, sayEasier, words.Easier)
		p.labelled(1, sayNo, words.No)
		if s.Repeat != nil {
			p.labelled(1, sayRepeat, p.repeat(s.Repeat)+" "+p.mark(s.Repeat.Basis))
		}
		if s.Sets != "" {
			p.labelled(1, sayReached, or(p.t.Milestones, s.Sets))
		}
	}
}

func (p *page) repeat(r *Repeat) string {
	if r.Until != "" {
		return p.say(sayUntil, p.span(r.Every), or(p.t.Milestones, r.Until))
	}
	return p.say(sayTimes, p.span(r.Every), r.Times)
}

func (p *page) owner(s *Step) string {
	if s.Follower != "" {
		return p.role(s.Who) + ", " + p.say(sayFollower, p.role(s.Follower))
	}
	return p.role(s.Who)
}

// latest is the latest date of a step in words, with its source.
func (p *page) latest(s *Step) string {
	if c, ok := p.d.Clock(s.By.Clock); ok {
		return p.say(sayOfClock, p.span(c.Within), or(p.t.Milestones, c.From), or(p.t.Clocks, c.ID)) + " " + p.mark(c.Basis)
	}
	if s.By.Within.IsZero() {
		return sayNoDate.in(p.l)
	}
	return p.say(sayOfOpening, p.span(s.By.Within)) + " " + p.mark(s.By.Basis)
}

func (p *page) effort(e Effort) string {
	var parts []string
	if e.Minutes > 0 {
		parts = append(parts, p.say(sayMinutes, e.Minutes))
	}
	if e.Travel {
		parts = append(parts, sayTravel.in(p.l))
	}
	if e.RestDays > 0 {
		parts = append(parts, p.say(sayRest, e.RestDays))
	}
	if len(parts) == 0 && !e.Split {
		return sayNothing.in(p.l)
	}
	if e.Split {
		parts = append(parts, saySplit.in(p.l))
	}
	return strings.Join(parts, ", ") + " " + p.mark(e.Basis)
}

func (p *page) answers(s *Step) {
	if len(s.Answers) == 0 {
		return
	}
	p.line(1, "%s:", sayAnswers.in(p.l))
	for _, a := range s.Answers {
		basis := a.Basis
		if basis == (Basis{}) {
			basis = s.Basis
		}
		line := answerWords[a.Kind].in(p.l)
		if len(a.Asks) > 0 {
			line += "; " + p.say(sayMustSay, p.wordsOf(askWords, a.Asks))
		}
		line += " " + p.mark(basis)
		if !a.AnswerWithin.IsZero() {
			line += "; " + p.say(sayReply, p.span(a.AnswerWithin)) + " " + p.mark(a.AnswerWithinBasis)
		}
		p.line(2, "- %s", line)
		if a.Sets != "" {
			p.labelled(3, sayReached, or(p.t.Milestones, a.Sets))
		}
	}
}

func (p *page) agenda(s *Step) {
	if len(s.Agenda) > 0 {
		p.line(1, "%s:", sayAgenda.in(p.l))
	}
	for i, item := range s.Agenda {
		line := fmt.Sprintf("%d) %s", i+1, or(p.t.Agenda, item.ID))
		if len(item.With) > 0 {
			line += " (" + p.say(sayWith, p.rolesInWords(item.With)) + ")"
		}
		if len(item.Without) > 0 {
			line += " (" + p.say(sayWithout, p.rolesInWords(item.Without)) + ")"
		}
		basis := item.Basis
		if basis == (Basis{}) {
			basis = s.Basis
		}
		p.line(2, "%s %s", line, p.mark(basis))
	}
	if !s.AnswerWithin.IsZero() {
		p.labelled(1, sayOpenFor, p.span(s.AnswerWithin)+" "+p.mark(s.AnswerWithinBasis))
	}
}

func (p *page) choiceTitle(id ChoiceID) string {
	if s := p.t.Choices[id].Title; s != "" {
		return s
	}
	return string(id)
}

func (p *page) choices() {
	if len(p.d.Choices) == 0 {
		return
	}
	p.heading(sayOptions)
	for _, c := range p.d.Choices {
		p.line(0, "%s", p.choiceTitle(c.ID))
		for _, o := range c.Options {
			words := p.t.Choices[c.ID].Options[o.ID]
			title := words.Title
			if title == "" {
				title = o.ID
			}
			p.begin("choices/"+string(c.ID)+"/"+o.ID, title)
			p.line(0, "- %s %s", title, p.mark(o.Basis))
			asks := words.Asks
			if o.Effort.Stated {
				asks = strings.TrimSpace(asks + " " + p.effort(o.Effort))
			}
			p.labelled(1, sayEffort, asks)
			p.labelled(1, sayGives, words.Gives)
			if o.RaisesActivity {
				p.line(1, "%s", sayMore.in(p.l))
			}
			for _, caution := range o.Cautions {
				p.labelled(1, sayCaution, or(p.t.Cautions, caution))
			}
		}
	}
}

func (p *page) cautions() {
	if len(p.d.Cautions) == 0 {
		return
	}
	p.heading(sayCautions)
	for i := range p.d.Cautions {
		c := &p.d.Cautions[i]
		p.begin("cautions/"+c.ID, or(p.t.Cautions, c.ID))
		shown := sayWhenever.in(p.l)
		if c.When != nil {
			shown = sayIf.in(p.l) + ": " + p.condition(c.When)
		}
		p.line(0, "- %s (%s) %s", or(p.t.Cautions, c.ID), shown, p.mark(c.Basis))
	}
}

func (p *page) ends() {
	p.heading(sayEnds)
	for _, e := range p.d.Ends {
		words := p.t.Ends[e.ID]
		title := words.Title
		if title == "" {
			title = string(e.ID)
		}
		p.begin("ends/"+string(e.ID), title)
		p.line(0, "- %s %s", title, p.mark(e.Basis))
		if words.Means != "" {
			p.line(1, "%s", words.Means)
		}
		if after := p.needs(e.After); after != "" {
			p.labelled(1, sayAfter, after)
		} else {
			p.labelled(1, sayAfter, sayAnyTime.in(p.l))
		}
		if e.CarriesOn != "" {
			p.labelled(1, sayCarriesOn, p.role(e.CarriesOn))
		} else {
			p.labelled(1, sayCarriesOn, sayNobody.in(p.l))
		}
		if len(e.Asks) > 0 {
			p.labelled(1, sayToSay, p.wordsOf(askWords, e.Asks)+" "+p.mark(e.Basis))
		}
		p.labelled(1, sayComeBack, words.ComeBack)
	}
}

func (p *page) overdue() {
	o := p.d.Overdue
	p.heading(sayOverdue)
	p.begin("overdue", sayOverdue.in(p.l))
	p.line(0, "- %s %s", p.say(sayCalls, p.role(o.Contact.Who), p.span(o.Contact.Within)), p.mark(o.Contact.Basis))
	for _, r := range o.Ladder {
		p.line(0, "- %s %s", p.say(sayTold, p.span(r.After), p.word(rungWords, r.To)), p.mark(r.Basis))
	}
}

func (p *page) keeping() {
	k := p.d.KeepOld
	if k == nil {
		return
	}
	p.heading(sayKeeping)
	p.begin("keep-old-plan", sayKeeping.in(p.l))
	p.line(0, "- %s %s", p.say(sayKeepOld, p.span(k.Within)), p.mark(k.Basis))
}

func (p *page) codes() {
	if len(p.d.Codes) == 0 {
		return
	}
	p.heading(sayReported)
	p.line(0, "%s", sayValues.in(p.l))
	for _, c := range p.d.Codes {
		p.begin("codes/"+c.ID, c.ID)
		what := sayWholeCode.in(p.l)
		switch {
		case c.At != "":
			what = or(p.t.Milestones, c.At)
		case c.End != "":
			what = string(c.End)
			if t := p.t.Ends[c.End].Title; t != "" {
				what = t
			}
		}
		p.line(0, "- %s (%s): %s", c.ID, c.System, what)
	}
}
