package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/questionnaire"
	"forlop/casework"
)

// formDays is how far ahead a form is hoped for unless somebody says otherwise;
// proposed.
const formDays = 14

// A formsScene is the forms of a journey with the words to speak of them to those
// who work.
type formsScene struct {
	c *call
	p page
	v casework.FormsView
}

func (c *call) formsScene() (*formsScene, error) {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.Forms{Journey: c.r.PathValue("id"), Form: c.r.PathValue("form")})
	if err != nil {
		return nil, err
	}
	p, err := c.staffPage("")
	if err != nil {
		return nil, err
	}
	s := &formsScene{c, p, v}
	s.p.today = v.Calendar.Date(v.Now)
	s.p.title = p.T("staff.forms.title", "name", orElse(v.Person.Identity.Name, p.T("staff.nobody-named")))
	if done := c.r.URL.Query().Get("done"); slices.Contains([]string{"asked", "read", "paper", "withdrawn"}, done) {
		s.p.told = &told{title: p.T("staff.forms.done." + done)}
	}
	return s, nil
}

func (s *formsScene) address(more string) string { return "/journeys/" + s.v.Journey + "/forms" + more }

// refused is what is wrong in what was sent; an error that is no rule's stays one.
func (s *formsScene) refused(err error) (int, error) {
	r, no := care.AsRefusal(err)
	if !no || r.Kind == care.Denied || r.Kind == care.NotFound && r.Field == "" {
		return 0, err
	}
	s.p.faults = []fault{{field: r.Field, text: s.p.refusal(r)}}
	return statusOf(err), nil
}

// state says how a form stands.
func formState(p page, cal *care.Calendar, f casework.FormView) string {
	answered := 0
	for _, a := range f.State.Answers {
		if a.Missing == "" {
			answered++
		}
	}
	return p.T("staff.forms.state."+string(f.State.Status), "answered", answered, "of", len(f.State.Questions), "date", cal.Date(f.State.Closed))
}

// formThing is a form in a list.
func formThing(p page, cal *care.Calendar, journey string, f casework.FormView, who func(care.Post) string) thingView {
	x := thingView{
		anchor: "form-" + f.ID, title: f.Definition.Short, owner: who(f.State.Reader),
		lines: []string{formState(p, cal, f)}, links: []link{{text: p.T("staff.forms.answers"), href: "/journeys/" + journey + "/forms/" + f.ID}},
	}
	if alerted(f) {
		x.state, x.tone = p.T("staff.item.form.form-alert"), "late"
	}
	if f.State.Status == questionnaire.Open {
		x.due = p.T("staff.forms.by") + " " + p.lang.Date(cal.LastDay(f.State.By))
	}
	return x
}

// formsPart is the forms among the sections of a journey's page.
func (s *scene) formsPart() pagePart {
	x := pagePart{id: "forms", title: s.p.T("staff.section.forms")}
	for _, f := range s.v.Forms {
		x.things = append(x.things, formThing(s.p, s.v.Calendar, s.v.ID, f, s.post))
	}
	x.things = append(x.things, s.askedThing()...)
	if !s.v.ReadOnly {
		x.links = []link{{text: s.p.T("staff.forms.all"), href: s.address("/forms")}}
	}
	return x
}

// A formsPage is the forms of a journey, and how to ask for one.
type formsPage struct {
	things []thingView
	ask    bool
	which  choiceField
	reader choiceField
	by     field
	hidden []pair
	action string
	back   string
}

func showJourneyForms(c *call) error {
	s, err := c.formsScene()
	if err != nil {
		return err
	}
	return s.list(http.StatusOK)
}

