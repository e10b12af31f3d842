package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/journey"
)

// An actView is one act as it is told afterwards: when, what, by whom, on whose
// behalf and how, and whether it can be taken back.
type actView struct {
	when, who, undone string
	lines             []eventLine
	undo              *press
	links             []link
}

// An eventLine is one event in a sentence, with the words that belong to it.
type eventLine struct {
	text string
	said []said
}

// acts are all acts, newest first.
func (s *scene) acts() []actView {
	var out []actView
	for _, a := range slices.Backward(s.v.State.Acts) {
		if v := s.act(a); len(v.lines) > 0 {
			out = append(out, v)
		}
	}
	return out
}

func (s *scene) act(a journey.Act) actView {
	v := actView{when: s.at(a.At)}
	first := s.v.History[a.First-1]
	if first.Learned.Sub(first.Happened) > time.Minute && first.Actor.Kind != care.System {
		v.when = s.p.T("staff.happened-learned", "happened", s.at(first.Happened), "learned", s.at(first.Learned))
	}
	v.who = s.actor(first.Actor, first.Post)
	if a.For != nil {
		v.who = s.p.T("staff.recorded-for", "who", s.who(a.For.Of), "how", strings.ToLower(s.p.T("staff.how."+string(a.For.How))), "recorder", v.who)
	}
	if a.Undone {
		v.undone = s.p.T("staff.undone")
	}
	spoken := 0
	for _, r := range s.v.History[a.First-1 : a.Last] {
		text := s.sentence(r)
		if text == "" {
			continue
		}
		l := eventLine{text: text, said: s.quotes(r.Version)}
		if len(l.said) > 0 && spoken == 0 {
			spoken = r.Version
		}
		v.lines = append(v.lines, l)
	}
	t := thing{kind: "event", id: strconv.Itoa(a.First), n: a.First}
	if s.v.State.CanUndo(a) {
		b := s.press(findAction("undo"), t, v.when)
		v.undo = &b
	}
	if spoken > 0 && first.Actor.Kind != care.Patient && s.v.State.Status == journey.Running {
		v.links = append(v.links, link{text: s.p.T("staff.do.object-to"), href: actionAddress(s.v.ID, "object-to", "event/"+strconv.Itoa(spoken))})
	}
	return v
}

// sentenceAt is the sentence of the event at a version.
func (s *scene) sentenceAt(version int) string {
	if version < 1 || version > len(s.v.History) {
		return ""
	}
	return s.sentence(s.v.History[version-1])
}

// sentence tells one event in words. Every event of the vocabulary has a text
// under staff.event; a test holds that.
func (s *scene) sentence(r care.Recorded) string {
	name := strings.TrimPrefix(strings.TrimSuffix(r.Event.Type(), "/1"), "journey.")
	return s.p.T("staff.event."+name, s.eventArgs(r.Event)...)
}

