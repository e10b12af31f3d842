package web

import (
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

const threadsPath = "/me/messages"

// A threadsPage is the reader's conversations, and where a new one begins.
type threadsPage struct {
	things []thingView
	write  *writing
}

// A writing is the form of a message. There is no limit in the browser: what is too
// long is refused with its length, and nothing of it is cut away.
type writing struct {
	action string
	intro  string
	notes  []string
	words  field
	urgent *choiceField
	hidden []pair
	button string
}

// A threadPage is one conversation.
type threadPage struct {
	stands string
	late   bool
	lines  []talkLine
	write  *writing
	quick  []choice
	action string
	hidden func() []pair
	list   string
}

// myThreads asks for the reader's conversations, and makes the page they stand on.
// It opens nothing else of theirs: a relative may write and see no plan.
func (c *call) myThreads(thread, title string) (page, casework.MyThreadsView, error) {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyThreads{Thread: thread})
	if err != nil {
		return page{}, v, err
	}
	account := v.Person.State.Languages.Reading
	c.r = withAccountLanguage(c.r, account)
	p := newPage(c.r, forPatients, account)
	p.title, p.home, p.signedIn = p.T(title), "/me", v.Person.Identity.Name
	p.help, p.called = contactOf(p, v.Plan), c.s.calls(c.r, p.lang)
	p.today = v.Calendar.Date(v.Now)
	if err := c.standFor(&p, v.Person.Identity.Name, v.Withheld); err != nil {
		return p, v, err
	}
	p.help.write = "" // the page is where one writes
	return p, v, nil
}

func (c *call) myTalker(p page, v casework.MyThreadsView) talker {
	k := talker{c: c, p: p, cal: v.Calendar, names: v, side: messaging.PersonSide, patient: p.T("me.you"), regime: v.Person.State.Regime}
	if c.who.Actor.Kind == care.Relative {
		k.patient = v.Person.Identity.Name
	}
	return k
}

func threadAddress(id string) string { return threadsPath + "/" + id }

// writeTo is the form of a message to whoever answers.
func (c *call) writeTo(p page, action, who, button, key string) *writing {
	form := c.r.PostFormValue
	return &writing{
		action: action, intro: p.T("me.message-intro", "who", who), notes: []string{readWhen(p)}, button: button,
		words:  field{name: "text", label: p.T("me.message-label"), value: form("text"), rows: 6},
		urgent: &choiceField{name: "urgent", legend: p.T("thread.urgent-legend"), many: true, choices: []choice{{value: "yes", label: p.T("thread.urgent"), hint: p.T("thread.urgent-hint"), chosen: form("urgent") == "yes"}}},
		hidden: append([]pair{{"key", key}}, p.whom()...),
	}
}

// showMyThreads lists the reader's conversations, with the form of a new one.
func showMyThreads(c *call) error { return c.listThreads(nil) }

func (c *call) listThreads(refused error) error {
	p, v, err := c.myThreads("", "thread.title")
	if err != nil {
		return err
	}
	status, key, ours := c.asTyped(&p, refused)
	if ours != nil {
		return ours
	}
	k := c.myTalker(p, v)
	var x threadsPage
	for _, t := range v.Threads {
		last := t.State.Last(messaging.PersonSide)
		y := thingView{anchor: "thread-" + t.ID, title: p.T("thread.with", "who", k.reader(t.State), "date", p.lang.Date(v.Calendar.Date(t.State.Messages[0].At)))}
		y.due, y.late = k.stands(t)
		if n := t.State.Unread(messaging.PersonSide); n > 0 {
			y.state, y.tone = p.T("thread.unread", "n", n), "open"
		}
		if last.Back.IsZero() {
			y.lines = []string{firstWords(t.Text[last.Version]["said"])}
		}
		y.links = []link{{text: p.T("thread.open"), href: threadAddress(t.ID)}}
		x.things = append(x.things, y)
	}
	if v.Journey != "" {
		contact := v.Post(v.Person.Contact)
		x.write = c.writeTo(p, threadsPath, orElse(p.lang.List(contact.Holders), p.named(k.regime, contact.Unit.Name)), p.T("me.send"), key)
	}
	return c.draw(status, myThreadsBody(p, x))
}

