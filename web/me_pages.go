package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"

	"github.com/a-h/templ"
)

// plan asks for the reader's own plan and makes the page it stands on.
func (c *call) plan(title string) (page, casework.Plan, error) {
	plan, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyPlan{})
	if err != nil {
		return page{}, plan, err
	}
	account := care.Language("")
	if plan.Person.State != nil {
		account = plan.Person.State.Languages.Reading
	}
	c.r = withAccountLanguage(c.r, account)
	p := newPage(c.r, forPatients, account)
	p.title, p.home, p.signedIn = p.T(title), "/me", plan.Person.Identity.Name
	p.help, p.called = contactOf(p, plan), c.s.calls(c.r, p.lang)
	p.today = care.DateOf(plan.Now, c.zone(plan))
	p.told, p.unread = c.toldOf(p), plan.Unread
	err = c.standFor(&p, plan.Person.Identity.Name, plan.Withheld)
	return p, plan, err
}

// zone is where the reader lives, by the law of their journeys.
func (c *call) zone(plan casework.Plan) *time.Location {
	for _, v := range plan.Journeys {
		return v.Calendar.Zone()
	}
	return care.CalendarOf(care.Norway).Zone()
}

// toldOf is the confirmation of what was just done, named in the address.
func (c *call) toldOf(p page) *told {
	done := c.r.URL.Query().Get("done")
	if !slices.Contains([]string{"too-ill", "matters", "story", "wait", "decisions", "step", "times", "choice", "kept", "objection", "summary", "finding", "asked"}, done) {
		return nil
	}
	if done == "asked" {
		return &told{title: p.T("asked.done.title"), text: p.T("asked.done.text")}
	}
	return &told{title: p.T("me.done." + done + ".title"), text: p.T("me.done." + done + ".text")}
}

// draw sends a page for the patient.
func (c *call) draw(status int, body templ.Component) error { return write(c.w, c.r, status, body) }

func showPlan(c *call) error {
	p, plan, err := c.plan("me.title")
	if err != nil {
		return err
	}
	all := planOf(p, plan)
	if !p.may(access.Plan) {
		all = nil
	}
	return c.draw(http.StatusOK, planBody(p, all, askedLink(p, plan), paused(plan), formKey()))
}

// paused reports whether reminders rest now.
func paused(plan casework.Plan) bool {
	return plan.Person.State != nil && !plan.Person.State.MayRemind(plan.Now)
}

// showShort is the plan in five lines, for bad days; as plain text for reading
// aloud, short messages and print.
func showShort(c *call) error {
	p, plan, err := c.plan("me.short-title")
	if err != nil {
		return err
	}
	lines := shortLines(p, plan)
	if wantsText(c.r) {
		c.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		var b strings.Builder
		for _, l := range lines {
			b.WriteString(strings.Join(wrap(plain(l), 80), "\n") + "\n")
		}
		_, _ = io.WriteString(c.w, b.String()) // the reader may have gone; there is nobody to tell
		return nil
	}
	return c.draw(http.StatusOK, shortBody(p, lines, formKey()))
}

// shortLines are now, latest, to do, next and whom to call.
func shortLines(p page, plan casework.Plan) []string {
	all := planOf(p, plan)
	i := slices.IndexFunc(all, func(m mine) bool { return !m.ended })
	if i < 0 {
		lines := []string{p.T("me.nothing-open")}
		for _, m := range all {
			lines = append(lines, m.now.sentence)
		}
		return append(lines[:min(len(lines), 4)], callLine(p, plan))
	}
	m := all[i]
	lines := []string{m.now.sentence}
	if m.latest != nil {
		lines = append(lines, p.T("plan.latest")+": "+p.date(m.latest.date)+".")
	}
	todo := p.T("plan.todo-none")
	if len(m.tasks) > 0 {
		titles := make([]string, 0, len(m.tasks))
		for _, t := range m.tasks {
			titles = append(titles, t.title)
		}
		todo = p.T("plan.todo") + ": " + p.lang.List(titles) + "."
	}
	lines = append(lines, todo)
	if m.visit != nil {
		lines = append(lines, p.T("plan.next")+": "+m.visit.when+".")
	} else {
		lines = append(lines, p.T("plan.next-none"))
	}
	return append(lines, callLine(p, plan))
}

func callLine(p page, plan casework.Plan) string {
	h := contactOf(p, plan)
	if h.phone == "" {
		return p.T("me.ask", "who", h.name)
	}
	return p.T("me.call", "who", h.name, "phone", h.phone)
}

// wantsText reports whether the request asks for plain text before HTML.
func wantsText(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.HasPrefix(accept, "text/plain") || r.URL.Query().Get("as") == "text"
}