// eventArgs fill the places of an event's sentence.
func (s *scene) eventArgs(e care.Event) []any {
	switch e := e.(type) {
	case journey.Opened:
		return []any{"sender", s.who(e.Sender), "desk", s.post(e.Desk), "responsible", s.post(e.Responsible)}
	case journey.Answered:
		return []any{"answer", lowerFirst(s.p.T("staff.answers." + string(e.Answer)))}
	case journey.QuestionAsked:
		return []any{"who", s.who(e.To), "date", s.last(e.By)}
	case journey.Offered:
		return []any{"what", lowerFirst(itemWords(s.p, "offer", string(e.Kind), "")), "from", s.post(e.From), "to", s.post(e.To)}
	case journey.OfferAccepted:
		return s.offerArgs(e.Offer)
	case journey.OfferDeclined:
		return s.offerArgs(e.Offer)
	case journey.OfferLapsed:
		return s.offerArgs(e.Offer)
	case journey.OfferWithdrawn:
		return s.offerArgs(e.Offer)
	case journey.RoleBound:
		to := s.p.T("staff.party.nobody")
		if !e.Post.IsZero() {
			to = s.post(e.Post)
		}
		return []any{"role", s.role(e.Role), "to", to}
	case journey.DecisionNeeded:
		return []any{"what", lowerFirst(itemWords(s.p, "decision", e.About, "")), "who", s.post(e.Owner), "date", s.last(e.By)}
	case journey.DecisionMade:
		return []any{"what", lowerFirst(itemWords(s.p, "decision", s.v.State.Decisions[e.Decision-1].About, ""))}
	case journey.WaitOpened:
		return []any{"who", s.who(e.For), "what", lowerFirst(itemWords(s.p, "wait", e.Reason, "")), "date", s.last(e.Review)}
	case journey.WaitReviewed:
		return []any{"date", s.last(e.Review)}
	case journey.Passed:
		return []any{"date", s.last(e.Due)}
	case journey.Escalated:
		return []any{"to", s.owner(e.To)}
	case journey.ContactOwed:
		return []any{"who", s.post(e.Owner), "date", s.last(e.By)}
	case journey.Contacted:
		return []any{"how", strings.ToLower(s.p.T("staff.how." + string(e.How)))}
	case journey.NoteMade:
		return []any{"how", strings.ToLower(s.p.T("staff.how." + string(e.How)))}
	case journey.TellingOwed:
		return []any{"what", lowerFirst(itemWords(s.p, "telling", e.About, "")), "to", s.who(e.To), "date", s.last(e.By)}
	case journey.TellingWithdrawn:
		return []any{"what", lowerFirst(itemWords(s.p, "telling", s.v.State.Tellings[e.Telling-1].About, ""))}
	case journey.ToldRetracted:
		return []any{"what", lowerFirst(itemWords(s.p, "telling", s.v.State.Tellings[e.Telling-1].About, "")), "to", s.who(s.v.State.Tellings[e.Telling-1].To)}
	case journey.Told:
		t := s.v.State.Tellings[e.Telling-1]
		return []any{"what", lowerFirst(itemWords(s.p, "telling", t.About, "")), "to", s.who(t.To), "how", lowerFirst(s.p.T("staff.told." + string(e.Receipt.How)))}
	case journey.WordsGiven:
		return []any{"who", s.who(e.From), "what", lowerFirst(s.p.T("staff.words-given." + e.Kind))}
	case journey.FactRecorded:
		return []any{"what", orElse(s.text.Facts[e.Fact], string(e.Fact)), "value", orElse(s.valueText(e.Value), s.p.T("staff.not-known"))}
	case journey.KeepOffered:
		return []any{"date", s.last(e.Until)}
	case journey.Moved:
		return []any{"to", e.To.String()}
	case journey.Ended:
		return []any{"what", lowerFirst(s.text.Ends[e.End].Title), "who", s.whoElse(e.CarriesOn, "staff.party.nobody")}
	case journey.Reopened:
		return []any{"to", s.post(e.Responsible)}
	}
	return s.courseArgs(e)
}