// firstWords are the beginning of a text, for a list.
func firstWords(text string) string {
	const most = 80
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + " …"
}

// said reads a message as it was sent.
func (c *call) said() messaging.Say {
	return messaging.Say{
		Text: clean(c.r.PostFormValue("text")), Quick: messaging.Quick(c.r.PostFormValue("quick")), Urgent: c.r.PostFormValue("urgent") == "yes",
	}
}

// beginThread sends the first message of a conversation. Sent once more, it leads to
// what was sent.
func beginThread(c *call) error {
	_, v, err := c.myThreads("", "thread.title")
	if err != nil {
		return err
	}
	say := c.said()
	id, err := c.threadOrder("", messaging.BeginThread{Person: v.Of, Journey: v.Journey, Say: say}, "", nil)
	if err != nil {
		return c.listThreads(err)
	}
	return c.goTo(threadAddress(id) + sentQuery(say))
}

func sentQuery(s messaging.Say) string {
	if s.Urgent {
		return "?done=urgent"
	}
	return "?done=sent"
}

// showMyThread is one conversation. Opening it is the receipt of what stands in it.
func showMyThread(c *call) error { return c.drawThread(nil) }

func (c *call) drawThread(refused error) error {
	p, v, err := c.myThreads(c.r.PathValue("thread"), "thread.one")
	if err != nil {
		return err
	}
	status, key, ours := c.asTyped(&p, refused)
	if ours != nil {
		return ours
	}
	t, k := v.Threads[0], c.myTalker(p, v)
	x := threadPage{
		lines: k.lines(t), list: threadsPath, action: threadAddress(t.ID), hidden: func() []pair { return append([]pair{{"key", formKey()}}, p.whom()...) },
		write: c.writeTo(p, threadAddress(t.ID), k.reader(t.State), p.T("me.send"), key),
	}
	x.stands, x.late = k.stands(t)
	for _, q := range messaging.Quicks {
		x.quick = append(x.quick, choice{value: string(q), label: p.T("thread.quick." + string(q))})
	}
	switch done := c.r.URL.Query().Get("done"); {
	case done == "back":
		p.told = &told{title: p.T("thread.done.back")}
	case done == "urgent" && t.State.Status == messaging.AwaitsReply:
		p.told = &told{title: p.T("thread.done.urgent"), text: p.T("thread.done.urgent-text", "stands", x.stands)}
		for _, u := range afterHours(p, k.regime) {
			p.told.next = append(p.told.next, u.String())
		}
	case done == "sent" && t.State.Status == messaging.AwaitsReply:
		p.told = &told{title: p.T("thread.done.sent"), text: x.stands}
	}
	return c.draw(status, myThreadBody(p, x))
}

// answerThread sends what was written or pressed in a conversation.
func answerThread(c *call) error {
	id := c.r.PathValue("thread")
	if _, _, err := c.myThreads(id, "thread.one"); err != nil {
		return err
	}
	if n, err := strconv.Atoi(c.r.PostFormValue("back")); err == nil {
		if _, err := c.threadOrder(id, messaging.TakeBack{Message: n}, "", nil); err != nil {
			return c.drawThread(err)
		}
		return c.goTo(threadAddress(id) + "?done=back")
	}
	say := c.said()
	if _, err := c.threadOrder(id, say, "", nil); err != nil {
		return c.drawThread(err)
	}
	return c.goTo(threadAddress(id) + sentQuery(say))
}

// oldMessages leads from where messages were written before.
func oldMessages(c *call) error {
	if _, _, err := c.myThreads("", "thread.title"); err != nil {
		return err
	}
	return c.goTo(threadsPath)
}