func (s *formsScene) list(status int) error {
	x := formsPage{action: s.address(""), back: "/journeys/" + s.v.Journey, hidden: []pair{{"key", formKey()}}, ask: s.v.State.End == nil}
	for _, f := range s.v.Forms {
		x.things = append(x.things, formThing(s.p, s.v.Calendar, s.v.Journey, f, func(post care.Post) string { return postName(s.p, s.v.Post(post)) }))
	}
	form := s.c.r.PostFormValue
	reads := s.v.Person.State.Languages.Reading
	if reads == "" {
		reads = s.p.lang.code
	}
	x.which = choiceField{name: "questionnaire", legend: s.p.T("staff.forms.which")}
	for _, d := range s.v.Offered {
		in := make([]string, 0, len(care.Languages))
		for _, l := range d.Languages() {
			in = append(in, s.p.T("forms.language."+string(l)))
		}
		hint := s.p.T("staff.forms.questions", "n", len(d.Items)) + ". " + s.p.T("staff.forms.languages", "languages", s.p.lang.List(in))
		if d.Texts[reads] == nil {
			hint += " " + s.p.T("staff.forms.not-theirs", "language", s.p.T("forms.language."+string(reads)), "why", s.p.lang.foreign(care.English, d.Absent[reads].Why))
		}
		x.which.choices = append(x.which.choices, choice{value: d.Hash, label: s.p.lang.foreign(care.English, d.Title), hint: hint, chosen: form("questionnaire") == d.Hash})
	}
	x.reader = choiceField{name: "reader", legend: s.p.T("staff.forms.reader")}
	chosen := form("reader")
	if chosen == "" {
		chosen = s.c.who.Post.String()
	}
	for _, id := range s.v.TakePart {
		u, ok := s.v.Directory().Unit(id)
		if !ok {
			continue
		}
		for _, role := range append(slices.Clone(u.Roles), care.Desk) {
			post := care.Post{Unit: id, Role: role}
			view := s.v.Post(post)
			view.Unit = u.Contact
			x.reader.choices = append(x.reader.choices, choice{value: post.String(), label: postName(s.p, view), chosen: post.String() == chosen})
		}
	}
	x.by = field{name: "by", label: s.p.T("staff.forms.by"), hint: s.p.T("staff.forms.by-hint"), kind: "date", value: orElse(form("by"), s.p.today.AddDays(formDays).String())}
	return write(s.c.w, s.c.r, status, formsBody(s.p, x))
}

// askForForm asks the patient for a form.
func askForForm(c *call) error {
	s, err := c.formsScene()
	if err != nil {
		return err
	}
	by, err := care.ParseDate(c.r.PostFormValue("by"))
	if err != nil {
		err = onField(err, "by")
	} else {
		ask := questionnaire.Ask{
			Person: s.v.State.Person, Journey: s.v.Journey, Reader: parsePost(c.r.PostFormValue("reader")), By: by,
		}
		if i := slices.IndexFunc(s.v.Offered, func(d *questionnaire.Definition) bool { return d.Hash == c.r.PostFormValue("questionnaire") }); i >= 0 {
			ask.Questionnaire = s.v.Offered[i].Ref
		}
		err = c.act("", ask)
	}
	if err != nil {
		status, ours := s.refused(err)
		if ours != nil {
			return ours
		}
		return s.list(status)
	}
	return c.goTo(s.address("") + "?done=asked")
}

// A formAnswers is one form as those who work read it.
type formAnswers struct {
	facts    []fact
	alerts   []formAlert
	quiet    bool
	unread   bool
	open     bool
	answers  table
	sums     *table
	source   []string
	action   string
	key      func() string
	paper    string
	list     string
	back     string
	withdraw field
}

// A formAlert is an answer that must never lie unseen, and what was done about it.
type formAlert struct {
	item, said, post, done, by string
	words                      field
}

func showFormAnswers(c *call) error {
	s, err := c.formsScene()
	if err != nil {
		return err
	}
	return s.answers(http.StatusOK)
}

