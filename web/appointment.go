package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// An appointmentPage is one appointment as its patient reads it.
type appointmentPage struct {
	address string
	visit   visit
	// missed says that the planned time came to nothing, none that no time is set.
	missed, none bool
	strained     string
	what         string
	wishes       []wishLine
	asks         []link
	key          string
}

// A wishLine is something the patient wished, and what came of it. undo is its
// number while it can be taken back.
type wishLine struct {
	title, state, tone, when string
	said, answer             string
	undo                     string
}

// appointment finds the step that the address names, as its patient may read it.
func (c *call) appointment() (page, casework.JourneyView, *journey.Step, error) {
	p, plan, err := c.plan("appointment.title")
	if err != nil {
		return p, casework.JourneyView{}, nil, err
	}
	v, ok := journeyIn(plan, c.r.PathValue("journey"))
	if !ok || !p.may(access.Plan) {
		return p, v, nil, care.Missing("no-journey", "There is no such journey.")
	}
	st := v.State.StepOf(pathway.StepID(c.r.PathValue("step")))
	if st == nil || !demanding(*st) {
		return p, v, nil, care.Missing("no-such-step", "There is no such step in this journey.")
	}
	return p, v, st, nil
}

func appointmentAddress(journey string, step pathway.StepID) string {
	return "/me/appointments/" + journey + "/" + string(step)
}

func showAppointment(c *call) error {
	p, v, st, err := c.appointment()
	if err != nil {
		return err
	}
	if kind := booking.WishKind(c.r.URL.Query().Get("wish")); kind != "" {
		if !slices.Contains(booking.WishKinds, kind) || !st.Live() || !p.may(access.Acts) {
			return care.Missing("no-such-wish", "There is no such wish.")
		}
		return c.showForm(p, c.wishSheet(&p, v, *st, kind), nil)
	}
	if done := c.r.URL.Query().Get("done"); done == "wish" || done == "back" {
		p.told = &told{title: p.T("appointment.done-" + done), text: p.T("visit.safe")}
	}
	return c.draw(http.StatusOK, appointmentBody(p, appointmentOf(p, v, *st, c.keyOf())))
}

// appointmentOf is the card of an appointment.
func appointmentOf(p page, v casework.JourneyView, st journey.Step, key string) appointmentPage {
	text := textOf(p, v.Definition).Steps[st.ID]
	x := appointmentPage{
		address: appointmentAddress(v.ID, st.ID), visit: visitOf(p, v, st), key: key,
		none: st.Planned.IsZero(), missed: st.Planned.IsZero() && st.Missed > 0 && st.Live(), what: text.What,
	}
	if len(st.Over) > 0 {
		x.strained = p.T("appointment.strained")
	}
	for _, w := range slices.Backward(v.Bookings.State.Wishes) {
		if w.Journey == v.ID && w.Step == st.Step {
			x.wishes = append(x.wishes, wishOf(p, v, w))
		}
	}
	if !st.Live() || !p.may(access.Acts) || x.none && !x.missed {
		return x
	}
	kinds := booking.WishKinds
	if x.missed {
		kinds = []booking.WishKind{booking.WishMove, booking.WishAdapt}
	}
	for _, k := range kinds {
		name := "appointment.wish-" + string(k)
		if x.missed {
			name += "-missed"
		}
		x.asks = append(x.asks, link{text: p.T(name), href: x.address + "?wish=" + string(k)})
	}
	return x
}

// visitOf is when, where, how long, with whom and why.
func visitOf(p page, v casework.JourneyView, st journey.Step) visit {
	text := textOf(p, v.Definition).Steps[st.ID]
	out := visit{facts: []fact{{name: p.T("visit.why"), value: orElse(text.Why, text.Title)}}}
	add := func(name, value string) {
		if value != "" {
			out.facts = append(out.facts, fact{name: p.T(name), value: value})
		}
	}
	who := postWords(p, v, st.Owner)
	if !st.Planned.IsZero() {
		at := st.Planned.In(v.Calendar.Zone())
		out.when, out.relative = p.moment(at), p.lang.Until(v.Calendar.Date(v.Now), v.Calendar.Date(at))
		out.calendar = appointmentAddress(v.ID, st.ID) + "/calendar.ics"
	}
	copied := v.Bookings.State.Of(v.ID, st.Step, st.Planned)
	if copied != nil {
		said := v.Bookings.Text[copied.Text]
		out.source = copiedWords(p, v, *copied)
		if copied.Minutes > 0 {
			add("appointment.length", p.T("plan.minutes", "n", copied.Minutes))
		}
		add("visit.where", said["place"])
		who = orElse(said["with"], who)
		defer add("visit.bring", said["bring"])
	}
	if st.Way != "" && !st.Planned.IsZero() {
		add("visit.how", p.T("way."+string(st.Way)))
	}
	add("visit.who", who)
	add("visit.takes", effortWords(p, v, st.ID))
	if v.Person.State.Languages.Interpreter != "" && !st.Planned.IsZero() {
		is := "unknown"
		if copied != nil && copied.Interpreter != "" {
			is = copied.Interpreter
		}
		add("appointment.interpreter", p.T("appointment.interpreter-"+is))
	}
	return out
}

