package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// An answering is a referral being answered.
type answering struct {
	*scene
	step  journey.Step
	rules []pathway.AnswerRule
	kind  pathway.AnswerKind // "" until one of the four is chosen
}

// answering finds the step that waits for the answer.
func (c *call) answering() (*answering, error) {
	s, err := c.scene()
	if err != nil {
		return nil, err
	}
	if err := s.nothingToDo(); err != nil {
		return nil, err
	}
	a := &answering{scene: s, kind: pathway.AnswerKind(c.r.FormValue("answer"))}
	for _, st := range s.v.State.Steps {
		if st.Kind == pathway.Answer && st.State != journey.StepUndoing && (st.Live() || a.step.Step == 0) {
			a.step = st
		}
	}
	if a.step.Step == 0 {
		return nil, care.Missing("no-such-step", "There is no such step in this journey.")
	}
	if def := s.stepDef(a.step.ID); def != nil {
		a.rules = def.Answers
	}
	if !slices.ContainsFunc(a.rules, func(r pathway.AnswerRule) bool { return r.Kind == a.kind }) {
		a.kind = ""
	}
	s.p.title = s.p.T("staff.do.answer")
	return a, nil
}

// rule is what the chosen answer must hold.
func (a *answering) rule() pathway.AnswerRule {
	for _, r := range a.rules {
		if r.Kind == a.kind {
			return r
		}
	}
	return pathway.AnswerRule{}
}

// asks are the fields of the chosen answer: the decision on the right, and what
// happens now.
func (a *answering) asks() (decision, next []ask) {
	rule := a.rule()
	for _, name := range rule.Asks {
		switch name {
		case "right":
			decision = append(decision, radioOf("right", a.picks("right", string(journey.HasRight), string(journey.NoRight))...).needed())
		case "latest-legal-date":
			decision = append(decision, dayOf("latest-legal-date").with("latest-legal-date"))
		case "reasons":
			decision = append(decision, wordsOf("reasons").needed().with("patient-reads"))
		case "how-to-complain":
			decision = append(decision, wordsOf("how-to-complain").needed().with("patient-reads"))
		case "plan":
			next = append(next, wordsOf("plan").needed().with("patient-reads"))
		case "owner":
			next = append(next, oneOf("owner", a.posts(nil)...).as("plan-owner").needed().with("plan-owner"))
		case "receiver":
			next = append(next, oneOf("receiver", a.others()...).needed().with("receiver"))
		case "question":
			next = append(next, wordsOf("question").needed())
		}
	}
	switch a.kind {
	case pathway.Accept:
		next = append(next, oneOf("takes", a.own()...))
	case pathway.Advise, pathway.Redirect:
		next = append(next, a.carrierAsks(true)...)
	case pathway.Ask:
	}
	if a.kind != pathway.Ask {
		next = append(next, wordsOf("message").as("what-now").with("patient-reads"))
	}
	return decision, next
}

// own are the answering unit's posts, one of which becomes responsible.
func (a *answering) own() []choice {
	return slices.DeleteFunc(a.posts(nil), func(c choice) bool { return parsePost(c.value).Unit != a.step.Owner.Unit })
}

// others are the desks of other units that could answer the referral instead.
func (a *answering) others() []choice {
	var kinds []string
	for _, r := range a.v.Definition.Roles {
		if r.ID == a.step.Role {
			kinds = r.At
		}
	}
	return slices.DeleteFunc(a.posts(kinds, care.Desk), func(c choice) bool { return parsePost(c.value).Unit == a.step.Owner.Unit })
}

// start is the form of an answer as it is first shown.
func (a *answering) start() url.Values {
	v := a.answersFor(a.step.Owner)
	a.nowIn(v)
	v.Set("to-page", a.c.r.URL.Query().Get("back"))
	v.Set("seen", strconv.Itoa(a.step.Version))
	if a.kind == pathway.Accept {
		for _, r := range a.v.Definition.Roles {
			post := care.Post{Unit: a.step.Owner.Unit, Role: care.Role(r.ID)}
			if r.Contact && hasChoice(a.own(), post.String()) {
				v.Set("takes", post.String())
			}
		}
	}
	if a.kind == pathway.Advise || a.kind == pathway.Redirect {
		for name, values := range a.carriedNow() {
			v[name] = values
		}
	}
	if gp := a.v.State.Roles["gp"]; a.kind == pathway.Advise && !gp.IsZero() {
		v.Set("owner", gp.String())
	}
	return v
}

// An answerPage is the referral with the four answers, or the form of one.
type answerPage struct {
	about    []fact
	referral pagePart
	step     thingView
	ways     []answerWay
	back     string
	form     *actionPage
	decision []ask
	next     []ask
	preview  []said
	reads    care.Language
}

// An answerWay is one of the four answers with what follows from it.
type answerWay struct {
	title, href string
	follows     []string
}

func showAnswer(c *call) error {
	a, err := c.answering()
	if err != nil {
		return err
	}
	return a.draw(a.start(), http.StatusOK, false)
}