// wrap breaks a line between words, so that no part is wider than columns.
func wrap(s string, columns int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > columns {
			out, line = append(out, line), word
			continue
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(out, line)
}

func showPathway(c *call) error {
	p, plan, err := c.plan("plan.steps")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok {
		return care.Missing("no-journey", "There is no such journey.")
	}
	done, rest := stepLines(p, v)
	return c.draw(http.StatusOK, pathwayBody(p, mineOf(p, v), textOf(p, v.Definition).Summary, done, rest))
}

func journeyIn(plan casework.Plan, id string) (casework.JourneyView, bool) {
	i := slices.IndexFunc(plan.Journeys, func(v casework.JourneyView) bool { return v.ID == id })
	if i < 0 {
		return casework.JourneyView{}, false
	}
	return plan.Journeys[i], true
}

// showStep is one step on its own page: why, what happens, how to make it
// easier, what the patient may say no to, and where it comes from.
func showStep(c *call) error {
	p, plan, err := c.plan("plan.steps")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok {
		return care.Missing("no-journey", "There is no such journey.")
	}
	s, ok := stepPageOf(p, v, pathway.StepID(c.r.PathValue("step")))
	if !ok {
		return care.Missing("no-such-step", "There is no such step in this journey.")
	}
	p.title = s.text.Title
	return c.draw(http.StatusOK, stepBody(p, s, formKey()))
}

// stepPage is one step as its patient reads it.
type stepPage struct {
	journey string
	id      pathway.StepID
	text    pathway.StepText
	line    stepLine
	facts   []fact
	delay   string // why it comes later than was said, and who decided
	mayWait bool
	mayDo   bool // the patient can answer it here
}

func stepPageOf(p page, v casework.JourneyView, id pathway.StepID) (stepPage, bool) {
	text, ok := textOf(p, v.Definition).Steps[id]
	if !ok {
		return stepPage{}, false
	}
	s := stepPage{journey: v.ID, id: id, text: text}
	done, rest := stepLines(p, v)
	for _, l := range slices.Concat(done, rest) {
		if l.href == stepAddress(v.ID, id) {
			s.line = l
		}
	}
	def := v.Definition.Steps[slices.IndexFunc(v.Definition.Steps, func(x pathway.Step) bool { return x.ID == id })]
	if s.line.when != "" {
		s.facts = append(s.facts, fact{name: p.T("visit.when"), value: s.line.when})
	}
	if s.line.who != "" {
		s.facts = append(s.facts, fact{name: p.T("me.who"), value: s.line.who})
	}
	if e := effortWords(p, v, id); e != "" {
		s.facts = append(s.facts, fact{name: p.T("visit.takes"), value: e})
	}
	if len(def.Ways) > 0 {
		ways := make([]string, 0, len(def.Ways))
		for _, w := range def.Ways {
			ways = append(ways, lowerFirst(p.T("way."+string(w))))
		}
		s.facts = append(s.facts, fact{name: p.T("visit.how"), value: p.lang.List(ways)})
	}
	s.facts = append(s.facts, fact{name: p.T("me.source"), value: sourceWords(p, v.Definition, def.Basis)})
	if st := v.State.StepOf(id); st != nil && st.Live() {
		s.delay = delayOf(p, v, *st)
		s.mayWait = !st.Patient && (def.Kind == pathway.Visit || def.Kind == pathway.Meeting)
		s.mayDo = st.Patient
	}
	return s, true
}

// sourceWords names where a step comes from, or says plainly that it is a
// proposal.
func sourceWords(p page, def *pathway.Definition, b pathway.Basis) string {
	for _, s := range def.Sources {
		if s.ID == b.Source {
			return p.lang.foreign(spokenIn(def.Regime), s.Publisher+": "+s.Title)
		}
	}
	return p.T("me.proposed")
}

// back leads to the plan with a confirmation.
func (c *call) done(what string) error {
	http.Redirect(c.w, c.r, "/me?done="+url.QueryEscape(what), http.StatusSeeOther)
	return nil
}

// tooIll is one press: reminders rest for three days, and what was planned until
// then is moved by the service. Nothing else is asked.
func tooIll(c *call) error {
	_, plan, err := c.plan("me.title")
	if err != nil {
		return err
	}
	key := c.r.PostFormValue("key")
	if key == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	send := func(target, suffix string, command interface{ Name() string }) error {
		o := c.order(target, command)
		o.Key = key + suffix
		_, err := c.s.service.Do(c.r.Context(), o)
		return err
	}
	if err := send(string(plan.Person.Key), "/pause", person.Pause{Why: person.TooIll}); err != nil {
		// Somebody who is paused already has said it; the journeys are told again.
		if _, refused := care.AsRefusal(err); !refused {
			return err
		}
	}
	for _, v := range plan.Journeys {
		if v.State.Status != journey.Running {
			continue
		}
		if err := send(v.ID, "/"+v.ID, journey.TooIll{}); err != nil {
			return err
		}
	}
	return c.done("too-ill")
}

// sheet is a page with one form on it: what it asks, and what is wrong.
type sheet struct {
	action string
	intro  string
	fields []field
	choose *choiceField
	hidden []pair
	button string
	back   string
	note   string // what holds of this form, said before its fields
	quote  []quote
}

// quote is somebody's words, under their name.
type quote struct {
	who, when, text string
	file            *link // a document that came with it
}

// showForm draws a form page; with a refusal, it says what is wrong and keeps
// what was typed.
func (c *call) showForm(p page, f sheet, err error) error {
	status := http.StatusOK
	if err != nil {
		refusal, ok := care.AsRefusal(err)
		if !ok || refusal.Kind == care.Denied || refusal.Kind == care.NotFound {
			return err
		}
		status = statusOf(err)
		p.faults = []fault{{field: refusal.Field, text: p.refusal(refusal)}}
	}
	if f.back == "" {
		f.back = "/me"
	}
	f.hidden = append(f.hidden, pair{"key", c.keyOf()})
	f.hidden = append(f.hidden, p.whom()...)
	return c.draw(status, formBody(p, f))
}

// keyOf is the key of the form that was sent, or a new one.
func (c *call) keyOf() string {
	if k := c.r.PostFormValue("key"); k != "" {
		return k
	}
	return formKey()
}

// act sends an order and goes back to the plan, or answers what is wrong.
func (c *call) act(target string, command interface{ Name() string }) error {
	if c.r.PostFormValue("key") == "" {
		return noFormKey()
	}
	_, err := c.s.service.Do(c.r.Context(), c.order(target, command))
	return err
}

func noFormKey() error {
	return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
}

// readWhen says when messages are read, and that nobody reads them otherwise.
func readWhen(p page) string {
	if p.help.hours == "" {
		return p.T("me.message-read")
	}
	return p.T("me.message-read-hours", "hours", p.help.hours)
}

// clean is what somebody wrote, without the blanks around it.
func clean(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// mattersForm asks what matters to the patient, topic by topic.
func mattersForm(c *call) error {
	p, plan, err := c.plan("me.matters")
	if err != nil {
		return err
	}
	topic := person.Topic(c.r.URL.Query().Get("topic"))
	if !slices.Contains(person.Topics, topic) {
		topic = person.Goals
	}
	f := sheet{action: "/me/matters?topic=" + string(topic), intro: p.T("topic." + string(topic) + "-hint"), button: p.T("form.save"),
		fields: []field{{name: "words", label: p.T("topic." + string(topic)), value: c.r.PostFormValue("words"), rows: 6, max: longestText}}}
	for _, w := range plan.Person.State.Words {
		if w.Kind == person.MattersWords && w.Topic == topic {
			f.quote = append(f.quote, quote{who: p.T("me.earlier"), when: p.date(care.DateOf(w.At, c.zone(plan))), text: plan.Person.Text[w.Version]["said"]})
		}
	}
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	if err := c.act(string(plan.Person.Key), person.SayWhatMatters{Topic: topic, Words: clean(c.r.PostFormValue("words"))}); err != nil {
		return c.showForm(p, f, err)
	}
	return c.done("matters")
}

// storyForm asks for the own story: written once, added to when wished.
func storyForm(c *call) error {
	p, plan, err := c.plan("me.story")
	if err != nil {
		return err
	}
	f := sheet{action: "/me/story", intro: p.T("me.story-intro"), button: p.T("form.save"),
		fields: []field{{name: "words", label: p.T("me.story-label"), value: c.r.PostFormValue("words"), rows: 10, max: longestText}}}
	for _, w := range plan.Person.State.Words {
		if w.Kind == person.StoryWords {
			f.quote = append(f.quote, quote{who: p.T("me.earlier"), when: p.date(care.DateOf(w.At, c.zone(plan))), text: plan.Person.Text[w.Version]["told"]})
		}
	}
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	if err := c.act(string(plan.Person.Key), person.TellStory{Words: clean(c.r.PostFormValue("words"))}); err != nil {
		return c.showForm(p, f, err)
	}
	return c.done("story")
}

// waitForm takes a wish to wait with a step, or to move a planned time.
func waitForm(c *call) error {
	p, plan, err := c.plan("me.wait")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok {
		return care.Missing("no-journey", "There is no such journey.")
	}
	st := v.State.StepOf(pathway.StepID(c.r.PathValue("step")))
	if st == nil || !st.Live() {
		return care.Missing("no-such-step", "There is no such step in this journey.")
	}
	f := sheet{action: c.r.URL.Path, intro: p.T("me.wait-intro", "date", v.Calendar.LastDay(st.Latest)), button: p.T("me.send"),
		hidden: []pair{{"seen", strconv.Itoa(st.Version)}},
		fields: []field{
			{name: "until", label: p.T("me.wait-until"), kind: "date", value: c.r.PostFormValue("until")},
			{name: "words", label: p.T("me.wait-why"), value: c.r.PostFormValue("words"), rows: 3, max: longestText, optional: true},
		}}
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	until, err := care.ParseDate(c.r.PostFormValue("until"))
	if err != nil {
		return c.showForm(p, f, onField(err, "until"))
	}
	if err := c.act(v.ID, journey.WishToWait{Step: st.Step, Until: until, Words: clean(c.r.PostFormValue("words"))}); err != nil {
		return c.showForm(p, f, err)
	}
	return c.done("wait")
}

// onField names the field a refusal is about, where it does not say.
func onField(err error, name string) error {
	if r, ok := care.AsRefusal(err); ok && r.Field == "" {
		return r.On(name)
	}
	return err
}

// decisionsForm shows what was decided without the patient, and takes their
// answer.
func decisionsForm(c *call) error {
	p, plan, err := c.plan("me.decisions")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	n, bad := strconv.Atoi(c.r.PathValue("meeting"))
	if !ok || bad != nil || n < 1 || n > len(v.State.Meetings) || v.State.Meetings[n-1].State != journey.MeetingDone {
		return care.Missing("decisions-not-open", "There are no decisions open for an answer.")
	}
	answer := c.r.PostFormValue("answer")
	f := sheet{action: c.r.URL.Path, intro: p.T("me.decisions-intro"), button: p.T("me.send"),
		choose: &choiceField{name: "answer", legend: p.T("me.decisions-answer")},
		fields: []field{{name: "words", label: p.T("me.decisions-words"), value: c.r.PostFormValue("words"), rows: 4, max: longestText, optional: true}}}
	for _, a := range []string{"agrees", "objects", "no-answer-wanted"} {
		f.choose.choices = append(f.choose.choices, choice{value: a, label: p.T("me.answer." + a), chosen: a == answer})
	}
	f.quote = decided(p, v, n)
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	if err := c.act(v.ID, journey.AnswerDecisions{Meeting: n, Answer: answer, Words: clean(c.r.PostFormValue("words"))}); err != nil {
		return c.showForm(p, f, err)
	}
	return c.done("decisions")
}

// decided is what a meeting decided: its summary and what was agreed.
func decided(p page, v casework.JourneyView, meeting int) []quote {
	var out []quote
	for _, r := range v.History {
		switch e := r.Event.(type) {
		case journey.MeetingHeld:
			if e.Meeting == meeting {
				if s := cmpOr(v.Text[r.Version]["summary"], v.Text[r.Version]["minutes"]); s != "" {
					out = append(out, quote{who: p.T("me.summary"), text: s})
				}
			}
		case journey.InterventionAgreed:
			if e.Meeting == meeting {
				out = append(out, quote{
					who: partyWords(p, v, e.Meant), when: p.T("me.at-the-latest", "date", v.Calendar.LastDay(e.Due)), text: v.Text[r.Version]["what"],
				})
			}
		}
	}
	return out
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// stepForm takes the patient's own words for a step that is theirs to do.
func stepForm(c *call) error {
	p, plan, err := c.plan("plan.steps")
	if err != nil {
		return err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok {
		return care.Missing("no-journey", "There is no such journey.")
	}
	st := v.State.StepOf(pathway.StepID(c.r.PathValue("step")))
	if st == nil || !st.Live() || !st.Patient {
		return care.Missing("no-such-step", "There is no such step in this journey.")
	}
	words := clean(c.r.PostFormValue("words"))
	if words == "" {
		s, _ := stepPageOf(p, v, st.ID)
		p.title = s.text.Title
		p.faults = []fault{{field: "words", text: p.T("refusal.words-empty")}}
		return c.draw(http.StatusUnprocessableEntity, stepBody(p, s, c.keyOf()))
	}
	if err := c.act(v.ID, journey.CompleteStep{Step: st.Step, Words: words}); err != nil {
		return err
	}
	return c.done("step")
}