// copiedWords say where an appointment was copied from, and when.
func copiedWords(p page, v casework.JourneyView, b booking.Booking) string {
	return p.T("visit.copied", "source", b.Source, "moment", p.moment(b.Copied.Copied.In(v.Calendar.Zone())))
}

func wishOf(p page, v casework.JourneyView, w booking.WishState) wishLine {
	x := wishLine{
		title: p.T("appointment.wished-" + string(w.Kind)), when: p.date(v.Calendar.Date(w.Since)),
		said: v.Bookings.Text[w.Begun]["said"], answer: v.Bookings.Text[w.Answer]["answer"],
	}
	if len(w.Adaptations) > 0 {
		var names []string
		for _, a := range w.Adaptations {
			names = append(names, lowerFirst(p.T("appointment.adapt-"+string(a))))
		}
		x.title += ": " + p.lang.List(names)
	}
	switch {
	case w.Open:
		x.state, x.tone = p.T("appointment.wish-open", "date", v.Calendar.LastDay(w.By)), "waiting"
		if p.may(access.Acts) {
			x.undo = strconv.Itoa(w.Wish)
		}
	case w.TakenBack:
		x.state, x.tone = p.T("appointment.wish-taken-back"), "ahead"
	default:
		x.state, x.tone = p.T("appointment.outcome-"+string(w.Outcome)), "done"
	}
	return x
}

// wishSheet asks for one wish: as little as there is to say.
func (c *call) wishSheet(p *page, v casework.JourneyView, st journey.Step, kind booking.WishKind) sheet {
	p.title = p.T("appointment.wish-" + string(kind))
	f := sheet{
		action: appointmentAddress(v.ID, st.ID), intro: p.T("appointment.intro-" + string(kind)), button: p.T("me.send"),
		back:   appointmentAddress(v.ID, st.ID),
		hidden: []pair{{"wish", string(kind)}, {"at", forWords(c.r.PostFormValue("at"), st)}},
		fields: []field{{
			name: "words", label: p.T("appointment.words-" + string(kind)), value: c.r.PostFormValue("words"), rows: 4, max: longestText,
			optional: kind != booking.WishAsk,
		}},
	}
	if !st.Planned.IsZero() {
		f.note = p.T("appointment.note", "moment", p.moment(st.Planned.In(v.Calendar.Zone())))
	}
	if kind == booking.WishAdapt {
		f.choose = &choiceField{name: "adaptations", legend: p.T("appointment.adapt"), many: true}
		for _, a := range booking.Adaptations {
			f.choose.choices = append(f.choose.choices, choice{
				value: string(a), label: p.T("appointment.adapt-" + string(a)), chosen: slices.Contains(c.r.PostForm["adaptations"], string(a)),
			})
		}
	}
	return f
}

// forWords is the time that the reader had on the screen: what the form brought, or
// what stands there now.
func forWords(sent string, st journey.Step) string {
	if sent != "" || st.Planned.IsZero() {
		return sent
	}
	return st.Planned.UTC().Format(time.RFC3339Nano)
}

// wishAppointment records a wish. An appointment that got another time meanwhile is
// said so, and what was written is kept.
func wishAppointment(c *call) error {
	p, v, st, err := c.appointment()
	if err != nil {
		return err
	}
	kind := booking.WishKind(c.r.PostFormValue("wish"))
	if !slices.Contains(booking.WishKinds, kind) {
		return care.Missing("no-such-wish", "There is no such wish.")
	}
	wish := booking.Wish{Journey: v.ID, Step: st.Step, Kind: kind, Words: clean(c.r.PostFormValue("words"))}
	if sent := c.r.PostFormValue("at"); sent != "" {
		if wish.For, err = time.Parse(time.RFC3339Nano, sent); err != nil {
			return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
		}
	}
	for _, a := range c.r.PostForm["adaptations"] {
		wish.Adaptations = append(wish.Adaptations, booking.Adaptation(a))
	}
	if err := c.act(string(v.State.Person), wish); err != nil {
		f := c.wishSheet(&p, v, *st, kind)
		if r, refused := care.AsRefusal(err); refused && r.Code == "appointment-moved" {
			f.hidden[1].value = forWords("", *st) // sent again, it is about what stands there now
		}
		return c.showForm(p, f, err)
	}
	return c.toAppointment(v.ID, st.ID, "wish")
}