// courseArgs fill the places of what is about steps, clocks and what was agreed.
func (s *scene) courseArgs(e care.Event) []any {
	switch e := e.(type) {
	case journey.StepOpened:
		return []any{"what", s.stepAt(e.Step), "who", s.post(e.Owner), "date", s.last(e.Latest)}
	case journey.StepPlanned:
		moment := s.at(e.At)
		if moment == "" {
			moment = s.p.T("staff.no-time")
		}
		return []any{"what", s.stepAt(e.Step), "moment", moment}
	case journey.InterpreterNoted:
		return []any{"what", s.stepAt(e.Step), "how", lowerFirst(s.p.T("staff.interpreting." + string(e.Interpreter)))}
	case journey.StepMissed:
		return []any{"what", s.stepAt(e.Step), "why", lowerFirst(s.p.T("staff.miss." + string(e.Reason))), "date", s.last(e.Replan)}
	case journey.StepDone:
		return []any{"what", s.stepAt(e.Step)}
	case journey.StepReopened:
		return []any{"what", s.stepAt(e.Step)}
	case journey.StepDropped:
		return []any{"what", s.stepAt(e.Step)}
	case journey.StepOwned:
		return []any{"what", s.stepAt(e.Step), "who", s.post(e.Owner)}
	case journey.StepRedefined:
		return []any{"what", s.stepAt(e.Step)}
	case journey.StepDated:
		return []any{"what", s.stepAt(e.Step), "date", s.last(e.Latest)}
	case journey.StepBroughtIn:
		return []any{"what", s.step(e.ID)}
	case journey.MilestoneReached:
		return []any{"what", s.milestone(e.ID), "date", s.v.Calendar.Date(e.At)}
	case journey.MilestoneRetracted:
		return []any{"what", s.milestone(e.ID)}
	case journey.ClockStarted:
		return []any{"what", s.clock(e.ID), "limit", e.Limit, "date", s.last(e.Latest)}
	case journey.ClockStopped:
		return []any{"what", s.clockAt(e.Clock)}
	case journey.ClockReopened:
		return []any{"what", s.clockAt(e.Clock)}
	case journey.ClockPaused:
		return []any{"what", s.clockAt(e.Clock), "from", e.From, "until", e.Until}
	case journey.ClockCorrected:
		return []any{"what", s.clockAt(e.Clock), "date", s.last(e.Latest)}
	case journey.ClockPassed:
		return []any{"what", s.clockAt(e.Clock)}
	case journey.ClockLeft:
		return []any{"what", s.clockAt(e.Clock)}
	case journey.MeetingCalled:
		return []any{"what", s.stepAt(e.Step), "moment", s.at(e.At)}
	case journey.MeetingHeld:
		there := "staff.patient-there"
		if !e.PatientPresent {
			there = "staff.patient-away"
		}
		return []any{"there", s.p.T(there)}
	case journey.MeetingAnswered:
		return []any{"answer", lowerFirst(s.p.T("staff.decisions." + e.Answer))}
	case journey.InterventionAgreed:
		return []any{"who", s.whoElse(e.Meant, "staff.party.nobody"), "date", s.last(e.Due)}
	case journey.InterventionOwned:
		return []any{"what", s.interventionText(e.Intervention), "who", s.post(e.Owner)}
	case journey.InterventionReported:
		return []any{"what", s.interventionText(e.Intervention), "state", lowerFirst(s.p.T("staff.report." + e.State)), "date", s.last(e.Due)}
	case journey.InterventionEnded:
		return []any{"what", s.interventionText(e.Intervention), "outcome", lowerFirst(s.p.T("staff.outcome." + e.Outcome))}
	case journey.InterventionReopened:
		return []any{"what", s.interventionText(e.Intervention)}
	case journey.CopyOwed:
		return []any{"what", lowerFirst(itemWords(s.p, "copy", e.About, "")), "date", s.last(e.By)}
	case journey.Copied:
		return []any{"what", lowerFirst(itemWords(s.p, "copy", s.v.State.Copies[e.Copy-1].About, ""))}
	case journey.ConsultAsked:
		return []any{"who", s.who(e.To), "date", s.last(e.By)}
	case journey.ConsultAdvised:
		return []any{"who", s.who(s.v.State.Consults[e.Consult-1].To)}
	case journey.ConsultUsed:
		return []any{"what", lowerFirst(s.p.T("staff.did." + string(e.Did)))}
	case journey.ConsultClosed:
		return []any{"what", lowerFirst(s.p.T("staff.advice-outcome." + e.Outcome))}
	case journey.JointCalled:
		return []any{"date", s.last(e.SummaryBy)}
	case journey.ContributionAsked:
		return []any{"who", s.who(e.Of), "what", lowerFirst(s.p.T("staff.discipline." + e.Discipline)), "date", s.last(e.By)}
	case journey.ContributionGiven:
		return s.contributionArgs(e.Contribution)
	case journey.ContributionPassed:
		return s.contributionArgs(e.Contribution)
	case journey.Disagreed:
		return []any{"who", s.who(e.From)}
	case journey.JointAnswered:
		return []any{"answer", lowerFirst(s.p.T("staff.summary-answer." + string(e.Answer)))}
	case journey.ChoiceLaidOut:
		return []any{"what", orElse(s.text.Choices[e.ID].Title, string(e.ID))}
	case journey.ChoiceMade:
		c := s.v.State.Choices[e.Choice-1]
		var names []string
		for _, id := range e.Chosen {
			names = append(names, orElse(s.text.Choices[c.ID].Options[id].Title, id))
		}
		return []any{"what", orElse(s.p.lang.List(names), s.p.T("staff.none-of-them")), "date", s.last(e.LookAgain)}
	}
	return nil
}

