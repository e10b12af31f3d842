package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/casework"
	"forlop/journey"
)

// checkPart is the last part of the address where answers are checked and sent.
const checkPart = "check"

// A formPage is the start of a form, and its copy once it is sent.
type formPage struct {
	action     string
	facts      []fact
	lead       string // how it stands, where it is not simply open
	alert      string
	begin      []link // where to begin or go on, one for each language where the page's is none
	other      string
	open       bool
	declinable bool
	answers    []fact
	source     []string
	hidden     []pair
}

// myForms asks for the reader's forms, and makes the page they stand on. It
// opens nothing else of theirs: a relative may fill in and see no plan.
func (c *call) myForms(form, title string) (page, casework.MyFormsView, error) {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyForms{Form: form})
	if err != nil {
		return page{}, v, err
	}
	account := v.Person.State.Languages.Reading
	c.r = withAccountLanguage(c.r, account)
	p := newPage(c.r, forPatients, account)
	p.title, p.home, p.signedIn = p.T(title), "/me", v.Person.Identity.Name
	p.help, p.called = contactOf(p, v.Plan), c.s.calls(c.r, p.lang)
	p.today = care.DateOf(v.Now, c.zone(v.Plan))
	if err := c.standFor(&p, v.Person.Identity.Name, v.Withheld); err != nil {
		return p, v, err
	}
	if form != "" {
		p.title = plain(formName(p, v.Forms[0]))
	}
	return p, v, nil
}

// showMyForms lists the reader's forms.
func showMyForms(c *call) error {
	p, v, err := c.myForms("", "forms.title")
	if err != nil {
		return err
	}
	var rows []task
	for _, f := range v.Forms {
		t := task{title: formName(p, f), href: formAddress(f.ID, ""), hint: p.T("forms.status." + string(f.State.Status)), status: taskOpen}
		if f.State.Status == questionnaire.Open {
			t = formTask(p, f)
		} else {
			t.status = taskDone
		}
		rows = append(rows, t)
	}
	return c.draw(http.StatusOK, myFormsBody(p, rows))
}

// formTask is an open form among what a patient can do. They owe nothing.
func formTask(p page, f casework.FormView) task {
	left := len(f.State.Questions) - f.State.Next()
	t := task{title: p.T("forms.task", "name", formName(p, f)), href: formAddress(f.ID, ""), hint: p.T("forms.task-hint", "n", len(f.State.Questions)), status: taskOpen}
	if f.State.Begun() {
		t.status = taskBegun
		t.title, t.hint = p.T("forms.task-on", "name", formName(p, f)), p.T("forms.task-left", "n", left)
	}
	return t
}

func formAddress(id, part string) string {
	at := "/me/forms/" + id
	if part != "" {
		at += "/" + part
	}
	return at
}

// inLanguage carries the chosen wording on, where it is not the page's own.
func inLanguage(address, in string) string {
	if in == "" {
		return address
	}
	return address + "?in=" + url.QueryEscape(in)
}

// showMyForm is the start of a form: how much it asks, who reads it and when, that
// one can stop. Once it is sent it is the patient's copy.
func showMyForm(c *call) error {
	p, v, err := c.myForms(c.r.PathValue("form"), "forms.title")
	if err != nil {
		return err
	}
	f := v.Forms[0]
	x := c.formPage(p, v)
	switch done := c.r.URL.Query().Get("done"); {
	case done == "sent" && f.State.Status == questionnaire.HandedIn:
		p.told = &told{title: p.T("forms.sent-title"), text: p.T("forms.sent-text",
			"who", postWho(p, f.State.Regime, v.Post(f.State.Reader)), "date", v.Calendar.LastDay(f.State.ReadBy))}
	case done == "paused":
		p.told = &told{title: p.T("forms.paused-title"), text: p.T("forms.paused-text")}
	case done == "too-ill":
		p.told = &told{title: p.T("forms.too-ill-title"), text: p.T("forms.too-ill-text")}
	}
	c.alertTold(&p, v, f)
	return c.draw(http.StatusOK, myFormBody(p, x))
}

// alertTold says who was told, right after the answer that told them.
func (c *call) alertTold(p *page, v casework.MyFormsView, f casework.FormView) {
	if c.r.URL.Query().Get("told") == "" || !alerted(f) {
		return
	}
	a := f.State.Alerts[len(f.State.Alerts)-1]
	t := &told{title: p.T("forms.alert-told-title", "who", postWho(*p, f.State.Regime, v.Post(a.Post))), text: p.T("forms.alert-told")}
	for _, u := range afterHours(*p, f.State.Regime) {
		t.next = append(t.next, u.String())
	}
	p.told = t
}

