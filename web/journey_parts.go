package web

import (
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
)

// parts are the sections below the tables.
func (s *scene) parts() []pagePart {
	return []pagePart{
		s.referralPart(), s.wordsPart(), s.findingsPart(), s.formsPart(), s.threadsPart(), s.talksPart(), s.meetingsPart(), s.interventionsPart(), s.choicesPart(),
		s.offersPart(), s.tellingsPart(), s.peoplePart(), s.factsPart(),
	}
}

// referralPart is what came in, and how it was answered.
func (s *scene) referralPart() pagePart {
	st := s.v.State
	x := pagePart{id: "referral", title: s.p.T("staff.section.referral"), facts: []fact{
		{name: s.p.T("staff.field.received"), value: s.day(st.Milestones[pathway.Received].At), change: actionAddress(s.v.ID, "correct", "milestone/"+string(pathway.Received))},
		{name: s.p.T("staff.field.sender"), value: s.who(st.Sender)},
		{name: s.p.T("staff.field.desk"), value: s.post(st.Desk)},
		{name: s.p.T("staff.origin-title"), value: s.p.T("staff.origin." + string(st.Origin))},
	}}
	reasons := make([]string, 0, len(st.OpensFor))
	for _, id := range st.OpensFor {
		reasons = append(reasons, orElse(s.text.Opens[id], id))
	}
	if len(reasons) > 0 {
		x.facts = append(x.facts, fact{name: s.p.T("staff.opened-for"), value: s.p.lang.List(reasons)})
	}
	missing := make([]string, 0, len(st.Missing))
	for _, m := range st.Missing {
		missing = append(missing, orElse(s.text.Checklist[m], m))
	}
	if len(missing) > 0 {
		x.facts = append(x.facts, fact{name: s.p.T("staff.missing"), value: s.p.lang.List(missing)})
	}
	if story := s.ownStory(); len(story.said) > 0 {
		x.things = append(x.things, story)
	}
	if reason := s.quotesAs(1, st.Sender); len(reason) > 0 {
		x.things = append(x.things, thingView{title: s.p.T("staff.sealed.reason"), said: reason})
	}
	if st.Attachment != "" {
		x.links = append(x.links, link{text: s.p.T("staff.attachment"), href: s.address("/attachment")})
	}
	if a := st.Answer; a != nil {
		v := thingView{title: s.p.T("staff.answers." + string(a.Answer)), lines: s.rightLines(*a)}
		v.said = s.quotes(s.versionOf(func(e care.Event) bool { _, ok := e.(journey.Answered); return ok }))
		x.things = append(x.things, v)
	}
	for _, m := range s.v.Definition.Milestones {
		if m.ID != pathway.Received && st.Reached(m.ID) {
			x.facts = append(x.facts, fact{name: s.milestone(m.ID), value: s.day(st.Milestones[m.ID].At), change: actionAddress(s.v.ID, "correct", "milestone/"+string(m.ID))})
		}
	}
	return x
}

func (s *scene) rightLines(a journey.Answered) []string {
	var lines []string
	if a.Right != "" {
		lines = append(lines, s.p.T("staff.right."+string(a.Right)))
	}
	if !a.LatestLegal.IsZero() {
		lines = append(lines, s.p.T("staff.legal-latest", "date", a.LatestLegal))
	}
	return lines
}

// quotesAs are the texts of an event under the name of a party.
func (s *scene) quotesAs(version int, by care.Party) []said {
	q := s.quotes(version)
	for i := range q {
		q[i].by = s.who(by)
	}
	return q
}