// draw sends the page. preview shows what the patient will read.
func (a *answering) draw(v url.Values, status int, preview bool) error {
	x := answerPage{about: a.brief(), referral: a.referralPart(), back: a.address("")}
	x.referral.links = slices.DeleteFunc(x.referral.links, func(l link) bool { return l.href == "" })
	x.step = thingView{title: a.stepAt(a.step.Step), due: a.p.T("staff.by", "date", a.last(a.step.Latest), "relative", a.p.lang.Until(a.today, a.last(a.step.Latest))),
		late: a.step.Latest.Before(a.v.Now), owner: a.p.T("plan.responsible", "who", a.owner(a.step.Owner))}
	if a.kind == "" {
		for _, r := range a.rules {
			w := answerWay{title: a.p.T("staff.answer-do." + string(r.Kind)), href: withBack(a.address("/answer?answer="+string(r.Kind)), a.c.r.URL.Query().Get("back"))}
			second := "second"
			if settles := r.Kind == pathway.Accept || r.Kind == pathway.Advise; settles && !slices.Contains(r.Asks, "right") {
				second = "no-right" // no decision on a right goes with the answer, as in Sweden
			}
			for _, key := range []string{"first", second, "third"} {
				if full := "staff.answer-means." + string(r.Kind) + "." + key; a.p.lang.has(full) {
					w.follows = append(w.follows, a.p.T(full))
				}
			}
			x.ways = append(x.ways, w)
		}
		return write(a.c.w, a.c.r, status, answerBody(a.p, x))
	}
	a.p.title = a.p.T("staff.answer-do." + string(a.kind))
	x.decision, x.next = a.asks()
	x.back = a.address("/answer")
	x.form = &actionPage{
		action: a.address("/answer"), behalf: a.behalfAsks(), values: v, save: a.p.T("staff.answer-send"),
		hidden: []pair{{"answer", string(a.kind)}, {"key", formKey()}, {"seen", v.Get("seen")}, {"opened", v.Get("opened")}, {"to-page", v.Get("to-page")}},
	}
	if status == http.StatusConflict {
		x.form.changed = a.since(v.Get("seen"))
		x.form.hidden[2].value = strconv.Itoa(a.step.Version)
	}
	if preview {
		x.preview, x.reads = a.preview(v), a.reads()
	}
	return write(a.c.w, a.c.r, status, answerBody(a.p, x))
}

// reads is the language that the patient reads.
func (a *answering) reads() care.Language {
	if l := a.v.Person.State.Languages.Reading; l != "" {
		return l
	}
	return a.p.lang.code
}

// preview is what the patient will read, in the patient's own language where we
// have the words; what is written by hand stays as it is written.
func (a *answering) preview(v url.Values) []said {
	f := &filled{p: a.p, v: v, cal: a.v.Calendar}
	l := speak(a.reads())
	unit := a.v.Post(a.step.Owner).Unit.Name
	to := func(name string) string { return a.v.Post(f.post(name)).Unit.Name }
	var out []said
	add := func(title, text string) {
		if text != "" {
			out = append(out, said{by: title, text: text})
		}
	}
	switch a.kind {
	case pathway.Accept:
		add("", l.T("reply.accept", "who", unit))
	case pathway.Advise:
		add("", l.T("reply.advise", "who", unit, "to", to("owner")))
	case pathway.Redirect:
		add("", l.T("reply.redirect", "who", unit, "to", to("receiver")))
	case pathway.Ask:
		add("", l.T("reply.ask", "who", unit))
	}
	switch journey.Right(f.text("right")) {
	case journey.HasRight:
		add("", l.T("reply.right"))
	case journey.NoRight:
		add("", l.T("reply.no-right"))
	}
	if d := f.date("latest-legal-date"); !d.IsZero() {
		add("", l.T("reply.latest", "date", d))
	}
	add(l.T("reply.what-now"), f.text("message"))
	add(l.T("reply.plan"), f.text("plan"))
	add(l.T("reply.why"), f.text("reasons"))
	add(l.T("reply.complain"), f.text("how-to-complain"))
	return out
}

// sendAnswer answers the referral, shows what the patient will read, or shows
// the form again with what is missing.
func sendAnswer(c *call) error {
	a, err := c.answering()
	if err != nil {
		return err
	}
	if a.kind == "" {
		a.p.faults = []fault{{"", a.p.T("refusal.no-such-answer")}}
		return a.draw(a.start(), http.StatusUnprocessableEntity, false)
	}
	decision, next := a.asks()
	f := readForm(a.p, slices.Concat(decision, next, a.behalfAsks()), c.r.PostForm, a.v.Calendar)
	f.checkBehalf()
	if f.text("right") == string(journey.HasRight) && f.text("latest-legal-date") == "" && slices.Contains(a.rule().Asks, "latest-legal-date") {
		f.fault("latest-legal-date", a.p.T("refusal.answer-lacks-latest-legal-date"))
	}
	if len(f.faults) > 0 {
		a.p.faults = f.faults
		return a.draw(c.r.PostForm, http.StatusUnprocessableEntity, false)
	}
	if f.text("then") == "preview" {
		return a.draw(c.r.PostForm, http.StatusOK, true)
	}
	act := findAction("answer")
	o := c.order(a.v.ID, a.command(f))
	o.For, o.Happened, o.Seen = f.onBehalf(), f.happened(), f.seen()
	receipt, err := c.s.service.Do(c.r.Context(), o)
	if err != nil {
		r, ok := care.AsRefusal(err)
		if !ok || r.Kind == care.Denied {
			return err
		}
		f.refused(a.inWords(r))
		if fresh, err := c.answering(); err == nil {
			fresh.kind = a.kind
			a = fresh
		}
		a.p.faults = f.faults
		status := statusOf(err)
		if r.Kind == care.NotFound {
			status = http.StatusConflict
		}
		return a.draw(c.r.PostForm, status, false)
	}
	return a.carried(act, receipt)
}

func (a *answering) command(f *filled) journey.Answer {
	to := f.post("owner")
	if a.kind == pathway.Redirect {
		to = f.post("receiver")
	}
	return journey.Answer{
		Step: a.step.Step, Answer: a.kind, Right: journey.Right(f.text("right")), LatestLegal: f.date("latest-legal-date"),
		Reasons: f.text("reasons"), HowToComplain: f.text("how-to-complain"), Message: f.text("message"), Takes: f.post("takes"),
		To: to, Plan: f.text("plan"), Carriers: f.carriers(), Question: f.text("question"),
	}
}
