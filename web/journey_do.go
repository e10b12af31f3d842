package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// An actionPage is the form of one action.
type actionPage struct {
	action string // where it is sent
	about  []fact
	title  string // of the thing, "" for the whole journey
	lines  []string
	quotes []said
	// changed is what happened after the form was opened, in the order of events.
	changed []string
	hidden  []pair
	asks    []ask
	behalf  []ask
	values  url.Values
	save    string
	next    bool // whether the next row of the list can be gone on to
	back    string
	danger  string
	remark  *remark
}

// findThing reads which action on which thing the address and the form name.
func (s *scene) findThing() (*action, thing, error) {
	if err := s.nothingToDo(); err != nil {
		return nil, thing{}, err
	}
	a := findAction(s.c.r.PathValue("action"))
	t := parseThing(s.c.r.FormValue("item"))
	if a == nil || a.makes == nil || a.on != t.kind && !(a.on == "" && t.kind == "") || !s.there(t) {
		return nil, t, care.Missing("no-such-action", "There is no such thing to do here.")
	}
	return a, t, nil
}

// nothingToDo refuses who reads by their own opening: it gives nothing to do.
func (s *scene) nothingToDo() error {
	if !s.v.ReadOnly {
		return nil
	}
	return access.Denied()
}

// showAction is the form of an action, filled with what the engine proposes.
func showAction(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	a, t, err := s.findThing()
	if err != nil {
		return err
	}
	if !s.can(a, t) {
		// A hand-over that is offered already waits for an answer or is taken back:
		// both are done where the offer stands.
		if n := s.offeredNow(journey.OfResponsibility); n > 0 && strings.HasPrefix(a.name, "offer") && a.name != "offer-intervention" {
			http.Redirect(c.w, c.r, s.address("")+"#offer-"+strconv.Itoa(n), http.StatusSeeOther)
			return nil
		}
		return care.Stale("changed-meanwhile", "Someone else changed this at the same time. Look at it again.")
	}
	return s.form(a, t, s.start(a, t), http.StatusOK)
}

// start is a form as it is first shown: the proposal, and when and for whom.
func (s *scene) start(a *action, t thing) url.Values {
	v := url.Values{}
	s.nowIn(v)
	if a.spoken {
		v.Set("behalf", string(care.PartyPatient))
		v.Set("how", string(care.ByPhone))
	}
	for name, values := range s.proposal(a, t) {
		v[name] = values
	}
	s.prefill(a, t, v)
	v.Set("to-page", s.c.r.URL.Query().Get("back"))
	v.Set("seen", strconv.Itoa(s.version(t)))
	return v
}

// prefill takes what the address proposes for a form, such as to whom, where the
// form asks for it.
func (s *scene) prefill(a *action, t thing, v url.Values) {
	q := s.c.r.URL.Query()
	for _, x := range a.asks(s, t) {
		for _, name := range []string{x.name, x.name + "-time"} {
			if q.Has(name) && x.name != "step" {
				v.Set(name, q.Get(name))
			}
		}
	}
}

// form sends the form of an action, filled with v.
func (s *scene) form(a *action, t thing, v url.Values, status int) error {
	s.p.title = s.p.T("staff.do." + a.name)
	if t.kind == "end" {
		s.p.title = s.p.T("staff.end-as", "what", lowerFirst(s.text.Ends[s.endDef(t).ID].Title))
	}
	x := actionPage{
		action: s.address("/do/" + a.name), about: s.brief(), values: v, back: s.address(""), save: s.p.title,
		asks: a.asks(s, t), behalf: s.behalfAsks(),
		hidden: []pair{{"item", t.key()}, {"key", formKey()}, {"seen", v.Get("seen")}, {"opened", v.Get("opened")}, {"to-page", v.Get("to-page")}},
	}
	if back := listAddress(v.Get("to-page")); back != "" {
		x.back, x.next = withoutNext(back), strings.Contains(back, "after=")
	}
	if _, open := s.v.State.Items[t.key()]; open {
		x.title = s.what(t.key())
	} else {
		x.title = s.thingTitle(t)
	}
	if t.kind != "" {
		x.lines, x.quotes = s.about(t)
	}
	x.remark = s.interpreterUnknown(a, t)
	if status == http.StatusConflict {
		x.changed = s.since(v.Get("seen"))
		s.resee(&x, t)
	}
	if s.p.lang.has("staff.lead." + a.name) {
		x.danger = s.p.T("staff.lead." + a.name)
	}
	return write(s.c.w, s.c.r, status, actionBody(s.p, x))
}

