package web

import (
	"cmp"
	"slices"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// mine is one journey as its patient reads it: where it stands, by when, what
// to do, and whom to meet.
type mine struct {
	id    string
	title string
	// draft says whose pathway it is, where no national text stands behind it.
	draft  string
	ended  bool
	now    now
	who    string // who is responsible now
	latest *latest
	legal  string // the individual latest date of the legal decision
	tasks  []task
	visit  *visit
	news   *news    // a new version of the plan
	after  []string // after the end: who carries on, the next check, how to come back
}

// planOf reads a plan into what its patient sees, nearest date first.
func planOf(p page, plan casework.Plan) []mine {
	out := make([]mine, 0, len(plan.Journeys))
	for _, v := range plan.Journeys {
		out = append(out, mineOf(p, v))
	}
	return out
}

// draftWords say whose pathway a draft is, to the patient ("me") or to staff;
// nothing where a national text stands behind it.
func draftWords(p page, v casework.JourneyView, to string) string {
	switch u, _ := v.Directory().Unit(v.Adopter); {
	case v.Definition.Status != pathway.Draft:
		return ""
	case u.Contact.Name != "":
		return p.T(to+".adopted", "unit", u.Contact.Name)
	}
	return p.T(to + ".draft")
}

func mineOf(p page, v casework.JourneyView) mine {
	text := textOf(p, v.Definition)
	m := mine{id: v.ID, title: text.Title, draft: draftWords(p, v, "me"), ended: v.State.Status == journey.Closed}
	if m.ended {
		m.endOf(p, v)
		return m
	}
	m.who = responsibleWords(p, v)
	today := v.Calendar.Date(v.Now)
	st := leading(v)
	switch w := openWait(v); {
	case w != nil:
		m.now = now{sentence: p.T("me.waits", "who", partyWords(p, v, w.For)), since: v.Calendar.Date(w.Since)}
	case st != nil:
		m.now = now{sentence: waitingWords(p, text, *st), since: v.Calendar.Date(st.Opened)}
	default:
		m.now = now{sentence: p.T("me.we-decide", "who", unitName(p, v, v.State.Responsible))}
		for _, i := range v.State.Items {
			if i.Ref == "no-next-step" {
				m.now.since = v.Calendar.Date(i.Since)
				m.latest = &latest{date: v.Calendar.LastDay(i.Due), today: today, sum: p.T("me.latest-followed", "who", contactName(p, v))}
			}
		}
	}
	if q := openQuestion(v); q != nil && st != nil {
		m.now.sentence += " " + p.T("me.asked", "who", partyWords(p, v, q.To))
	}
	if st != nil {
		m.latest = latestOf(p, v, *st, text, today)
	}
	if a := v.State.Answer; a != nil && a.Right == journey.HasRight && !v.State.Reached("assessment-started") {
		m.legal = p.T("me.legal", "date", p.lang.Date(a.LatestLegal))
		if m.latest != nil && m.latest.date == a.LatestLegal {
			m.legal = p.T("me.legal-same")
		}
	}
	m.tasks = tasksOf(p, v, text)
	m.visit = nextVisit(p, v, text)
	m.news = newsOf(p, v)
	return m
}

// leading is the step that the patient waits for: of those that are open, the
// one with a limit first, and then the one that comes first.
func leading(v casework.JourneyView) *journey.Step {
	var best *journey.Step
	rank := func(s *journey.Step) int {
		switch {
		case s.Patient:
			return 2
		case s.Clock != "":
			return 0
		default:
			return 1
		}
	}
	for i := range v.State.Steps {
		s := &v.State.Steps[i]
		if !s.Live() {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(rank(s), rank(best)), s.Latest.Compare(best.Latest)) < 0 {
			best = s
		}
	}
	return best
}

func openWait(v casework.JourneyView) *journey.Wait {
	for i := range v.State.Waits {
		if v.State.Waits[i].Open {
			return &v.State.Waits[i]
		}
	}
	return nil
}

func openQuestion(v casework.JourneyView) *journey.Question {
	for i := range v.State.Questions {
		if v.State.Questions[i].Open {
			return &v.State.Questions[i]
		}
	}
	return nil
}

// waitingWords is the one sentence about an open step.
func waitingWords(p page, text *pathway.Text, st journey.Step) string {
	t := text.Steps[st.ID]
	if t.Waiting != "" {
		return t.Waiting
	}
	return p.T("me.next-is", "what", t.Title)
}

// latestOf says by when, and what happens where the date has passed.
func latestOf(p page, v casework.JourneyView, st journey.Step, text *pathway.Text, today care.Date) *latest {
	d := &latest{date: v.Calendar.LastDay(st.Latest), today: today, sum: keptWords(p, v, st)}
	if c := text.Clocks[st.Clock]; c != "" {
		d.what = lowerFirst(c)
	}
	if !d.gone() {
		if wait := knownWait(p, v, st); wait != "" {
			d.sum = wait + " " + d.sum
		}
		return d
	}
	d.sum = ""
	for _, c := range v.State.Contacts {
		if c.Open {
			d.passed = p.T("me.passed-contact", "who", contactName(p, v), "date", v.Calendar.LastDay(c.By))
		}
	}
	return d
}

// tasksOf is what the patient is asked to do, at most three.
func tasksOf(p page, v casework.JourneyView, text *pathway.Text) []task {
	var tasks []task
	for _, st := range v.State.Steps {
		if st.Live() && st.Patient {
			tasks = append(tasks, task{
				title: text.Steps[st.ID].Title, href: stepAddress(v.ID, st.ID), hint: effortWords(p, v, st.ID), status: taskOpen,
			})
		}
	}
	tasks = append(tasks, choiceTasks(p, v, text)...)
	for _, m := range v.State.Meetings {
		if m.State == journey.MeetingDone && !m.Held.AnswerBy.IsZero() {
			tasks = append(tasks, task{
				title: p.T("me.decisions"), href: "/me/decisions/" + v.ID + "/" + p.lang.Number(m.Meeting),
				hint: p.T("me.decisions-by", "date", v.Calendar.LastDay(m.Held.AnswerBy)), status: taskOpen,
			})
		}
	}
	tasks = append(tasks, summaryTasks(p, v)...)
	tasks = append(tasks, formTasks(p, v)...)
	tasks = append(tasks, timesTasks(p, v)...)
	return tasks[:min(len(tasks), 3)]
}

// nextVisit is the next planned time.
func nextVisit(p page, v casework.JourneyView, text *pathway.Text) *visit {
	var next *journey.Step
	for i := range v.State.Steps {
		s := &v.State.Steps[i]
		if s.Live() && s.Planned.After(v.Now) && (next == nil || s.Planned.Before(next.Planned)) {
			next = s
		}
	}
	if next == nil {
		return nil
	}
	at := next.Planned.In(v.Calendar.Zone())
	out := &visit{
		when: p.moment(at), relative: p.lang.Until(v.Calendar.Date(v.Now), v.Calendar.Date(at)),
		facts: []fact{{name: p.T("visit.why"), value: text.Steps[next.ID].Title}},
	}
	if next.Way != "" {
		out.facts = append(out.facts, fact{name: p.T("visit.how"), value: p.T("way." + string(next.Way))})
	}
	out.facts = append(out.facts, fact{name: p.T("visit.who"), value: postWords(p, v, next.Owner)})
	if late := delayOf(p, v, *next); late != "" {
		// What it takes stands on the page of the step, where what can be done is too.
		out.facts = append(out.facts, fact{name: p.T("me.delay.title"), value: late, change: stepAddress(v.ID, next.ID)})
	} else if e := effortWords(p, v, next.ID); e != "" {
		out.facts = append(out.facts, fact{name: p.T("visit.takes"), value: e})
	}
	if demanding(*next) {
		out.actions = []link{{text: p.T("appointment.open"), href: appointmentAddress(v.ID, next.ID)}}
		out.calendar = appointmentAddress(v.ID, next.ID) + "/calendar.ics"
	} else {
		out.actions = []link{{text: p.T("visit.move"), href: "/me/wait/" + v.ID + "/" + string(next.ID)}}
	}
	if b := v.Bookings.State.Of(v.ID, next.Step, next.Planned); b != nil {
		out.source = copiedWords(p, v, *b)
	}
	return out
}

// endOf says what an ending means, who carries on and how to come back.
func (m *mine) endOf(p page, v casework.JourneyView) {
	text := textOf(p, v.Definition)
	end := v.State.End
	t := text.Ends[end.End]
	m.now = now{sentence: p.T("me.ended", "what", lowerFirst(t.Title)), since: v.Calendar.Date(v.State.EndedAt)}
	m.after = append(m.after, t.Means)
	add := func(key string, party care.Party, until care.Date) {
		if party == (care.Party{}) {
			return
		}
		line := p.T(key, "who", partyWords(p, v, party))
		if !until.IsZero() {
			line += " " + p.T("me.until", "date", until)
		}
		m.after = append(m.after, line)
	}
	add("me.carries-on", end.CarriesOn, care.Date{})
	add("me.prescriptions", end.Carriers.Prescriptions, end.Carriers.PrescriptionsUntil)
	add("me.sick-notes", end.Carriers.SickNotes, end.Carriers.SickNotesUntil)
	if !end.NextCheck.IsZero() {
		m.after = append(m.after, p.T("me.next-check", "date", end.NextCheck))
	}
	back := t.ComeBack
	for _, r := range v.History {
		if _, ok := r.Event.(journey.Ended); ok && v.Text[r.Version]["comeBack"] != "" {
			back = v.Text[r.Version]["comeBack"]
		}
	}
	if back != "" {
		m.after = append(m.after, back)
	}
}

// Sentences is what a patient reads on their page, sentence by sentence, for
// those who rehearse pathways.
func Sentences(plan casework.Plan, code care.Language) []string {
	p := page{lang: speak(code)}
	var out []string
	add := func(s ...string) {
		for _, x := range s {
			if strings.TrimSpace(x) != "" {
				out = append(out, x)
			}
		}
	}
	for _, m := range planOf(p, plan) {
		add(m.title, m.now.sentence)
		if m.who != "" {
			add(p.T("plan.responsible", "who", m.who))
		}
		if m.latest != nil {
			add(p.lang.Date(m.latest.date), m.legal, m.latest.sum, m.latest.passed)
		} else {
			add(m.legal)
		}
		if m.news != nil {
			add(m.news.said, m.news.keep)
			add(m.news.lines...)
		}
		for _, t := range m.tasks {
			add(t.title, t.hint)
		}
		if len(m.tasks) == 0 && !m.ended {
			add(p.T("plan.todo-none"))
		}
		if m.visit != nil {
			add(m.visit.when)
			for _, f := range m.visit.facts {
				add(f.value)
			}
		}
		add(m.after...)
	}
	if h := contactOf(p, plan); h.name != "" {
		add(h.name, h.phone)
	}
	return out
}

// contactOf is the first contact as the help block shows it.
func contactOf(p page, plan casework.Plan) help {
	v := plan.Post(plan.Person.Contact)
	unit, hours := v.Unit.Name, v.Unit.Hours
	for _, j := range plan.Journeys {
		unit, hours = p.named(j.State.Regime, unit), p.named(j.State.Regime, hours)
		break
	}
	h := help{urgent: afterHours(p, contactRegime(plan)), name: p.lang.List(v.Holders), role: p.T("word.coordinator"), phone: v.Unit.Phone, hours: hours, contact: true, write: threadsPath}
	if plan.Person.State.Contact.Unwanted || !plan.Person.State.Contact.Named {
		h.name, h.role = unit, ""
	} else if h.name == "" {
		h.name = unit
	}
	if unit != "" && h.name != unit {
		h.role += ", " + unit
	}
	return h
}

// contactRegime is the country that the first contact is in.
func contactRegime(plan casework.Plan) care.Regime {
	if u, ok := plan.Directory().Unit(plan.Person.Contact.Unit); ok {
		return u.Regime
	}
	for _, v := range plan.Journeys {
		return v.State.Regime
	}
	return care.Norway
}

func contactName(p page, v casework.JourneyView) string {
	post := v.Post(v.Person.Contact)
	if len(post.Holders) > 0 && v.Person.State.Contact.Named {
		return p.lang.List(post.Holders)
	}
	return p.named(v.State.Regime, post.Unit.Name)
}

// responsibleWords says who is responsible: the unit, and the person there.
func responsibleWords(p page, v casework.JourneyView) string {
	return postWords(p, v, v.State.Responsible)
}

func postWords(p page, v casework.JourneyView, post care.Post) string {
	name := unitName(p, v, post)
	if x := v.Post(post); len(x.Holders) > 0 {
		return name + ", " + p.lang.List(x.Holders)
	}
	return name
}

// unitName is what a unit calls itself, in the language of its country.
func unitName(p page, v casework.JourneyView, post care.Post) string {
	return p.named(v.State.Regime, v.Post(post).Unit.Name)
}

// partyWords names a party.
func partyWords(p page, v casework.JourneyView, who care.Party) string {
	switch who.Kind {
	case care.PartyPatient:
		return p.T("me.you")
	case care.PartyRelative:
		return p.T("me.relative")
	case care.PartyUnit:
		if name := unitName(p, v, who.Post); name != "" {
			return name
		}
		return string(who.Post.Unit)
	default:
		return who.Name
	}
}

// effortWords is what a step takes of the patient.
func effortWords(p page, v casework.JourneyView, id pathway.StepID) string {
	i := slices.IndexFunc(v.Definition.Steps, func(s pathway.Step) bool { return s.ID == id })
	if i < 0 {
		return ""
	}
	e := v.Definition.Steps[i].Effort
	var parts []string
	if e.Minutes > 0 {
		parts = append(parts, p.T("plan.minutes", "n", e.Minutes))
	}
	if e.Split {
		parts = append(parts, p.T("plan.in-parts"))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ". ") + "."
}

// stepLines is the whole journey step by step: what is done, and the rest.
func stepLines(p page, v casework.JourneyView) (done, rest []stepLine) {
	text := textOf(p, v.Definition)
	lead := leading(v)
	for _, st := range v.State.Steps {
		t := text.Steps[st.ID]
		line := stepLine{title: t.Title, href: stepAddress(v.ID, st.ID), effort: effortWords(p, v, st.ID)}
		if st.State == journey.StepUndoing || t.Title == "" {
			continue
		}
		switch st.State {
		case journey.StepIsDone:
			line.state, line.when = stepDone, p.date(v.Calendar.Date(st.Ended))
			done = append(done, line)
			continue
		case journey.StepNoMore:
			line.state = stepDropped
			done = append(done, line)
			continue
		case journey.StepOpen, journey.StepFixed, journey.StepUndoing:
		}
		line.purpose, line.who = t.Why, postWords(p, v, st.Owner)
		line.current = lead != nil && lead.Step == st.Step
		line.state, line.when = stateOf(p, v, st)
		rest = append(rest, line)
	}
	slices.SortStableFunc(rest, func(a, b stepLine) int {
		return cmp.Compare(order(a), order(b))
	})
	for _, id := range v.Ahead {
		state := stepUndecided
		rest = append(rest, stepLine{title: text.Steps[id].Title, href: stepAddress(v.ID, id), state: state})
	}
	return done, rest
}

func order(s stepLine) int {
	if s.current {
		return 0
	}
	return 1
}

// stateOf is an open step's word and its date.
func stateOf(p page, v casework.JourneyView, st journey.Step) (stepState, string) {
	last := v.Calendar.LastDay(st.Latest)
	latest := p.T("me.at-the-latest", "date", last)
	switch {
	case !st.Planned.IsZero() && wished(v, st):
		return stepPostponed, p.momentBeside(st.Planned.In(v.Calendar.Zone()))
	case !st.Planned.IsZero():
		return stepPlanned, p.momentBeside(st.Planned.In(v.Calendar.Zone())) + ". " + latest
	case last.Before(v.Calendar.Date(v.Now)):
		return stepPast, latest
	default:
		return stepNow, latest
	}
}

// wished reports whether the planned time is one the patient asked for.
func wished(v casework.JourneyView, st journey.Step) bool {
	reason := journey.PlanReason("")
	for _, r := range v.History {
		if e, ok := r.Event.(journey.StepPlanned); ok && e.Step == st.Step {
			reason = e.Reason
		}
	}
	return reason == journey.ByWish
}

func stepAddress(id string, step pathway.StepID) string {
	return "/me/steps/" + id + "/" + string(step)
}

// lowerFirst makes a heading fit inside a sentence, unless it starts with a
// name in capitals such as NAV.
func lowerFirst(s string) string {
	if mark, words, ok := strings.Cut(s, string(markText)); ok && strings.HasPrefix(s, string(markOpen)) {
		return mark + string(markText) + lowerFirst(words)
	}
	r := []rune(s)
	if len(r) < 2 || strings.ToUpper(string(r[1])) == string(r[1]) && r[1] != ' ' {
		return s
	}
	return strings.ToLower(string(r[0])) + string(r[1:])
}