func (s *formsScene) answers(status int) error {
	f, p, cal := s.v.Forms[0], s.p, s.v.Calendar
	p.part = p.lang.foreign(care.English, f.Definition.Short)
	at := s.address("/" + f.ID)
	x := formAnswers{
		action: at, key: formKey, list: s.address(""), back: "/journeys/" + s.v.Journey,
		open: f.State.Status == questionnaire.Open, quiet: f.State.Quiet.Open, unread: f.State.Status == questionnaire.HandedIn && !f.State.WasRead,
		withdraw: field{name: "reason", label: p.T("staff.forms.reason"), value: s.c.r.PostFormValue("reason"), rows: 3, max: longestText},
	}
	if f.State.Status == questionnaire.Open || f.State.Status == questionnaire.NotWanted {
		x.paper = at + "/paper"
	}
	for _, text := range []string{f.Definition.Title, f.Definition.Attribution, f.Definition.Licence} {
		x.source = append(x.source, p.lang.foreign(care.English, text))
	}
	x.facts = []fact{
		{name: p.T("staff.forms.status"), value: formState(p, cal, f)},
		{name: p.T("staff.forms.asked"), value: p.lang.Date(cal.Date(f.State.AskedAt)) + ", " + orElse(s.v.Name(f.State.AskedBy.ID), f.State.AskedBy.ID)},
		{name: p.T("staff.forms.reader"), value: postName(p, s.v.Post(f.State.Reader))},
		{name: p.T("staff.forms.by"), value: p.lang.Date(cal.LastDay(f.State.By))},
	}
	if f.State.WasRead {
		x.facts = append(x.facts, fact{name: p.T("staff.forms.read"), value: p.T("staff.forms.read-at", "date", cal.Date(f.State.ReadAt))})
	}
	l, t := formWords(p, f)
	for _, a := range f.State.Alerts {
		i, _ := f.Definition.Item(a.Item)
		_, text := questionWords(p, l, t, i)
		y := formAlert{
			item: a.Item, said: p.T("staff.forms.alert", "question", text, "answer", s.alertAnswer(f, l, t, a)),
			post:  p.T("staff.forms.alert-post", "post", postName(p, s.v.Post(a.Post))),
			words: field{name: "words-" + a.Item, label: p.T("staff.forms.done-label"), value: s.c.r.PostFormValue("words-" + a.Item), rows: 3, max: longestText},
		}
		if a.Done > 0 {
			y.done = f.Text[a.Done]["done"]
			y.by = p.T("staff.forms.done-by", "name", orElse(s.v.Name(a.DoneBy.ID), a.DoneBy.ID), "date", cal.Date(a.DoneAt))
		}
		x.alerts = append(x.alerts, y)
	}
	x.answers = table{id: "answers", cards: true, caption: p.T("staff.forms.answers"), columns: []column{
		{name: p.T("staff.forms.question")}, {name: p.T("staff.forms.answer")}, {name: p.T("staff.forms.who")},
	}}
	for n, id := range f.State.Questions {
		i, _ := f.Definition.Item(id)
		stem, text := questionWords(p, l, t, i)
		row := []cell{{text: text}, {text: p.T("staff.forms.none-yet")}, {}}
		if stem != "" && sameText(f.Definition, t, n) {
			row[0].sub = stem
		}
		if a, ok := f.State.Answers[id]; ok {
			row[1].text = p.T("staff.forms.missing." + string(a.Missing))
			if a.Missing == "" {
				row[1].text = answerWords(p, l, t, i, f.Values[id])
				if i.Kind == questionnaire.Choice {
					row[1].sub = strconv.Itoa(f.Values[id])
				}
			}
			row[2] = cell{text: s.who(a.By), sub: p.lang.ShortDate(cal.Date(a.At))}
		}
		x.answers.rows = append(x.answers.rows, row)
	}
	if len(f.Totals) > 0 {
		x.sums = s.sums(f, l, t)
	}
	return write(s.c.w, s.c.r, status, formAnswersBody(p, x))
}

// alertAnswer is the answer that opened an alert, which may have been changed
// since.
func (s *formsScene) alertAnswer(f casework.FormView, l care.Language, t *questionnaire.Text, a questionnaire.Alert) string {
	i, _ := f.Definition.Item(a.Item)
	// The answer is the event before the one that told of it.
	if v, err := strconv.Atoi(f.Text[a.Version-1]["value"]); err == nil {
		return answerWords(s.p, l, t, i, v)
	}
	return ""
}