// resee lets the form go on from what is shown now.
func (s *scene) resee(x *actionPage, t thing) {
	for i := range x.hidden {
		if x.hidden[i].name == "seen" {
			x.hidden[i].value = strconv.Itoa(s.version(t))
		}
	}
}

// since tells what happened after the version that was on the screen.
func (s *scene) since(seen string) []string {
	n, err := strconv.Atoi(seen)
	if err != nil || n < 1 {
		return nil
	}
	var out []string
	for _, r := range s.v.History {
		if r.Version > n {
			out = append(out, s.sentence(r)+" ("+s.actor(r.Actor, care.Post{})+")")
		}
	}
	const shown = 8
	return out[max(0, len(out)-shown):]
}

// thingTitle names a thing that is no open item.
func (s *scene) thingTitle(t thing) string {
	st := s.v.State
	switch t.kind {
	case "booking":
		return s.stepAt(s.v.Bookings.State.Bookings[t.n-1].Step)
	case "wish":
		return s.p.T("staff.wish." + string(s.v.Bookings.State.Wishes[t.n-1].Kind))
	case "times":
		return s.stepAt(s.v.Bookings.State.Polls[t.n-1].Step)
	case "step", "interpreter":
		return s.stepAt(t.n)
	case "role":
		return s.roleText(t.id)
	case "clock":
		for _, c := range st.Clocks {
			if string(c.ID) == t.id {
				return s.clock(c.ID)
			}
		}
	case "milestone":
		for _, m := range s.v.Definition.Milestones {
			if string(m.ID) == t.id {
				return s.milestone(m.ID)
			}
		}
	case "meeting":
		return s.stepAt(st.Meetings[t.n-1].Step)
	case "choice":
		return s.text.Choices[st.Choices[t.n-1].ID].Title
	case "intervention":
		return s.interventionText(t.n)
	case "offer":
		return itemWords(s.p, "offer", string(st.Offers[t.n-1].Kind), "")
	case "event":
		return s.sentenceAt(t.n)
	case "finding":
		return s.v.Person.State.Findings[t.n-1].Kind
	case "matters":
		return s.p.T("staff.topic." + t.id)
	case "carrier":
		return s.p.T("staff.carried." + t.id)
	case "told":
		for _, body := range s.v.Person.Text[t.n] {
			return body
		}
	}
	return ""
}

func (s *scene) roleText(id string) string { return roleName(s.p, care.Role(id)) }

// doAction carries an action out, or shows its form again with what is wrong and
// everything that was typed.
func doAction(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	a, t, err := s.findThing()
	if err != nil {
		return err
	}
	f := s.read(a, t, c.r.PostForm)
	o := s.order(a, t, f)
	if len(f.faults) > 0 {
		return s.again(a, t, f, http.StatusUnprocessableEntity)
	}
	receipt, err := c.s.service.Do(c.r.Context(), o)
	if err != nil {
		return s.refused(a, t, f, err)
	}
	if choice, ok := o.Command.(journey.Choose); ok {
		if err := s.knownFrom(o, choice); err != nil {
			return err
		}
	}
	return s.carried(a, receipt)
}

// knownFrom records what was said of effort with a choice where it is kept of the
// person, so that it is asked once and gates every choice after.
func (s *scene) knownFrom(o casework.Order, c journey.Choose) error {
	said := person.Malaise(c.Malaise)
	if said != person.MalaiseYes && said != person.MalaiseNo {
		return nil
	}
	o.Target, o.Command, o.Seen = string(s.v.Person.Key), person.ReportCondition{Malaise: said}, 0
	o.Key += "/malaise"
	if _, err := s.c.s.service.Do(s.c.r.Context(), o); err != nil {
		if _, refused := care.AsRefusal(err); !refused {
			return err
		}
		// It stands with the choice all the same.
	}
	return nil
}

// read reads the form of an action with what every staff form ends with.
func (s *scene) read(a *action, t thing, v url.Values) *filled {
	f := readForm(s.p, slices.Concat(a.asks(s, t), s.behalfAsks()), v, s.v.Calendar)
	f.checkBehalf()
	return f
}

// refused shows the form again where the person can do something about it.
func (s *scene) refused(a *action, t thing, f *filled, err error) error {
	r, ok := care.AsRefusal(err)
	if !ok || r.Kind == care.Denied || r.Kind == care.NotFound && !s.there(t) {
		return err
	}
	f.refused(s.inWords(r))
	status := statusOf(err)
	if r.Kind == care.NotFound {
		status = http.StatusConflict // it was there when the form was opened
	}
	// What is shown beside the form must be as it is now.
	if fresh, err := s.c.scene(); err == nil {
		fresh.p.faults = s.p.faults
		s = fresh
	}
	return s.again(a, t, f, status)
}