func (c *call) formPage(p page, v casework.MyFormsView) formPage {
	f := v.Forms[0]
	x := formPage{action: formAddress(f.ID, ""), hidden: append([]pair{{"key", formKey()}}, p.whom()...)}
	reader := postWho(p, f.State.Regime, v.Post(f.State.Reader))
	x.source = []string{f.Definition.Title + ". " + f.Definition.Attribution, f.Definition.Licence}
	for i, s := range x.source {
		x.source[i] = p.lang.foreign(care.English, s)
	}
	switch f.State.Status {
	case questionnaire.HandedIn:
		x.lead = p.T("forms.was-sent", "date", v.Calendar.Date(f.State.Closed))
		if f.State.WasRead {
			x.lead += " " + p.T("forms.was-read")
		}
		x.facts = []fact{{name: p.T("forms.reads"), value: reader}}
		x.answers = c.answerFacts(p, v, "", false)
		return x
	case questionnaire.TakenBack:
		x.lead = p.T("forms.withdrawn")
		return x
	case questionnaire.NotWanted:
		x.lead = p.T("forms.declined")
	case questionnaire.Open:
		x.declinable = true
	}
	x.open = true
	x.facts = []fact{{name: p.T("forms.how-many"), value: p.lang.Number(len(f.State.Questions))}}
	if f.Definition.Minutes > 0 {
		x.facts = append(x.facts, fact{name: p.T("forms.minutes"), value: p.T("forms.minutes-n", "n", f.Definition.Minutes)})
	}
	x.facts = append(x.facts, fact{name: p.T("forms.reads"), value: reader}, fact{name: p.T("forms.when-read"), value: p.T("forms.when-read-text")},
		fact{name: p.T("forms.hoped"), value: p.date(v.Calendar.LastDay(f.State.By))})
	if f.Definition.Alerts() {
		x.alert = p.T("forms.alert-lead", "who", postWho(p, f.State.Regime, v.Post(f.Duty)))
	}
	word := "forms.start"
	if f.State.Begun() {
		word = "forms.go-on"
	}
	next := strconv.Itoa(f.State.Next() + 1)
	if f.State.Next() == len(f.State.Questions) {
		next = checkPart
	}
	if _, t := wording(p, f, ""); t != nil {
		x.begin = []link{{text: p.T(word), href: formAddress(f.ID, next)}}
		return x
	}
	x.other = p.T("forms.other-language")
	for _, l := range f.Definition.Languages() {
		x.begin = append(x.begin, link{
			text: p.T(word+"-in", "language", p.T("forms.language."+string(l))), href: inLanguage(formAddress(f.ID, next), string(l)),
		})
	}
	return x
}

// answerFacts are the questions with their answers, each with the way to change it
// while the form is open.
func (c *call) answerFacts(p page, v casework.MyFormsView, in string, changing bool) []fact {
	f := v.Forms[0]
	l, t := wording(p, f, in)
	if t == nil {
		l, t = formWords(p, f)
	}
	var out []fact
	for n, id := range f.State.Questions {
		i, _ := f.Definition.Item(id)
		stem, text := questionWords(p, l, t, i)
		x := fact{name: text, value: p.T("forms.unanswered")}
		if stem != "" && sameText(f.Definition, t, n) {
			x.name = text + " (" + stem + ")"
		}
		a, answered := f.State.Answers[id]
		switch {
		case answered && a.Missing != "":
			x.value = p.T("forms.miss." + string(a.Missing))
		case answered:
			x.value = answerWords(p, l, t, i, f.Values[id])
		}
		if answered && a.By.Party.Kind == care.PartyRelative && c.who.Actor.Kind == care.Patient {
			x.value += ". " + p.T("forms.answered-by", "who", orElse(v.Name(a.By.ID), p.T("forms.by-relative")))
		} else if answered && a.By.Recorder != "" {
			x.value += ". " + p.T("forms.answered-by", "who", p.T("forms.by-staff", "name", v.Name(a.By.Recorder)))
		}
		if changing {
			x.change = inLanguage(formAddress(f.ID, strconv.Itoa(n+1)), in)
		}
		out = append(out, x)
	}
	return out
}

// sameText reports whether a question has the same words as another one, so that
// what they share has to be said beside it.
func sameText(d *questionnaire.Definition, t *questionnaire.Text, n int) bool {
	same := func(i questionnaire.Item) bool { return t.Items[i.ID] == t.Items[d.Items[n].ID] }
	return slices.ContainsFunc(d.Items[:n], same) || slices.ContainsFunc(d.Items[n+1:], same)
}

// answerForm takes what is pressed on the start of a form: not wanted at all.
func answerForm(c *call) error {
	id := c.r.PathValue("form")
	if _, _, err := c.myForms(id, "forms.title"); err != nil {
		return err
	}
	if err := c.act(id, questionnaire.Decline{}); err != nil {
		if r, no := care.AsRefusal(err); !no || r.Code != "nothing-changes" {
			return err
		}
	}
	http.Redirect(c.w, c.r, formAddress(id, ""), http.StatusSeeOther)
	return nil
}