// who says who gave an answer, and who wrote it down.
func (s *formsScene) who(by questionnaire.Speaker) string {
	who := s.p.T("staff.forms.by-patient")
	if by.Party.Kind == care.PartyRelative {
		who = s.p.T("staff.party.relative")
		if name := s.v.Name(by.ID); name != "" {
			who = s.p.T("staff.forms.by-relative", "name", name)
		}
	}
	if by.Recorder == "" {
		return who
	}
	return s.p.T("staff.forms.by-other", "who", who, "name", orElse(s.v.Name(by.Recorder), by.Recorder), "how", lowerFirst(s.p.T("staff.how."+string(by.How))))
}

// sums are the declared sums, each with how many were counted.
func (s *formsScene) sums(f casework.FormView, l care.Language, t *questionnaire.Text) *table {
	x := table{id: "sums", cards: true, caption: s.p.T("staff.forms.sums"), columns: []column{{name: s.p.T("staff.forms.sums")}, {name: s.p.T("staff.forms.answer"), number: true}}}
	for _, total := range f.Totals {
		c := cell{number: true, text: tenths(s.p, total.Tenths(), total.Rule == questionnaire.Mean), sub: s.p.T("staff.forms.counted", "answered", total.Counted, "of", len(total.Of))}
		if !total.Enough {
			c.text, c.sub = s.p.T("staff.forms.no-sum", "answered", total.Counted, "of", len(total.Of)), ""
		}
		x.rows = append(x.rows, []cell{{text: s.p.lang.foreign(l, t.Sums[total.ID])}, c})
	}
	return &x
}

// tenths is a number with one decimal, as the language writes it; a sum has none.
func tenths(p page, n int, decimal bool) string {
	if !decimal {
		return p.lang.Number(n / 10)
	}
	return p.lang.ours().locale.FmtNumber(float64(n)/10, 1)
}