func (c *call) toAppointment(journey string, step pathway.StepID, done string) error {
	http.Redirect(c.w, c.r, appointmentAddress(journey, step)+"?done="+url.QueryEscape(done), http.StatusSeeOther)
	return nil
}

// takeBackWish takes an open wish back.
func takeBackWish(c *call) error {
	_, v, st, err := c.appointment()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.r.PostFormValue("number"))
	if err != nil {
		return care.Missing("no-such-wish", "There is no such wish.")
	}
	if err := c.act(string(v.State.Person), booking.TakeBack{Wish: n}); err != nil {
		return err
	}
	return c.toAppointment(v.ID, st.ID, "back")
}

// sendAppointment sends one appointment as a calendar file.
func sendAppointment(c *call) error {
	p, v, st, err := c.appointment()
	if err != nil {
		return err
	}
	list := c.s.service.Appointments(v, st.Step)
	if len(list) == 0 {
		return care.Missing("appointment-none", "No time is set yet.")
	}
	return c.sendFile(p.lang, list)
}

// timesForm asks which of the proposed times the patient can.
func timesForm(c *call) error {
	p, plan, err := c.plan("appointment.times-title")
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(c.r.PathValue("poll"))
	for _, v := range plan.Journeys {
		polls := v.Bookings.State.Polls
		if n < 1 || n > len(polls) || polls[n-1].Journey != v.ID {
			continue
		}
		poll := polls[n-1]
		if !poll.Open {
			return care.Stale("times-closed", "The time is set or taken back already. Look at what holds now.")
		}
		f := sheet{
			action: c.r.URL.Path, intro: p.T("appointment.times-intro", "what", lowerFirst(textOf(p, v.Definition).Steps[v.State.Steps[poll.Step-1].ID].Title)),
			note: p.T("appointment.times-by", "date", v.Calendar.LastDay(poll.By)), button: p.T("me.send"),
			choose: timesChoice(p, v.Calendar, v.Now, proposed(poll), chosenTimes(c, poll.Answers[1].Can)),
			fields: []field{{name: "words", label: p.T("appointment.times-words"), value: c.r.PostFormValue("words"), rows: 3, max: longestText, optional: true}},
		}
		if c.r.Method == http.MethodGet {
			return c.showForm(p, f, nil)
		}
		can := chosenTimes(c, nil)
		if err := c.act(string(v.State.Person), booking.AnswerTimes{Poll: n, Who: 1, Can: can, Words: clean(c.r.PostFormValue("words"))}); err != nil {
			return c.showForm(p, f, err)
		}
		return c.done("times")
	}
	return care.Missing("no-such-times", "No such times are proposed.")
}

func proposed(p booking.Poll) []time.Time {
	var out []time.Time
	for _, t := range p.Times {
		out = append(out, t.At)
	}
	return out
}

// chosenTimes are the times ticked in the form that was sent, or those answered
// before. Who ticks none says that none fits.
func chosenTimes(c *call, before []int) []int {
	if c.r.Method == http.MethodGet {
		return before
	}
	out := []int{}
	for _, s := range c.r.PostForm["can"] {
		if n, err := strconv.Atoi(s); err == nil {
			out = append(out, n)
		}
	}
	return out
}

func timesChoice(p page, cal *care.Calendar, now time.Time, times []time.Time, chosen []int) *choiceField {
	f := &choiceField{name: "can", legend: p.T("appointment.times-can"), hint: p.T("appointment.times-none"), many: true}
	for i, t := range times {
		at := t.In(cal.Zone())
		f.choices = append(f.choices, choice{
			value: strconv.Itoa(i + 1), label: p.moment(at) + " (" + p.lang.Until(cal.Date(now), cal.Date(at)) + ")", chosen: slices.Contains(chosen, i+1),
		})
	}
	return f
}

// demanding reports whether a step is an appointment: a visit or a meeting.
func demanding(st journey.Step) bool { return st.Kind == pathway.Visit || st.Kind == pathway.Meeting }

// timesTasks are the proposed times that the patient has not answered.
func timesTasks(p page, v casework.JourneyView) []task {
	var tasks []task
	for _, poll := range v.Bookings.State.Polls {
		if _, answered := poll.Answers[1]; poll.Open && !answered && poll.Journey == v.ID {
			tasks = append(tasks, task{
				title: p.T("appointment.times-task"), href: "/me/times/" + strconv.Itoa(poll.Poll),
				hint: p.T("appointment.times-by", "date", v.Calendar.LastDay(poll.By)), status: taskOpen,
			})
		}
	}
	return tasks
}
