package web

import (
	"net/http"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

// A threadScene is the conversations of a journey with the words to speak of them
// to those who work.
type threadScene struct {
	c *call
	p page
	v casework.ThreadsView
	talker
}

// A threadsStaffPage is a journey's conversations, a new one, and what somebody said
// in another way.
type threadsStaffPage struct {
	things       []thingView
	write        *writing
	record       *writing
	whose, how   choiceField
	back, action string
}

// A threadStaffPage is one conversation, with what can be done with it.
type threadStaffPage struct {
	threadPage
	facts    []fact
	why      choiceField
	words    field
	closable bool
	over     *choiceField
	back     string
}

func (c *call) threadScene(thread string) (*threadScene, error) {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.Threads{Journey: c.r.PathValue("id"), Thread: thread})
	if err != nil {
		return nil, err
	}
	p, err := c.staffPage("")
	if err != nil {
		return nil, err
	}
	name := orElse(v.Person.Identity.Name, p.T("staff.nobody-named"))
	p.today = v.Calendar.Date(v.Now)
	p.title = p.T("staff.threads.title", "name", name)
	s := &threadScene{c: c, v: v, talker: talker{c: c, p: p, cal: v.Calendar, names: v, side: messaging.CareSide, patient: name, regime: v.State.Regime}}
	if done := c.r.URL.Query().Get("done"); slices.Contains([]string{"sent", "recorded", "closed", "over", "back"}, done) {
		p.told = &told{title: p.T("staff.threads.done." + done)}
	}
	s.p = p
	return s, nil
}

func (s *threadScene) address(more string) string {
	return "/journeys/" + s.v.Journey + "/messages" + more
}

// threadThing is a conversation in a list.
func threadThing(k talker, journey string, t casework.ThreadView) thingView {
	x := thingView{
		anchor: "thread-" + t.ID, title: k.p.T("staff.threads.with", "who", k.patient, "date", k.p.lang.Date(k.cal.Date(t.State.Messages[0].At))),
		owner: k.reader(t.State), links: []link{{text: k.p.T("thread.open"), href: "/journeys/" + journey + "/messages/" + t.ID}},
	}
	x.due, x.late = k.stands(t)
	if n := t.State.Unread(messaging.CareSide); n > 0 {
		x.state, x.tone = k.p.T("thread.unread", "n", n), "open"
	}
	return x
}

// threadsPart is the conversations among the sections of a journey's page.
func (s *scene) threadsPart() pagePart {
	x := pagePart{id: "messages", title: s.p.T("staff.section.messages")}
	k := talker{
		c: s.c, p: s.p, cal: s.v.Calendar, names: s.v, side: messaging.CareSide, regime: s.v.State.Regime,
		patient: orElse(s.v.Person.Identity.Name, s.p.T("staff.nobody-named")),
	}
	for _, t := range s.v.Threads {
		x.things = append(x.things, threadThing(k, s.v.ID, t))
	}
	if !s.v.ReadOnly {
		x.links = []link{{text: s.p.T("staff.threads.all"), href: s.address("/messages")}}
	}
	return x
}

func showThreads(c *call) error {
	s, err := c.threadScene("")
	if err != nil {
		return err
	}
	return s.list(nil)
}

func (s *threadScene) list(refused error) error {
	status, key, ours := s.c.asTyped(&s.p, refused)
	if ours != nil {
		return ours
	}
	s.talker.p = s.p
	form := s.c.r.PostFormValue
	x := threadsStaffPage{back: "/journeys/" + s.v.Journey, action: s.address("")}
	for _, t := range s.v.Threads {
		x.things = append(x.things, threadThing(s.talker, s.v.Journey, t))
	}
	x.write = &writing{
		action: x.action, button: s.p.T("staff.threads.send"), hidden: []pair{{"key", key}, {"act", "begin"}}, intro: s.p.T("staff.threads.reaches"),
		words: field{name: "text", label: s.p.T("staff.threads.words", "name", s.patient), value: form("text"), rows: 6},
	}
	x.record = &writing{
		action: x.action, button: s.p.T("staff.threads.record"), hidden: []pair{{"key", key + "-record"}, {"act", "record"}}, intro: s.p.T("staff.threads.record-lead"),
		words: field{name: "said", label: s.p.T("staff.threads.said"), value: form("said"), rows: 4},
	}
	x.whose = choiceField{name: "whose", legend: s.p.T("staff.threads.whose")}
	for _, kind := range []care.PartyKind{care.PartyPatient, care.PartyRelative} {
		x.whose.choices = append(x.whose.choices, choice{value: string(kind), label: s.p.T("staff.party." + string(kind)), chosen: form("whose") == string(kind)})
	}
	x.how = choiceField{name: "how", legend: s.p.T("staff.field.behalf-how")}
	for _, how := range []care.Channel{care.ByPhone, care.ByLetter, care.ByMessage, care.ByMeeting} {
		x.how.choices = append(x.how.choices, choice{value: string(how), label: s.p.T("staff.how." + string(how)), chosen: form("how") == string(how)})
	}
	return write(s.c.w, s.c.r, status, threadsStaffBody(s.p, x))
}