// showQuestion is one question, or the page on which all answers are checked.
func showQuestion(c *call) error {
	p, v, err := c.myForms(c.r.PathValue("form"), "forms.title")
	if err != nil {
		return err
	}
	f, in := v.Forms[0], c.r.URL.Query().Get("in")
	_, t := wording(p, f, in)
	if s := f.State.Status; t == nil || s == questionnaire.HandedIn || s == questionnaire.TakenBack {
		http.Redirect(c.w, c.r, formAddress(f.ID, ""), http.StatusSeeOther)
		return nil
	}
	c.alertTold(&p, v, f)
	if c.r.PathValue("question") == checkPart {
		return c.check(p, v, in, nil)
	}
	n, err := c.questionNumber(f)
	if err != nil {
		return err
	}
	return c.question(p, v, n, in, nil)
}

func (c *call) questionNumber(f casework.FormView) (int, error) {
	n, err := strconv.Atoi(c.r.PathValue("question"))
	if err != nil || n < 1 || n > len(f.State.Questions) {
		return 0, care.Missing("no-question", "There is no such question in this form.")
	}
	return n, nil
}

// check is the page on which the answers are looked over before they are sent.
func (c *call) check(p page, v casework.MyFormsView, in string, refused error) error {
	f := v.Forms[0]
	p.title = p.T("forms.check")
	status := http.StatusOK
	if r, no := care.AsRefusal(refused); no {
		status = statusOf(refused)
		p.faults = []fault{{text: p.refusal(r)}}
	}
	x := sheet{
		action: formAddress(f.ID, checkPart), button: p.T("forms.send"), back: formAddress(f.ID, ""),
		hidden: append([]pair{{"key", c.keyOf()}}, p.whom()...),
	}
	return c.draw(status, checkBody(p, x, c.answerFacts(p, v, in, true)))
}

// question draws one question. After a refusal it says what is wrong and keeps
// what was chosen.
func (c *call) question(p page, v casework.MyFormsView, n int, in string, refused error) error {
	f := v.Forms[0]
	p.part = p.T("forms.progress", "number", n, "of", len(f.State.Questions))
	l, t := wording(p, f, in)
	item, _ := f.Definition.Item(f.State.Questions[n-1])
	q := formQuestion{
		item: item, number: n, of: len(f.State.Questions), choices: answersOf(p, l, t, item), missing: missingOf(p, item),
		action: inLanguage(formAddress(f.ID, strconv.Itoa(n)), in),
	}
	q.stem, q.text = questionWords(p, l, t, item)
	if n > 1 {
		q.back = inLanguage(formAddress(f.ID, strconv.Itoa(n-1)), in)
	}
	a, answered := f.State.Answers[item.ID]
	chosen, seen := "", 1
	if answered {
		seen = a.Version
		if a.Missing == "" {
			chosen = strconv.Itoa(f.Values[item.ID])
		}
	}
	status := http.StatusOK
	if r, no := care.AsRefusal(refused); no {
		status = statusOf(refused)
		p.faults = []fault{{field: "value", text: p.refusal(r)}}
		if r.Kind == care.Conflict && answered {
			q.had = p.T("forms.miss." + string(a.Missing))
			if a.Missing == "" {
				q.had = answerWords(p, l, t, item, f.Values[item.ID])
			}
			q.had = p.T("forms.had", "answer", q.had)
		}
		chosen = c.r.PostFormValue("value")
	}
	for i := range q.choices {
		q.choices[i].chosen = q.choices[i].value == chosen
	}
	if item.Kind == questionnaire.Number {
		q.choices = []choice{{value: chosen}}
	}
	if item.Alert > 0 {
		q.before = p.T("forms.alert-before", "who", postWho(p, f.State.Regime, v.Post(f.Duty)), "none", answersOf(p, l, t, item)[0].label)
		q.then, q.calls = p.T("forms.alert-then"), afterHours(p, f.State.Regime)
	}
	q.hidden = append([]pair{{"key", formKey()}, {"seen", strconv.Itoa(seen)}, {"in", string(l)}}, p.whom()...)
	return c.draw(status, questionBody(p, q))
}

