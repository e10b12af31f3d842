package web

import (
	"net/http"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/casework"
)

// What is chosen where somebody answers nothing.
const skips, tooIllNow = "skip", "too-ill"

func askedAddress(n int) string { return "/me/asked/" + strconv.Itoa(n) }

// askedLink is the one quiet line on the patient's page; nil for none.
func askedLink(p page, plan casework.Plan) *link {
	if plan.Asked == nil {
		return nil
	}
	return &link{text: p.T("asked.line"), href: askedAddress(plan.Asked.Sentence.Sentence)}
}

// askedWords are the question itself.
func askedWords(p page, s questionnaire.Subject) string {
	return p.T("asked." + string(s) + ".question")
}

// askedChoices are the answers, and the two ways to give none.
func askedChoices(p page, s questionnaire.Subject, none, chosen string) []choice {
	out := make([]choice, 0, len(s.Answers())+2)
	for _, a := range s.Answers() {
		out = append(out, choice{value: a, label: p.T("asked." + string(s) + "." + a)})
	}
	out = append(out, choice{value: skips, label: p.T(none + "." + skips)}, choice{value: tooIllNow, label: p.T(none + "." + tooIllNow)})
	for i := range out {
		out[i].chosen = out[i].value == chosen
	}
	return out
}

// askedOrder is what was chosen, as a command.
func askedOrder(n int, chosen string) named {
	switch chosen {
	case skips:
		return questionnaire.LeaveSentence{Sentence: n, Missing: questionnaire.Unwanted}
	case tooIllNow:
		return questionnaire.LeaveSentence{Sentence: n, Missing: questionnaire.TooIll}
	}
	return questionnaire.AnswerSentence{Sentence: n, Answer: chosen}
}

// askedForm is one question on a page of its own: what it is about and who sees the
// answer stand before the answers.
func askedForm(c *call) error {
	n, err := strconv.Atoi(c.r.PathValue("n"))
	if err != nil {
		n = 0 // which is none
	}
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyAsked{Sentence: n})
	if err != nil {
		return err
	}
	account := v.Person.State.Languages.Reading
	c.r = withAccountLanguage(c.r, account)
	p := newPage(c.r, forPatients, account)
	p.home, p.signedIn = "/me", v.Person.Identity.Name
	p.help, p.called = contactOf(p, v.Plan), c.s.calls(c.r, p.lang)
	p.today = care.DateOf(v.Now, c.zone(v.Plan))
	if err := c.standFor(&p, v.Person.Identity.Name, v.Withheld); err != nil {
		return err
	}
	x := v.Asked
	p.title = askedWords(p, x.Subject)
	if !x.Takes(v.Now) {
		return care.Refuse("sentence-over", "The time for this question is over. Nothing depends on it.")
	}
	chosen := x.Answer
	if c.r.Method == http.MethodPost {
		chosen = c.r.PostFormValue("answer")
	}
	f := sheet{
		action: askedAddress(n), intro: p.T("asked.about-all"), note: p.T("asked.who"), button: p.T("me.send"),
		hidden: []pair{{"seen", strconv.Itoa(x.Version)}},
		choose: &choiceField{name: "answer", legend: p.title, choices: askedChoices(p, x.Subject, "asked", chosen)},
	}
	if x.Subject == questionnaire.WasBelieved && x.About.Unit.Name != "" {
		f.intro = p.T("asked.about", "unit", p.named(x.Regime, x.About.Unit.Name))
	}
	if !x.At.IsZero() {
		f.intro += " " + p.T("asked.had", "date", care.CalendarOf(x.Regime).LastDay(x.Until))
	}
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	if err := c.giveSentence(string(x.Of), askedOrder(n, chosen)); err != nil {
		return c.showForm(p, f, err)
	}
	if chosen == tooIllNow {
		o := c.order(string(x.Of), person.Pause{Why: person.TooIll})
		o.Key += "/pause"
		if _, err := c.s.service.Do(c.r.Context(), o); err != nil {
			if _, refused := care.AsRefusal(err); !refused { // who is paused already has said it
				return err
			}
		}
	}
	return c.done("asked")
}

// giveSentence sends an answer, with what was seen of the question.
func (c *call) giveSentence(target string, command named) error {
	o := c.order(target, command)
	if o.Key == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	if seen, err := strconv.Atoi(c.r.PostFormValue("seen")); err == nil {
		o.Seen = care.Seen(seen)
	}
	_, err := c.s.service.Do(c.r.Context(), o)
	return err
}

