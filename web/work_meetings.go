package web

import (
	"net/http"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// showMeetings is the meetings that are to be held: those that are called, by
// time, and those that still have to be called.
func showMeetings(c *call) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.Meetings{})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.nav.meetings")
	t := table{
		id: "meetings", cards: true, caption: p.T("staff.meetings-to-hold"), empty: p.T("staff.no-meetings"),
		columns: []column{{name: p.T("staff.column.patient")}, {name: p.T("staff.column.what")}, {name: p.T("staff.column.when")}, {name: p.T("plan.latest")}, {name: p.T("staff.responsible")}, {name: p.T("staff.column.do")}},
	}
	for _, m := range list.Rows {
		cal := care.CalendarOf(m.Regime)
		def, err := c.s.service.Pathway(c.r.Context(), m.Pathway)
		if err != nil {
			return err
		}
		title := textOf(p, def).Steps[m.Step.ID].Title
		name := orElse(m.Identity.Name, p.T("staff.nobody-named"))
		when, do := cell{text: p.T("staff.meeting-not-called")}, cell{body: doLink(p.T("staff.do.call-meeting"), title+", "+name, actionAddress(m.Journey, "call-meeting", "step/"+strconv.Itoa(m.Step.Step)))}
		if m.Meeting != nil {
			at := m.Meeting.At.In(cal.Zone())
			when = cell{text: p.lang.Moment(at), sub: p.lang.UntilWeek(p.today, care.DateOf(at, at.Location()))}
			do = cell{body: doLink(p.T("staff.meeting-page"), title+", "+name, "/journeys/"+m.Journey+"/meetings/"+strconv.Itoa(m.Meeting.Meeting))}
		}
		last := cal.LastDay(m.Step.Latest)
		t.rows = append(t.rows, []cell{
			{text: name, href: "/journeys/" + m.Journey, sub: hiddenWords(p, m.Identity, "")}, {text: title}, when,
			{text: p.lang.ShortDate(last), sub: p.lang.UntilWeek(p.today, last), whole: true}, {text: postName(p, list.Post(m.Step.Owner))}, do,
		})
	}
	return write(c.w, c.r, http.StatusOK, meetingsBody(p, t))
}

// A meetingPage is one meeting: the patient's wishes first, then the agenda in
// order with who is there for what, then the record.
type meetingPage struct {
	about  []fact
	facts  []fact
	wishes []said
	agenda []agendaLine
	people []fact
	agreed []thingView
	held   []said
	links  []link
	form   *actionPage
	back   string
}

// An agendaLine is one item with those who are there for it.
type agendaLine struct {
	title, there string
	done         string
}