// answerQuestion keeps one answer at once, and goes on, stops, or sends.
func answerQuestion(c *call) error {
	id := c.r.PathValue("form")
	p, v, err := c.myForms(id, "forms.title")
	if err != nil {
		return err
	}
	f, in := v.Forms[0], c.r.URL.Query().Get("in")
	if c.r.PathValue("question") == checkPart {
		return c.sendForm(p, v, in)
	}
	n, err := c.questionNumber(f)
	if err != nil {
		return err
	}
	item, _ := f.Definition.Item(f.State.Questions[n-1])
	value, missing, stops := c.r.PostFormValue("value"), c.r.PostFormValue("missing"), c.r.PostFormValue("do") == "save"
	if stops && value == "" && missing == "" {
		return c.goTo(formAddress(id, "") + "?done=paused") // there is nothing to save
	}
	if _, t := wording(p, f, in); t == nil {
		return c.goTo(formAddress(id, ""))
	}
	answer := questionnaire.Answer{Item: item.ID, Value: value, Missing: questionnaire.Missing(missing), Language: care.Language(c.r.PostFormValue("in"))}
	if missing != "" {
		answer.Value = ""
	}
	if _, known := f.Definition.Texts[answer.Language]; !known {
		answer.Language = ""
	}
	if err := c.giveAnswer(id, answer); err != nil {
		if r, no := care.AsRefusal(err); no && r.Code == "form-sent" {
			return c.goTo(formAddress(id, "")) // in another window, or before: the copy says what was sent
		} else if !no || r.Kind == care.Denied || r.Kind == care.NotFound {
			return err
		}
		p, v, fresh := c.myForms(id, "forms.title")
		if fresh != nil {
			return fresh
		}
		if r, _ := care.AsRefusal(err); r.Kind == care.Conflict && c.saidTheSame(v.Forms[0], answer) {
			return c.after(v.Forms[0], item, n, in, answer, stops)
		}
		return c.question(p, v, n, in, err)
	}
	return c.after(f, item, n, in, answer, stops)
}

// saidTheSame reports whether what is saved is what was sent: two windows, one
// answer.
func (c *call) saidTheSame(f casework.FormView, a questionnaire.Answer) bool {
	had, answered := f.State.Answers[a.Item]
	return answered && had.Missing == a.Missing && (a.Missing != "" || strconv.Itoa(f.Values[a.Item]) == a.Value)
}

func (c *call) giveAnswer(id string, a questionnaire.Answer) error {
	if c.r.PostFormValue("key") == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	o := c.order(id, a)
	if seen, err := strconv.Atoi(c.r.PostFormValue("seen")); err == nil {
		o.Seen = care.Seen(seen)
	}
	_, err := c.s.service.Do(c.r.Context(), o)
	return err
}

// after leads on from an answer that was kept. Too ill today also lets reminders
// rest, and asks nothing more.
func (c *call) after(f casework.FormView, item questionnaire.Item, n int, in string, a questionnaire.Answer, stops bool) error {
	q := url.Values{}
	if v, err := strconv.Atoi(a.Value); err == nil && a.Missing == "" && item.Alert > 0 && v >= item.Alert {
		q.Set("told", "1")
	}
	if a.Missing == questionnaire.TooIll {
		o := c.order(string(f.State.Person), person.Pause{Why: person.TooIll})
		o.Key = c.r.PostFormValue("key") + "/pause"
		if _, err := c.s.service.Do(c.r.Context(), o); err != nil {
			if _, refused := care.AsRefusal(err); !refused { // who is paused already has said it
				return err
			}
		}
		q.Set("done", "too-ill")
		return c.goTo(formAddress(f.ID, "") + "?" + q.Encode())
	}
	if stops {
		q.Set("done", "paused")
		return c.goTo(formAddress(f.ID, "") + "?" + q.Encode())
	}
	to := strconv.Itoa(n + 1)
	if n == len(f.State.Questions) {
		to = checkPart
	}
	if in != "" {
		q.Set("in", in)
	}
	to = formAddress(f.ID, to)
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return c.goTo(to)
}

func (c *call) goTo(address string) error {
	http.Redirect(c.w, c.r, address, http.StatusSeeOther)
	return nil
}

// sendForm hands the form in. Sent once more, it shows what was sent.
func (c *call) sendForm(p page, v casework.MyFormsView, in string) error {
	f := v.Forms[0]
	if err := c.act(f.ID, questionnaire.Send{}); err != nil {
		r, no := care.AsRefusal(err)
		switch {
		case no && r.Code == "form-sent":
		case !no || r.Kind != care.RefusedByRule || r.Code == "form-without-key":
			return err
		default:
			return c.check(p, v, in, err)
		}
	}
	return c.goTo(formAddress(f.ID, "") + "?done=sent")
}

// formTasks are the open forms of a journey among what its patient can do.
func formTasks(p page, v casework.JourneyView) []task {
	if v.State.Status != journey.Running || !p.may(access.Acts) {
		return nil
	}
	var out []task
	for _, f := range v.Forms {
		if f.State.Status == questionnaire.Open {
			out = append(out, formTask(p, f))
		}
	}
	return out
}