// wordsPart is everything that the patient and those around them said, each
// under its own giver's name, with the objections to it.
func (s *scene) wordsPart() pagePart {
	x := pagePart{id: "words", title: s.p.T("staff.section.words")}
	st := s.v.Person.State
	for _, w := range slices.Backward(st.Words) {
		if w.Kind == person.FindingWords || w.Kind == person.AdaptationWords || w.Kind == person.ContactWords {
			continue
		}
		title := s.p.T("staff.words-of." + string(w.Kind))
		if w.Topic != "" {
			title = s.p.T("staff.topic." + string(w.Topic))
		}
		v := thingView{title: title}
		if m, ok := st.Matters[w.Topic]; ok && m.Words != w.Version && w.Topic != "" {
			v.state, v.tone = s.p.T("staff.earlier-words"), "ahead"
		}
		for _, body := range s.v.Person.Text[w.Version] {
			v.said = append(v.said, said{
				by: s.speaker(w.By, w.At), text: body, lang: s.theirs(), objections: s.objections(w),
				links: []link{{text: s.p.T("staff.do.object"), href: actionAddress(s.v.ID, "object", "told/"+strconv.Itoa(w.Version))}},
			})
		}
		x.things = append(x.things, v)
	}
	for _, w := range slices.Backward(s.v.State.Words) {
		v := thingView{title: s.p.T("staff.words-given." + w.Kind)}
		if w.About > 0 {
			v.lines = append(v.lines, s.p.T("staff.objects-to", "what", s.sentenceAt(w.About)))
		}
		by := s.writer(w.From, w.Version) + ", " + s.day(w.At)
		if text := s.sealed(w.Version, "said"); text != "" {
			v.said = []said{{by: by, text: text, lang: s.theirs()}}
		} else {
			v.lines = append(v.lines, by)
		}
		x.things = append(x.things, v)
	}
	x.links = []link{s.formLink("words"), s.formLink("say-what-matters"), s.formLink("tell-story")}
	return x
}

// speaker is who said something, when and how it reached us.
func (s *scene) speaker(by person.Speaker, at care.Deadline) string {
	text := s.who(by.Party) + ", " + s.day(at)
	if by.How != "" {
		text += " (" + s.p.T("staff.how."+string(by.How)) + ")"
	}
	return text
}

func (s *scene) objections(w person.Words) []string {
	var out []string
	for _, o := range w.Objections {
		text := s.v.Person.Text[o.Version]
		line := s.p.T("staff.objection", "sentence", text["sentence"], "objection", text["objection"], "who", s.speaker(o.By, o.At))
		if o.Withdrawn {
			line += " " + s.p.T("staff.objection-withdrawn")
		}
		out = append(out, line)
	}
	return out
}

// findingsPart is what was examined and what it showed: in one place, so that
// nothing is examined twice without a reason.
func (s *scene) findingsPart() pagePart {
	x := pagePart{id: "findings", title: s.p.T("staff.section.findings"), links: []link{s.formLink("record-finding"), s.formLink("plan-examination")}}
	for _, f := range s.v.Person.State.Findings {
		v := thingView{title: f.Kind, lines: []string{s.who(f.By) + ", " + s.p.lang.Date(f.Examined)}}
		if f.Withdrawn {
			v.state, v.tone = s.p.T("staff.withdrawn"), "ahead"
		}
		if text := s.v.Person.Text[f.Version]["showed"]; text != "" {
			v.said = []said{{text: text, lang: s.ours()}}
		}
		v.presses, v.links = s.does(thing{kind: "finding", id: strconv.Itoa(f.Number), n: f.Number}, f.Kind)
		if f.File != "" {
			v.links = append(v.links, link{text: s.p.T("staff.finding-file"), href: findingFile(s.v.ID, f.Number)})
		}
		x.things = append(x.things, v)
	}
	return x
}

func (s *scene) meetingsPart() pagePart {
	x := pagePart{id: "meetings", title: s.p.T("staff.section.meetings")}
	for _, m := range s.v.State.Meetings {
		t := thing{kind: "meeting", id: strconv.Itoa(m.Meeting), n: m.Meeting}
		v := thingView{title: s.stepAt(m.Step), state: s.p.T("staff.meeting." + string(m.State)), tone: "ahead", lines: []string{s.at(m.At)}}
		v.presses, v.links = s.does(t, v.title)
		v.links = slices.DeleteFunc(v.links, func(l link) bool { return l.href == actionAddress(s.v.ID, "hold-meeting", t.key()) })
		v.links = append([]link{{text: s.p.T("staff.meeting-page"), href: s.address("/meetings/" + t.id)}}, v.links...)
		x.things = append(x.things, v)
	}
	return x
}