// inWords is a refusal whose ids are said as people call them.
func (s *scene) inWords(r *care.Refusal) *care.Refusal {
	said := *r
	said.Args = make(map[string]string, len(r.Args))
	for name, value := range r.Args {
		post := parsePost(value)
		_, known := s.v.Directory().Unit(post.Unit)
		switch {
		case known:
			value = s.post(post)
		case name == "role":
			value = s.roleText(value)
		case name == "item":
			value = s.agenda(value)
		case name == "milestone":
			value = s.milestone(pathway.MilestoneID(value))
		case name == "clock":
			value = s.clock(pathway.ClockID(value))
		case name == "need":
			value = s.needText(value)
		}
		said.Args[name] = value
	}
	return &said
}

// needText is a step or a milestone that must come first.
func (s *scene) needText(id string) string {
	if t := s.text.Milestones[pathway.MilestoneID(id)]; t != "" {
		return t
	}
	return s.step(pathway.StepID(id))
}

func (s *scene) again(a *action, t thing, f *filled, status int) error {
	s.p.faults = f.faults
	v := url.Values{}
	for name, values := range s.c.r.PostForm {
		v[name] = values
	}
	return s.form(a, t, v, status)
}

// carried leads on after an act: back to where the press was, or to the journey.
func (s *scene) carried(a *action, receipt casework.Receipt) error {
	at := receipt.First
	if a.ofPerson() {
		at = 0
	}
	to := doneAddress(s.address(""), a.name, "", at)
	if back := listAddress(s.c.r.PostFormValue("to-page")); back != "" {
		to = doneAddress(nextOn(back, s.c.r.PostForm), a.name, s.v.ID, at)
	}
	http.Redirect(s.c.w, s.c.r, to, http.StatusSeeOther)
	return nil
}

// listAddress is the list that a form was opened from; "" where it was not.
func listAddress(to string) string {
	if to = localPath(to); to == referralsPath || to == interventionsPath || to == "/work" || strings.HasPrefix(to, "/work?") {
		return to
	}
	return ""
}

// phoneNote is the note of two fields on the journey's page; nil once the
// journey has ended.
func (s *scene) phoneNote() *phoneNote {
	if s.v.State.Status != journey.Running {
		return nil
	}
	n := &phoneNote{
		action: s.address("/note"), hidden: []pair{{"key", formKey()}, {"opened", s.today.String()}}, happened: s.today,
		who: []choice{{value: "", label: s.p.T("staff.no-one-in-particular")}},
	}
	whose := s.behalfAsks()[0]
	for _, c := range whose.choices {
		if c.value != string(care.PartyOther) {
			c.chosen = c.value == string(care.PartyPatient)
			n.who = append(n.who, c)
		}
	}
	n.next = []choice{{value: "", label: s.p.T("staff.note-nothing-moves"), chosen: true}}
	for _, c := range s.stepsToMove() {
		t := parseThing("step/" + c.value)
		v := proposeTime(s, t)
		d, err := care.ParseDate(v.Get("at"))
		if err != nil {
			continue
		}
		n.next = append(n.next, choice{value: c.value, label: s.p.T("staff.note-moves", "what", c.label, "date", d)})
	}
	return n
}

// noteCall keeps the note of two fields. Where a step was chosen it moves to the
// time the page proposed, which can be changed at once.
func noteCall(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	a := findAction("note")
	v := url.Values{"channel": {string(care.ByPhone)}, "words": {c.r.PostFormValue("said")}, "step": {c.r.PostFormValue("next")}}
	if who := c.r.PostFormValue("who"); who != "" {
		v.Set("behalf", who)
		v.Set("how", string(care.ByPhone))
	}
	if d := c.r.PostFormValue("happened"); d != c.r.PostFormValue("opened") {
		v.Set("happened", d)
		v.Set("happened-time", "12:00")
	}
	if n, err := strconv.Atoi(v.Get("step")); err == nil && s.there(thing{kind: "step", n: n}) {
		for name, values := range proposeTime(s, thing{kind: "step", n: n}) {
			if name != "way" {
				v[name] = values
			}
		}
	}
	v.Set("key", c.r.PostFormValue("key"))
	c.r.PostForm = v
	f := s.read(a, thing{}, v)
	o := s.order(a, thing{}, f)
	if len(f.faults) > 0 {
		return s.again(a, thing{}, f, http.StatusUnprocessableEntity)
	}
	receipt, err := c.s.service.Do(c.r.Context(), o)
	if err != nil {
		return s.refused(a, thing{}, f, err)
	}
	return s.carried(a, receipt)
}