// showMeeting is the page of one meeting. It is printed without its form.
func showMeeting(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	t := parseThing("meeting/" + c.r.PathValue("meeting"))
	if !s.there(t) {
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	m := s.v.State.Meetings[t.n-1]
	s.p.title = s.stepAt(m.Step)
	x := meetingPage{about: s.brief(), back: s.address(""), wishes: s.wishes(), people: s.meetingPeople(m), agreed: s.agreedSoFar(m), facts: []fact{
		{name: s.p.T("staff.column.when"), value: s.at(m.At)},
		{name: s.p.T("staff.column.state"), value: s.p.T("staff.meeting." + string(m.State))},
	}}
	if m.Way != "" {
		x.facts = append(x.facts, fact{name: s.p.T("staff.field.way"), value: s.p.T("staff.way." + string(m.Way))})
	}
	for _, item := range m.Agenda {
		x.agenda = append(x.agenda, s.agendaLine(m, item))
	}
	if m.Held != nil {
		x.held = s.quotes(s.versionOf(func(e care.Event) bool { h, ok := e.(journey.MeetingHeld); return ok && h.Meeting == m.Meeting }))
	}
	_, links := s.does(t, s.p.title)
	x.links = slices.DeleteFunc(links, func(l link) bool { return l.href == actionAddress(s.v.ID, "hold-meeting", t.key()) })
	if a := findAction("hold-meeting"); s.can(a, t) {
		v := s.start(a, t)
		x.form = &actionPage{
			action: s.address("/do/hold-meeting"), asks: meetingAsks(s, t), behalf: s.behalfAsks(), values: v, save: s.p.T("staff.do.hold-meeting"), back: s.address(""),
			hidden: []pair{{"item", t.key()}, {"key", formKey()}, {"seen", v.Get("seen")}, {"opened", v.Get("opened")}},
		}
	}
	return write(c.w, c.r, http.StatusOK, meetingBody(s.p, x))
}

// wishes are the patient's words for the meeting: what matters, what they wished
// for, and what the form before the meeting says.
func (s *scene) wishes() []said {
	var out []said
	st := s.v.Person.State
	for _, topic := range person.Topics {
		if m, ok := st.Matters[topic]; ok {
			for _, w := range st.Words {
				if w.Version == m.Words {
					for _, body := range s.v.Person.Text[w.Version] {
						out = append(out, said{by: s.p.T("staff.topic."+string(topic)) + " – " + s.speaker(w.By, w.At), text: body, lang: s.theirs()})
					}
				}
			}
		}
	}
	for _, w := range s.v.State.Words {
		if text := s.sealed(w.Version, "said"); text != "" && (w.Kind == "wish" || w.Kind == "message") {
			out = append(out, said{by: s.p.T("staff.words-given."+w.Kind) + " – " + s.writer(w.From, w.Version) + ", " + s.day(w.At), text: text, lang: s.theirs()})
		}
	}
	for _, step := range s.v.State.Steps {
		if step.Kind == pathway.Form && step.State == journey.StepIsDone {
			version := s.versionOf(func(e care.Event) bool { d, ok := e.(journey.StepDone); return ok && d.Step == step.Step })
			if text := s.sealed(version, "words"); text != "" {
				out = append(out, said{by: s.stepAt(step.Step) + " – " + s.day(step.Ended), text: text, lang: s.theirs()})
			}
		}
	}
	return out
}

func (s *scene) agendaLine(m journey.Meeting, item string) agendaLine {
	rule := s.agendaItem(m, item)
	l := agendaLine{title: s.agenda(item)}
	var names []string
	for _, r := range s.rolesFor(m, item) {
		names = append(names, s.role(r))
	}
	l.there = s.p.T("staff.there-for-item", "who", orElse(s.p.lang.List(names), s.p.T("staff.party.nobody")))
	if len(rule.Without) > 0 {
		var away []string
		for _, r := range rule.Without {
			away = append(away, s.role(r))
		}
		l.there += " " + s.p.T("staff.not-there-for-item", "who", s.p.lang.List(away))
	}
	if m.Held != nil {
		for _, p := range m.Held.Items {
			if p.Item == item && p.PatientFirst {
				l.done = s.p.T("staff.patient-first")
			}
		}
	}
	return l
}

// meetingPeople is who is called, and for which items only.
func (s *scene) meetingPeople(m journey.Meeting) []fact {
	var out []fact
	for _, p := range m.Participants {
		name := s.who(p.Party)
		if p.Role != "" && p.Party.Kind == care.PartyUnit {
			name = s.role(p.Role)
		}
		value := s.p.T("staff.whole-meeting")
		if len(p.Items) > 0 {
			var items []string
			for _, i := range p.Items {
				items = append(items, lowerFirst(s.agenda(i)))
			}
			value = s.p.T("staff.only-for", "what", s.p.lang.List(items))
		}
		if p.Party.Kind == care.PartyUnit {
			value = s.owner(p.Party.Post) + ". " + value
		}
		out = append(out, fact{name: name, value: value})
	}
	return out
}

// agreedSoFar is what was agreed before, or in this meeting once it is held.
func (s *scene) agreedSoFar(m journey.Meeting) []thingView {
	part := s.interventionsPart()
	if m.Held == nil {
		return part.things
	}
	var out []thingView
	for n, iv := range s.v.State.Interventions {
		if iv.Meeting == m.Meeting {
			out = append(out, part.things[n])
		}
	}
	return out
}

// A findPage is a search within the reader's own relations, and what it found.
type findPage struct {
	query string
	asked bool
	table table
}

// showFind looks for a person by name, date of birth or number.
func showFind(c *call) error {
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.nav.find")
	x := findPage{query: c.r.PostFormValue("q"), asked: c.r.Method == http.MethodPost}
	if !x.asked {
		return write(c.w, c.r, http.StatusOK, findBody(p, x))
	}
	if len([]rune(x.query)) > longestLine {
		p.faults = []fault{{"q", p.T("form.too-long", "label", p.T("staff.field.search"), "most", longestLine)}}
		x.query = string([]rune(x.query)[:longestLine])
		return write(c.w, c.r, http.StatusUnprocessableEntity, findBody(p, x))
	}
	found, err := casework.View(c.r.Context(), c.s.service, c.who, casework.FindPerson{Query: x.query})
	if r, refused := care.AsRefusal(err); refused && r.Kind == care.RefusedByRule {
		p.faults = []fault{{"q", p.refusal(r)}}
		return write(c.w, c.r, http.StatusUnprocessableEntity, findBody(p, x))
	}
	if err != nil {
		return err
	}
	steps, err := c.steps()
	if err != nil {
		return err
	}
	x.table = foundTable(p, found, steps)
	return write(c.w, c.r, http.StatusOK, findBody(p, x))
}

func foundTable(p page, found []casework.Found, steps stepIndex) table {
	t := table{
		id: "found", cards: true, caption: p.T("staff.found", "n", len(found)), empty: p.T("staff.found-none"),
		columns: []column{{name: p.T("staff.column.patient")}, {name: p.T("staff.field.born")}, {name: p.T("staff.field.pathway")}, {name: p.T("staff.column.state")}},
	}
	for _, f := range found {
		for _, j := range f.Journeys {
			title := j.Pathway
			if def := steps.newest(j.Pathway); def != nil {
				title = textOf(p, def).Title
			}
			state := cell{text: p.T("staff.journey.open"), tone: "now"}
			if j.Status == string(journey.Closed) {
				state = cell{text: p.T("staff.journey.ended")}
			}
			born := cell{text: p.T("staff.not-known")}
			if !f.Identity.Born.IsZero() {
				born = cell{text: p.lang.ShortDate(f.Identity.Born), whole: true}
			}
			t.rows = append(t.rows, []cell{{text: orElse(f.Identity.Name, p.T("staff.nobody-named")), href: "/journeys/" + j.Stream.ID(), sub: hiddenWords(p, f.Identity, "")}, born, {text: title}, state})
		}
	}
	return t
}

// withoutChange are facts without the way to change them.
func withoutChange(rows []fact) []fact {
	out := slices.Clone(rows)
	for i := range out {
		out[i].change = ""
	}
	return out
}