func (s *scene) interventionsPart() pagePart {
	x := pagePart{id: "interventions", title: s.p.T("staff.section.interventions"), links: []link{s.formLink("agree")}}
	for _, iv := range s.v.State.Interventions {
		v := thingView{
			title: orElse(s.interventionText(iv.Intervention), s.p.T("staff.section.interventions")), owner: s.p.T("plan.responsible", "who", s.owner(iv.Owner)),
			lines: []string{s.p.T("staff.meant-for", "who", s.whoElse(iv.Meant, "staff.party.nobody"))},
		}
		if iv.State == journey.InterventionRunning {
			v.state, v.tone = s.p.T("staff.intervention.running"), "now"
			v.due = s.p.T("staff.by", "date", s.last(iv.Due), "relative", s.p.lang.Until(s.today, s.last(iv.Due)))
		} else {
			v.state, v.tone = s.p.T("staff.outcome."+iv.Outcome), "done"
		}
		x.things = append(x.things, v)
	}
	return x
}

// choicesPart are options side by side, and what was chosen.
func (s *scene) choicesPart() pagePart {
	x := pagePart{id: "choices", title: s.p.T("staff.section.choices")}
	for _, c := range s.v.State.Choices {
		t := thing{kind: "choice", id: strconv.Itoa(c.Choice), n: c.Choice}
		v := thingView{title: orElse(s.text.Choices[c.ID].Title, string(c.ID))}
		for _, id := range c.Options {
			o := s.text.Choices[c.ID].Options[id]
			v.lines = append(v.lines, o.Title+". "+o.Asks+" "+o.Gives)
			v.lines = append(v.lines, s.services(c.ID, id)...)
		}
		if c.Made != nil {
			var names []string
			for _, id := range c.Made.Chosen {
				names = append(names, orElse(s.text.Choices[c.ID].Options[id].Title, id))
			}
			v.state, v.tone = s.p.T("staff.chosen", "what", orElse(s.p.lang.List(names), s.p.T("staff.none-of-them"))), "done"
		}
		v.presses, v.links = s.does(t, v.title)
		x.things = append(x.things, v)
	}
	for _, def := range s.v.Definition.Choices {
		t := thing{kind: "options", id: string(def.ID)}
		if presses, _ := s.does(t, s.text.Choices[def.ID].Title); len(presses) > 0 {
			x.things = append(x.things, thingView{title: s.text.Choices[def.ID].Title, presses: presses})
		}
	}
	return x
}

// offersPart is what was offered, to whom, and how it was answered.
func (s *scene) offersPart() pagePart {
	x := pagePart{id: "offers", title: s.p.T("staff.section.offers")}
	for _, o := range s.v.State.Offers {
		v := thingView{title: itemWords(s.p, "offer", string(o.Kind), ""), state: s.p.T("staff.offer." + string(o.State)), tone: "ahead"}
		v.lines, v.said = s.about(thing{kind: "offer", n: o.Offer})
		x.things = append(x.things, v)
	}
	for _, q := range s.v.State.Questions {
		v := thingView{title: s.p.T("staff.item.question.to", "who", s.whoIn(q.To)), state: s.p.T("staff.question.open"), tone: "waiting"}
		v.said = s.quotes(s.versionOf(func(e care.Event) bool { a, ok := e.(journey.QuestionAsked); return ok && a.Question == q.Question }))
		if !q.Open {
			v.state, v.tone = s.p.T("staff.question.answered"), "done"
			v.said = append(v.said, s.quotes(s.versionOf(func(e care.Event) bool { a, ok := e.(journey.QuestionAnswered); return ok && a.Question == q.Question }))...)
		}
		x.things = append(x.things, v)
	}
	for _, w := range s.v.State.Waits {
		if !w.Open {
			x.things = append(x.things, thingView{
				title: s.p.T("staff.item.wait.for", "who", s.who(w.For), "what", lowerFirst(itemWords(s.p, "wait", w.Reason, ""))),
				state: s.p.T("staff.wait-over"), tone: "done", lines: []string{s.day(w.Since)},
			})
		}
	}
	return x
}