// askedThing is the open question among the forms of a journey's page. An answer
// stands on no page of those who work.
func (s *scene) askedThing() []thingView {
	x := s.v.Asked
	if x == nil || s.v.ReadOnly {
		return nil
	}
	return []thingView{{
		anchor: "asked", title: s.p.T("asked.staff.thing", "question", askedWords(s.p, x.Subject)), state: s.p.T("asked.staff.open"),
		links: []link{{text: s.p.T("asked.staff.note"), href: s.address("/asked/" + strconv.Itoa(x.Sentence.Sentence))}},
	}}
}

// noteAsked types in what somebody answered by phone or on paper. It says before
// whom it is said, and shows nothing of it afterwards.
func noteAsked(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	v, p := s.v, s.p
	n, err := strconv.Atoi(c.r.PathValue("n"))
	if err != nil || v.Asked == nil || v.Asked.Sentence.Sentence != n {
		return care.Missing("no-sentence", "There is no such question.")
	}
	back := "/journeys/" + v.ID
	p.title = p.T("asked.staff.title", "name", s.patient())
	status := http.StatusOK
	if c.r.Method == http.MethodPost {
		err := c.typeAsked(p, v, n)
		if err == nil {
			return c.goTo(back + "?asked=noted")
		}
		r, no := care.AsRefusal(err)
		if !no || r.Kind == care.Denied || r.Kind == care.NotFound {
			return err
		}
		p.faults, status = []fault{{field: r.Field, text: p.refusal(r)}}, statusOf(err)
	}
	form := c.r.PostFormValue
	x := paperPage{
		action: back + "/asked/" + strconv.Itoa(n), back: back, hidden: []pair{{"key", c.keyOf()}, {"seen", strconv.Itoa(v.Asked.Version)}},
		whose:    choiceField{name: "whose", legend: p.T("staff.forms.paper-whose")},
		how:      choiceField{name: "how", legend: p.T("staff.forms.paper-how")},
		happened: field{name: "happened", label: p.T("staff.field.happened"), kind: "date", value: orElse(form("happened"), p.today.String())},
		rows: []choiceField{{
			name: "answer", legend: askedWords(p, v.Asked.Subject), hint: p.T("asked.staff.aloud"),
			choices: append([]choice{{value: "", label: p.T("staff.forms.paper-no-answer")}}, askedChoices(p, v.Asked.Subject, "asked.staff", form("answer"))...),
		}},
	}
	for _, who := range []care.PartyKind{care.PartyPatient, care.PartyRelative} {
		x.whose.choices = append(x.whose.choices, choice{value: string(who), label: p.T("staff.party." + string(who)), chosen: string(who) == form("whose")})
	}
	for _, how := range []care.Channel{care.ByPhone, care.ByLetter, care.ByMeeting} {
		x.how.choices = append(x.how.choices, choice{value: string(how), label: p.T("staff.how." + string(how)), chosen: string(how) == form("how")})
	}
	return write(c.w, c.r, status, paperBody(p, x))
}

// typeAsked sends what was typed in. Too ill to answer lets reminders rest, as it
// does when the patient presses it.
func (c *call) typeAsked(p page, v casework.JourneyView, n int) error {
	form := c.r.PostFormValue
	happened, err := care.ParseDate(form("happened"))
	if err != nil {
		return onField(err, "happened")
	}
	send := func(suffix string, command named) error {
		o := c.order(string(v.Asked.Of), command)
		if o.Key == "" {
			return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
		}
		o.Key += suffix
		o.For = &care.OnBehalf{Of: care.Party{Kind: care.PartyKind(form("whose"))}, How: care.Channel(form("how"))}
		if happened != p.today {
			o.Happened = v.Calendar.StartOf(happened).Add(12 * time.Hour)
		}
		if seen, err := strconv.Atoi(form("seen")); err == nil && suffix == "" {
			o.Seen = care.Seen(seen)
		}
		_, err := c.s.service.Do(c.r.Context(), o)
		return err
	}
	if err := send("", askedOrder(n, form("answer"))); err != nil || form("answer") != tooIllNow {
		return err
	}
	if err := send("/pause", person.Pause{Why: person.TooIll}); err != nil {
		if _, refused := care.AsRefusal(err); !refused {
			return err
		}
	}
	return nil
}

// askedLine is the question in a letter, with its answers, for who answers on paper.
func askedLine(p page, x *casework.SentenceView) string {
	if x == nil {
		return ""
	}
	answers := make([]string, 0, len(x.Subject.Answers()))
	for _, a := range x.Subject.Answers() {
		answers = append(answers, lowerFirst(p.T("asked."+string(x.Subject)+"."+a)))
	}
	return p.T("asked.letter", "question", askedWords(p, x.Subject), "answers", p.lang.List(answers))
}
