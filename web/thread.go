package web

import (
	"net/http"
	"strconv"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

// A talkLine is one message as a page shows it.
type talkLine struct {
	anchor string
	said   said
	// state says whether it was read, by whom and when, or that it was taken back.
	state string
	// back is its number where the reader can take it back; 0 where they cannot.
	back int
}

// A talker knows how a conversation's page speaks of people and times.
type talker struct {
	c     *call
	p     page
	cal   *care.Calendar
	names interface {
		Name(string) string
		Post(care.Post) casework.PostView
	}
	side messaging.Side
	// patient is what the person is called on the page.
	patient string
	regime  care.Regime
}

// who is the writer or the reader of a message.
func (k talker) who(w messaging.Writer) string {
	name := ""
	switch w.Party.Kind {
	case care.PartyPatient:
		name = k.patient
	case care.PartyRelative:
		name = k.p.T("me.relative")
		if own := k.names.Name(w.ID); own != "" {
			name = k.p.T("relative.by", "name", own)
		}
	case care.PartyUnit:
		name = k.p.T("thread.at-post", "name", orElse(k.names.Name(w.ID), w.ID), "post", k.post(w.Party.Post))
	case care.PartyOther:
		name = w.Party.Name
	}
	if w.Recorder == "" {
		return name
	}
	return k.p.T("thread.recorded", "who", name, "how", k.p.T("staff.told."+string(w.How)), "name", orElse(k.names.Name(w.Recorder), w.Recorder))
}

// post is a post as the reader of the page knows it: those who work by its unit and
// role, everybody else by what it does and who holds it.
func (k talker) post(p care.Post) string {
	v := k.names.Post(p)
	if k.side == messaging.CareSide {
		return postName(k.p, v)
	}
	return lowerFirst(roleName(k.p, p.Role)) + ", " + k.p.named(k.regime, v.Unit.Name)
}

// reader is who answers: names and post.
func (k talker) reader(t *messaging.Thread) string {
	v := k.names.Post(t.Reader)
	if names := k.p.lang.List(v.Holders); names != "" {
		return k.p.T("thread.at-post", "name", names, "post", k.post(t.Reader))
	}
	return k.post(t.Reader)
}

// lines are the messages that the page's side sees, oldest first.
func (k talker) lines(v casework.ThreadView) []talkLine {
	var out []talkLine
	for _, m := range v.State.Messages {
		if !m.To(k.side) {
			continue
		}
		at := m.At.In(k.cal.Zone())
		x := talkLine{anchor: "message-" + strconv.Itoa(m.Message), said: said{by: k.p.T("thread.by", "who", k.who(m.By), "when", k.p.moment(at)), text: v.Text[m.Version]["said"]}}
		if m.Quick != "" {
			x.said.text = joinLines(k.p.T("thread.quick."+string(m.Quick)), x.said.text)
		}
		if m.Urgent {
			x.said.text = joinLines(k.p.T("thread.urgent-said"), x.said.text)
		}
		mine := m.Side == k.side
		switch m.Status() {
		case "taken-back":
			x.said.text, x.state = k.p.T("thread.taken-back"), k.p.T("thread.taken-back-at", "when", k.p.moment(m.Back.In(k.cal.Zone())))
		case "held":
			x.state = k.p.T("thread.held", "when", k.p.lang.Clock(m.Holds.In(k.cal.Zone())))
		case "read":
			x.state = k.readWords(m)
		case "shown":
			if x.state = k.p.T("thread.not-read"); !mine {
				x.state = k.p.T("thread.new")
			}
		}
		if mine && (m.Status() == "held" || m.Status() == "shown") && (m.By.ID == k.c.who.Actor.ID || m.By.Recorder == k.c.who.Actor.ID) {
			x.back = m.Message
		}
		out = append(out, x)
	}
	return out
}

// readWords say who read a message, or how it reached them.
func (k talker) readWords(m messaging.Message) string {
	day := k.cal.Date(m.Read.At)
	switch m.Read.How {
	case care.ByLetter:
		return k.p.T("thread.by-letter", "date", k.cal.LastDay(m.Read.At))
	case care.ByPhone:
		return k.p.T("thread.by-phone", "date", day)
	case care.ByPage, care.ByMessage, care.ByMeeting:
	}
	return k.p.T("thread.read-by", "who", k.who(m.Reader), "date", day)
}

func joinLines(a, b string) string {
	if b == "" {
		return a
	}
	return a + "\n" + b
}

// stands says how a conversation stands: until when somebody answers and who, that
// it is late, or how it ended.
func (k talker) stands(v casework.ThreadView) (words string, late bool) {
	t := v.State
	switch t.Status {
	case messaging.AwaitsReply:
		date := k.cal.LastDay(t.ReplyBy)
		if t.Climb.Rung > 0 {
			return k.p.T("thread.late", "date", date, "who", k.post(t.Climb.To)), true
		}
		return k.p.T("thread.answers-by", "who", k.reader(t), "date", date), false
	case messaging.Concluded:
		words = k.p.T("thread.closed."+string(t.Closing.Why), "date", k.cal.Date(t.Closing.At), "who", k.who(t.Closing.By))
		if said := v.Text[t.Closing.Version]["words"]; said != "" {
			words += " " + k.p.T("thread.closed-words", "words", said)
		}
		return words, false
	case messaging.Quiet:
	}
	return k.p.T("thread.reads", "who", k.reader(t)), false
}

// asTyped is the refusal of what was sent, drawn on the same page with what was
// typed; an error that the writer can do nothing about stays one.
func (c *call) asTyped(p *page, err error) (status int, key string, ours error) {
	if err == nil {
		return http.StatusOK, formKey(), nil
	}
	r, no := care.AsRefusal(err)
	if !no || r.Kind == care.Denied || r.Kind == care.NotFound && r.Field == "" {
		return 0, "", err
	}
	p.faults = []fault{{field: r.Field, text: p.refusal(r)}}
	if r.Kind == care.Conflict {
		return statusOf(err), formKey(), nil // what is sent now was read anew
	}
	return statusOf(err), c.keyOf(), nil
}

// threadOrder sends an order about a conversation, and answers which it became.
func (c *call) threadOrder(target string, command named, seen string, of *care.OnBehalf) (string, error) {
	if c.r.PostFormValue("key") == "" {
		return "", care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	o := c.order(target, command)
	o.For = of
	if n, err := strconv.Atoi(seen); err == nil {
		o.Seen = care.Seen(n)
	}
	receipt, err := c.s.service.Do(c.r.Context(), o)
	return receipt.Target, err
}