// writeThread begins a conversation, or writes down what somebody said in another
// way.
func writeThread(c *call) error {
	s, err := c.threadScene("")
	if err != nil {
		return err
	}
	begin := messaging.BeginThread{Person: s.v.State.Person, Journey: s.v.Journey, Say: messaging.Say{Text: clean(c.r.PostFormValue("text"))}}
	done := "sent"
	var of *care.OnBehalf
	if c.r.PostFormValue("act") == "record" {
		done = "recorded"
		begin.Text = clean(c.r.PostFormValue("said"))
		of = &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}
		if c.r.PostFormValue("whose") == string(care.PartyRelative) {
			of.Of.Kind = care.PartyRelative
		}
		if how := care.Channel(c.r.PostFormValue("how")); slices.Contains([]care.Channel{care.ByLetter, care.ByMessage, care.ByMeeting}, how) {
			of.How = how
		}
	}
	id, err := c.threadOrder("", begin, "", of)
	if err != nil {
		if r, no := care.AsRefusal(err); no && of != nil && r.Field == "text" {
			r.Field = "said"
		}
		return s.list(err)
	}
	return c.goTo(s.address("/"+id) + "?done=" + done)
}

func showThread(c *call) error {
	s, err := c.threadScene(c.r.PathValue("thread"))
	if err != nil {
		return err
	}
	return s.one(nil)
}

// seenIn is the version of the newest message, which an answer says it has seen.
func seenIn(t *messaging.Thread) string {
	n := 0
	for _, m := range t.Messages {
		n = max(n, m.Version)
	}
	return strconv.Itoa(n)
}

func (s *threadScene) one(refused error) error {
	status, key, ours := s.c.asTyped(&s.p, refused)
	if ours != nil {
		return ours
	}
	s.talker.p = s.p
	t, form := s.v.Threads[0], s.c.r.PostFormValue
	at := s.address("/" + t.ID)
	x := threadStaffPage{back: "/journeys/" + s.v.Journey, closable: t.State.Status != messaging.Concluded}
	x.threadPage = threadPage{
		lines: s.lines(t), list: s.address(""), action: at,
		hidden: func() []pair { return []pair{{"key", formKey()}, {"seen", seenIn(t.State)}} },
		write:  s.answerForm(t, key),
	}
	x.stands, x.late = s.stands(t)
	x.facts = []fact{{name: s.p.T("staff.threads.reader"), value: s.reader(t.State)}}
	x.why = choiceField{name: "why", legend: s.p.T("staff.threads.why")}
	for _, w := range messaging.WhysClosed {
		x.why.choices = append(x.why.choices, choice{value: string(w), label: s.p.T("staff.threads.whys." + string(w)), chosen: form("why") == string(w)})
	}
	x.words = field{name: "words", label: s.p.T("staff.threads.close-words"), hint: s.p.T("staff.threads.close-hint"), value: form("words"), rows: 3, optional: true}
	x.over = s.others(t)
	return write(s.c.w, s.c.r, status, threadStaffBody(s.p, x))
}

// answerForm is the form of an answer, on the conversation's page and in the list of
// what is to be done.
func (s *threadScene) answerForm(t casework.ThreadView, key string) *writing {
	return &writing{
		action: s.address("/" + t.ID), button: s.p.T("staff.threads.answer"), intro: s.p.T("staff.threads.held"),
		words:  field{name: "text", label: s.p.T("staff.threads.words", "name", s.patient), value: s.c.r.PostFormValue("text"), rows: 5},
		hidden: []pair{{"key", key}, {"act", "say"}, {"seen", seenIn(t.State)}},
	}
}

// others are the posts that can take a conversation over, one's own first.
func (s *threadScene) others(t casework.ThreadView) *choiceField {
	x := &choiceField{name: "reader", legend: s.p.T("staff.threads.over")}
	add := func(post care.Post) {
		if post != t.State.Reader && !hasChoice(x.choices, post.String()) {
			x.choices = append(x.choices, choice{value: post.String(), label: postName(s.p, s.v.Post(post))})
		}
	}
	if slices.Contains(s.v.TakePart, s.c.who.Post.Unit) {
		add(s.c.who.Post)
	}
	for _, id := range s.v.TakePart {
		if u, ok := s.v.Directory().Unit(id); ok {
			for _, role := range append(slices.Clone(u.Roles), care.Desk) {
				add(care.Post{Unit: id, Role: role})
			}
		}
	}
	if len(x.choices) == 0 {
		return nil
	}
	return x
}

// tendThread answers, closes, hands over or takes back.
func tendThread(c *call) error {
	s, err := c.threadScene(c.r.PathValue("thread"))
	if err != nil {
		return err
	}
	form := c.r.PostFormValue
	var command named
	done := "sent"
	switch form("act") {
	case "say":
		command = messaging.Say{Text: clean(form("text"))}
	case "close":
		command, done = messaging.CloseThread{Why: messaging.WhyClosed(form("why")), Words: clean(form("words"))}, "closed"
	case "over":
		command, done = messaging.TakeOver{Reader: parsePost(form("reader"))}, "over"
	case "back":
		n, _ := strconv.Atoi(form("back")) // a number that is none is of no message
		command, done = messaging.TakeBack{Message: n}, "back"
	default:
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	if _, err := c.threadOrder(s.v.Threads[0].ID, command, form("seen"), nil); err != nil {
		fresh, gone := c.threadScene(c.r.PathValue("thread"))
		if gone != nil {
			return gone
		}
		return fresh.one(err)
	}
	if back := listAddress(form("to-page")); back != "" {
		http.Redirect(c.w, c.r, doneAddress(nextOn(back, c.r.PostForm), "thread-"+done, "", 0), http.StatusSeeOther)
		return nil
	}
	return c.goTo(s.address("/"+s.v.Threads[0].ID) + "?done=" + done)
}