func (s *scene) contributionArgs(n int) []any {
	c := s.v.State.Contributions[n-1]
	return []any{"who", s.who(c.Of), "what", lowerFirst(s.p.T("staff.discipline." + c.Discipline))}
}

func (s *scene) clockAt(n int) string {
	if n < 1 || n > len(s.v.State.Clocks) {
		return ""
	}
	return s.clock(s.v.State.Clocks[n-1].ID)
}

func (s *scene) offerArgs(n int) []any {
	o := s.v.State.Offers[n-1]
	return []any{"what", lowerFirst(itemWords(s.p, "offer", string(o.Kind), "")), "to", s.post(o.To)}
}

// done is what has just been done, what happens now, and the way to take it
// back. The address only says which act it was; every word comes from what is
// stored.
func (s *scene) done() *told {
	q := s.c.r.URL.Query()
	if q.Get("asked") == "noted" {
		return &told{title: s.p.T("asked.staff.done")}
	}
	a := findAction(q.Get("done"))
	if a == nil {
		return nil
	}
	t := &told{title: s.p.T("staff.done", "what", s.p.T("staff.do."+a.name))}
	if next := s.next(); next != nil && s.v.State.Status == journey.Running {
		t.next = append(t.next, s.p.T("staff.next-line", "what", s.what(next.Key), "who", s.owner(next.Post), "by", lowerFirst(s.by(next.Item))))
	}
	at, err := strconv.Atoi(q.Get("at"))
	if err != nil || a.ofPerson() {
		return t
	}
	for _, act := range s.v.State.Acts {
		if act.First != at {
			continue
		}
		v := s.act(act)
		lines := make([]string, 0, len(v.lines))
		for _, l := range v.lines {
			lines = append(lines, l.text)
		}
		t.text = strings.Join(lines[:min(len(lines), 4)], " ")
		if v.undo != nil {
			t.undo = &undo{action: v.undo.action, hidden: v.undo.hidden}
		}
	}
	return t
}

// doneElsewhere is the same for a list: the journey is named in the address.
func (c *call) doneElsewhere() (*told, error) {
	q := c.r.URL.Query()
	if q.Get("in") == "" || findAction(q.Get("done")) == nil {
		return nil, nil
	}
	c.r.SetPathValue("id", q.Get("in"))
	s, err := c.scene()
	if _, refused := care.AsRefusal(err); refused {
		return nil, nil // no longer theirs to see: there is nothing to tell
	}
	if err != nil {
		return nil, err
	}
	t := s.done()
	t.title += " (" + s.patient() + ")"
	return t, nil
}

// doneAddress is a page's address with what was just done in it.
func doneAddress(path, action, id string, at int) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q := u.Query()
	q.Set("done", action)
	q.Del("at")
	q.Del("in")
	if at > 0 {
		q.Set("at", strconv.Itoa(at))
	}
	if id != "" {
		q.Set("in", id)
	}
	u.RawQuery = q.Encode()
	return u.String()
}