// tellingsPart is what must be told, and the receipt that it was.
func (s *scene) tellingsPart() pagePart {
	t := table{
		id: "tellings-table", cards: true, caption: s.p.T("staff.table-of-tellings"), empty: s.p.T("staff.nothing-here"),
		columns: []column{{name: s.p.T("staff.column.what")}, {name: s.p.T("staff.column.to")}, {name: s.p.T("staff.column.state")}, {name: s.p.T("staff.column.when")}},
	}
	for _, x := range s.v.State.Tellings {
		state, when := cell{text: s.p.T("staff.not-told"), tone: "waiting"}, cell{text: s.p.T("staff.by", "date", s.last(x.By), "relative", s.p.lang.Until(s.today, s.last(x.By)))}
		if x.Told != nil {
			state = cell{text: s.p.T("staff.told." + string(x.Told.How)), tone: "done"}
			when = cell{text: s.at(x.Told.At)}
			if x.Told.Expected {
				when = cell{text: s.p.T("staff.expected-on", "date", s.last(x.Told.At))}
			}
		}
		if x.Off {
			state, when = cell{text: s.p.T("staff.withdrawn"), tone: "done"}, cell{}
		}
		t.rows = append(t.rows, []cell{{text: itemWords(s.p, "telling", x.About, "")}, {text: s.who(x.To)}, state, when})
	}
	return pagePart{id: "tellings", title: s.p.T("staff.section.tellings"), table: &t}
}

// peoplePart is who fills which role, and who else the person belongs to.
func (s *scene) peoplePart() pagePart {
	x := pagePart{id: "people", title: s.p.T("staff.section.people")}
	for _, r := range s.v.Definition.Roles {
		value := s.p.T("staff.role-open", "who", s.owner(s.v.State.Owner(r.ID)))
		if post := s.v.State.Roles[r.ID]; !post.IsZero() {
			value = s.owner(post)
		}
		f := fact{name: s.role(r.ID), value: value}
		if s.can(findAction("bind"), thing{kind: "role", id: string(r.ID)}) {
			f.change = actionAddress(s.v.ID, "bind", "role/"+string(r.ID))
		}
		x.facts = append(x.facts, f)
	}
	st := s.v.Person.State
	x.facts = append(x.facts, fact{name: s.p.T("staff.field.municipality"), value: s.whoElse(st.Municipality(s.today), "staff.not-said"), change: actionAddress(s.v.ID, "change-municipality", "")})
	for _, what := range []person.Carried{person.Prescriptions, person.SickNote} {
		c, ok := st.Carriers[what]
		value := s.p.T("staff.not-said")
		if ok {
			value = s.who(c.By)
			if !c.Until.IsZero() {
				value += ", " + s.p.T("staff.until", "date", c.Until)
			}
		}
		x.facts = append(x.facts, fact{name: s.p.T("staff.carried." + string(what)), value: value, change: actionAddress(s.v.ID, "set-carrier", "")})
	}
	x.links = append(x.links, s.mergeLink())
	return x
}

// factsPart are the values that steps wait to learn.
func (s *scene) factsPart() pagePart {
	x := pagePart{id: "facts", title: s.p.T("staff.section.facts")}
	for _, f := range s.v.Definition.Facts {
		row := fact{name: orElse(s.text.Facts[f.ID], string(f.ID)), value: s.p.T("staff.not-known")}
		if v, known := s.v.State.Facts[f.ID]; known {
			row.value = s.valueText(v)
		}
		if s.can(findAction("fact"), thing{kind: "fact", id: string(f.ID)}) {
			row.change = actionAddress(s.v.ID, "fact", "fact/"+string(f.ID))
		}
		x.facts = append(x.facts, row)
	}
	return x
}

func (s *scene) valueText(v journey.FactValue) string {
	switch {
	case v.Text == "true":
		return s.p.T("form.yes")
	case v.Text == "false":
		return s.p.T("form.no")
	case v.Type == pathway.DateFact:
		if d, err := care.ParseDate(v.Text); err == nil {
			return s.p.lang.Date(d)
		}
	}
	return v.Text
}