// tendForm does what was pressed beside a form.
func tendForm(c *call) error {
	s, err := c.formsScene()
	if err != nil {
		return err
	}
	f := s.v.Forms[0]
	var command named
	done := "read"
	switch act, item := c.r.PostFormValue("act"), c.r.PostFormValue("item"); act {
	case "read":
		command = questionnaire.Read{}
	case "let-be":
		command = questionnaire.LetBe{}
	case "see-to":
		command = questionnaire.SeeTo{Item: item, Words: clean(c.r.PostFormValue("words-" + item))}
	case "withdraw":
		command, done = questionnaire.Withdraw{Reason: clean(c.r.PostFormValue("reason"))}, "withdrawn"
	default:
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	if err := c.act(f.ID, command); err != nil {
		status, ours := s.refused(err)
		if ours != nil {
			return ours
		}
		if s.p.faults[0].field == "words" {
			s.p.faults[0].field = "words-" + c.r.PostFormValue("item")
		}
		return s.answers(status)
	}
	return c.goTo(s.address("/"+f.ID) + "?done=" + done)
}

// A paperPage is a form being typed in.
type paperPage struct {
	rows       []choiceField
	numbers    []field
	whose, how choiceField
	happened   field
	hidden     []pair
	action     string
	back       string
}

// paperForm types in what somebody answered on paper or by phone: each answer is
// an act of its own, so that what was saved stays when the rest is not.
func paperForm(c *call) error {
	s, err := c.formsScene()
	if err != nil {
		return err
	}
	f := s.v.Forms[0]
	if st := f.State.Status; st == questionnaire.HandedIn || st == questionnaire.TakenBack {
		return c.goTo(s.address("/" + f.ID))
	}
	if c.r.Method == http.MethodGet {
		return s.paper(http.StatusOK)
	}
	if err := s.typeIn(f); err != nil {
		fresh, again := c.formsScene()
		if again != nil {
			return again
		}
		status, ours := fresh.refused(err)
		if ours != nil {
			return ours
		}
		return fresh.paper(status)
	}
	return c.goTo(s.address("/"+f.ID) + "?done=paper")
}

func (s *formsScene) typeIn(f casework.FormView) error {
	form, key := s.c.r.PostFormValue, s.c.r.PostFormValue("key")
	if key == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	happened, err := care.ParseDate(form("happened"))
	if err != nil {
		return onField(err, "happened")
	}
	l, _ := formWords(s.p, f)
	send := func(suffix, field string, command named) error {
		o := s.c.order(f.ID, command)
		o.Key = key + suffix
		o.For = &care.OnBehalf{Of: care.Party{Kind: care.PartyKind(form("whose"))}, How: care.Channel(form("how"))}
		if happened != s.p.today {
			o.Happened = s.v.Calendar.StartOf(happened).Add(12 * time.Hour)
		}
		_, err := s.c.s.service.Do(s.c.r.Context(), o)
		if r, no := care.AsRefusal(err); no && r.Field == "value" {
			return r.On(field)
		}
		return err
	}
	for _, id := range f.State.Questions {
		value := form("answer-" + id)
		if _, answered := f.State.Answers[id]; answered || value == "" {
			continue
		}
		a := questionnaire.Answer{Item: id, Value: value, Language: l}
		if slices.Contains([]questionnaire.Missing{questionnaire.TooIll, questionnaire.Unknown, questionnaire.Unwanted, questionnaire.NotAsked}, questionnaire.Missing(value)) {
			a.Value, a.Missing = "", questionnaire.Missing(value)
		}
		if err := send("/"+id, "answer-"+id, a); err != nil {
			return err
		}
	}
	return send("/send", "", questionnaire.Send{})
}

// paper is the page on which a form is typed in. What was answered already is not
// asked again.
func (s *formsScene) paper(status int) error {
	f, p, form := s.v.Forms[0], s.p, s.c.r.PostFormValue
	p.title = p.T("staff.forms.paper")
	x := paperPage{
		action: s.address("/" + f.ID + "/paper"), back: s.address("/" + f.ID), hidden: []pair{{"key", s.c.keyOf()}},
		happened: field{name: "happened", label: p.T("staff.field.happened"), kind: "date", value: orElse(form("happened"), p.today.String())},
		whose:    choiceField{name: "whose", legend: p.T("staff.forms.paper-whose")},
		how:      choiceField{name: "how", legend: p.T("staff.forms.paper-how")},
	}
	for _, who := range []care.PartyKind{care.PartyPatient, care.PartyRelative} {
		x.whose.choices = append(x.whose.choices, choice{value: string(who), label: p.T("staff.party." + string(who)), chosen: string(who) == orElse(form("whose"), string(care.PartyPatient))})
	}
	for _, how := range []care.Channel{care.ByLetter, care.ByPhone, care.ByMeeting} {
		x.how.choices = append(x.how.choices, choice{value: string(how), label: p.T("staff.how." + string(how)), chosen: string(how) == orElse(form("how"), string(care.ByLetter))})
	}
	l, t := formWords(p, f)
	for n, id := range f.State.Questions {
		if _, answered := f.State.Answers[id]; answered {
			continue
		}
		i, _ := f.Definition.Item(id)
		stem, text := questionWords(p, l, t, i)
		name := "answer-" + id
		if stem != "" && !sameText(f.Definition, t, n) {
			stem = ""
		}
		if i.Kind == questionnaire.Number {
			x.numbers = append(x.numbers, field{name: name, label: text, hint: p.T("forms.value", "from", i.From, "to", i.To), kind: "number", value: form(name), optional: true})
			continue
		}
		q := choiceField{name: name, legend: text, hint: stem, choices: []choice{{value: "", label: p.T("staff.forms.paper-no-answer")}}}
		q.choices = append(q.choices, answersOf(p, l, t, i)...)
		for _, m := range missingOf(p, i) {
			q.choices = append(q.choices, choice{value: m.value, label: p.T("staff.forms.missing." + m.value)})
		}
		for n := range q.choices {
			q.choices[n].chosen = q.choices[n].value == form(name)
			q.choices[n].label = plain(q.choices[n].label) // a list of options holds no elements
		}
		x.rows = append(x.rows, q)
	}
	return write(s.c.w, s.c.r, status, paperBody(p, x))
}
