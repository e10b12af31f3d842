package simulation

import (
	"fmt"
	"strings"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// A ledger reads a journey's events a second time, by their documented meaning
// alone: who is responsible, what is open, where, until when. It shares nothing
// with the engine's own fold, so that the two can be held against each other.
type ledger struct {
	status      journey.Status
	responsible care.Post
	desk        care.Post
	sender      care.Party
	origin      journey.Origin
	received    time.Time
	person      care.PersonKey
	pathway     pathway.Ref
	answered    *journey.Answered
	milestones  map[pathway.MilestoneID]time.Time
	steps       []ledgerStep
	clocks      []ledgerClock
	offers      []ledgerOffer
	intervened  map[int]care.Post
	iDue        map[int]time.Time
	waits       []journey.WaitOpened
	meetings    map[int]journey.MeetingHeld
	chosen      map[int]journey.ChoiceMade
	choices     map[int]pathway.ChoiceID
	tellings    []journey.TellingOwed
	told        map[int]bool
	asked       []journey.QuestionAsked
	contacts    []journey.ContactOwed
	consults    []journey.ConsultAsked
	joints      []journey.JointCalled
	parts       []journey.ContributionAsked
	words       int
	open        map[string]entry
	kept        map[string]entry
	// known is when the last act was learned, learned when the event being read
	// was, and act the key of the act.
	known, learned time.Time
	act            string
}

type entry struct {
	kind    care.ItemKind
	post    care.Post
	due     time.Time
	late    time.Time
	ladder  []journey.Rung
	climbed int
}

type ledgerStep struct {
	journey.StepOpened
	live    bool
	planned time.Time
	// interpreter and by are what was last said of the interpreter for that time.
	interpreter journey.Interpreting
	by          time.Time
	// due is when it must be recorded how a planned step went, or a missed one be
	// planned anew; zero where its latest date counts.
	due time.Time
}

type ledgerClock struct {
	journey.ClockStarted
	// seen says that it passed and was acted on, until it is moved ahead again.
	live, late, seen bool
	pauses           []journey.ClockPaused
}

type ledgerOffer struct {
	journey.Offered
	open  bool
	taken bool
}

func newLedger() *ledger {
	return &ledger{
		milestones: map[pathway.MilestoneID]time.Time{}, intervened: map[int]care.Post{}, iDue: map[int]time.Time{},
		meetings: map[int]journey.MeetingHeld{}, chosen: map[int]journey.ChoiceMade{}, choices: map[int]pathway.ChoiceID{},
		told: map[int]bool{}, open: map[string]entry{}, kept: map[string]entry{},
	}
}

func id(kind string, n int) string { return fmt.Sprintf("%s/%d", kind, n) }

// put puts something on a list. What was late stays so while its new date is
// behind as well.
func (l *ledger) put(key string, kind care.ItemKind, post care.Post, due time.Time) {
	x := entry{kind: kind, post: post, due: due}
	if old, ok := l.open[key]; ok && !old.late.IsZero() && !due.After(l.learned) {
		x.late, x.ladder, x.climbed = old.late, old.ladder, old.climbed
	}
	l.open[key] = x
}

func (l *ledger) carried(n int) bool {
	o := l.offers[n-1]
	return o.Kind == journey.OfReferral && o.Step == 0
}

// read takes in one event.
func (l *ledger) read(r care.Recorded) {
	l.learned = r.Learned
	if l.act != r.Command {
		l.act, l.known = r.Command, r.Learned
	}
	switch e := r.Event.(type) {
	case journey.Opened:
		l.status, l.responsible, l.desk, l.sender, l.origin = journey.Running, e.Responsible, e.Desk, e.Sender, e.Origin
		l.received, l.person, l.pathway = e.Received, e.Person, e.Pathway
	case journey.Moved:
		l.pathway = e.To
	case journey.Answered:
		l.answered = &e
		for _, q := range l.asked {
			if q.Step == e.Step {
				delete(l.open, id("question", q.Question))
			}
		}
	case journey.MilestoneReached:
		l.milestones[e.ID] = e.At
		if e.ID == pathway.Received {
			l.received = e.At
		}
	case journey.MilestoneRetracted:
		delete(l.milestones, e.ID)
	case journey.WordsGiven:
		l.words++
	case journey.Passed:
		if x, ok := l.open[e.Item]; ok {
			x.late, x.ladder, x.climbed = e.Due, e.Ladder, 0
			l.open[e.Item] = x
		}
	case journey.Escalated:
		if x, ok := l.open[e.Item]; ok {
			x.climbed = e.Rung
			l.open[e.Item] = x
		}
	case journey.Ended:
		l.end()
	case journey.Reopened:
		l.reopen(e)
	default:
		l.readStep(r)
		l.readOffer(r)
		l.readTalk(r)
		l.readAdvice(r)
		l.readClock(r)
	}
}

// end takes everything off the lists but what must still be told, which stays as
// late as it was.
func (l *ledger) end() {
	l.status, l.kept = journey.Closed, map[string]entry{}
	for key, x := range l.open {
		if x.kind != care.TellItem {
			l.kept[key] = x
			delete(l.open, key)
		}
	}
}

func (l *ledger) reopen(e journey.Reopened) {
	l.status, l.responsible = journey.Running, e.Responsible
	for n, m := range l.meetings {
		if !m.AnswerBy.IsZero() {
			l.put(id("meeting", n), care.DecisionItem, m.Owner, m.AnswerBy)
		}
	}
	for n, c := range l.chosen {
		last := !c.ByStep
		for later := range l.chosen {
			last = last && (later <= n || l.choices[later] != l.choices[n])
		}
		if last {
			l.put(id("choice", n), care.ReviewItem, c.Owner, c.LookAgain)
		}
	}
	if e.Why == journey.ReasonUndone {
		for key, x := range l.kept {
			kind, _, _ := strings.Cut(key, "/")
			if x.kind == care.QuestionItem || x.kind == care.ContactItem || kind == "consult" || kind == "joint" {
				l.put(key, x.kind, x.post, x.due)
			}
		}
	}
}

func (l *ledger) readStep(r care.Recorded) {
	step := func(n int) *ledgerStep { return &l.steps[n-1] }
	list := func(n int, due time.Time) { l.put(id("step", n), care.StepItem, step(n).Owner, due) }
	defer l.interpreters(r)
	switch e := r.Event.(type) {
	case journey.StepOpened:
		l.steps = append(l.steps, ledgerStep{StepOpened: e, live: true})
		list(e.Step, e.Latest)
	case journey.StepPlanned:
		step(e.Step).planned, step(e.Step).due = e.At, e.Due
		step(e.Step).interpreter, step(e.Step).by = e.Interpreter, e.InterpreterBy
		delete(l.open, id("interpreter", e.Step))
		list(e.Step, e.Due)
	case journey.StepMissed:
		step(e.Step).planned, step(e.Step).due = time.Time{}, e.Replan
		list(e.Step, e.Replan)
	case journey.InterpreterNoted:
		step(e.Step).interpreter, step(e.Step).by = e.Interpreter, e.By
	case journey.StepDone:
		step(e.Step).live = false
		delete(l.open, id("step", e.Step))
	case journey.StepDropped:
		step(e.Step).live = false
		delete(l.open, id("step", e.Step))
	case journey.StepReopened:
		s := step(e.Step)
		s.live = true
		list(e.Step, s.date())
	case journey.StepRedefined:
		step(e.Step).Role, step(e.Step).Patient, step(e.Step).Sets = e.Role, e.Patient, e.Sets
	case journey.StepOwned:
		step(e.Step).Owner = e.Owner
		if x, ok := l.open[id("step", e.Step)]; ok {
			x.post = e.Owner
			l.open[id("step", e.Step)] = x
		}
	case journey.StepDated:
		s := step(e.Step)
		if s.planned.IsZero() && s.due.Equal(s.Latest) {
			s.due = time.Time{}
		}
		s.Latest = e.Latest
		list(e.Step, s.date())
	}
}

// interpreters lists the fault of every planned time that lacks an interpreter,
// after an event about its step.
func (l *ledger) interpreters(r care.Recorded) {
	var n int
	switch e := r.Event.(type) {
	case journey.StepPlanned:
		n = e.Step
	case journey.InterpreterNoted:
		n = e.Step
	case journey.StepMissed:
		n = e.Step
	case journey.StepDone:
		n = e.Step
	case journey.StepDropped:
		n = e.Step
	case journey.StepReopened:
		n = e.Step
	case journey.StepOwned:
		n = e.Step
	default:
		return
	}
	s := l.steps[n-1]
	if !s.live || s.planned.IsZero() || s.interpreter != journey.InterpreterNotYet {
		delete(l.open, id("interpreter", n))
		return
	}
	l.put(id("interpreter", n), care.FaultItem, s.Owner, s.by)
}

// date is when a step is late: when it must be said how it went or be planned
// anew, and otherwise its latest date.
func (s *ledgerStep) date() time.Time {
	if s.due.IsZero() {
		return s.Latest
	}
	return s.due
}

func (l *ledger) readOffer(r care.Recorded) {
	shut := func(n int) {
		l.offers[n-1].open = false
		delete(l.open, id("offer", n))
	}
	switch e := r.Event.(type) {
	case journey.Offered:
		l.offers = append(l.offers, ledgerOffer{Offered: e, open: true})
		if !l.carried(e.Offer) {
			l.put(id("offer", e.Offer), care.OfferItem, e.To, e.By)
		}
	case journey.OfferAccepted:
		shut(e.Offer)
		o := &l.offers[e.Offer-1]
		o.taken = true
		switch o.Kind {
		case journey.OfResponsibility, journey.OfPlan:
			l.responsible = o.To
		case journey.OfReferral:
			if l.responsible == o.From || l.carried(e.Offer) {
				l.responsible = o.To
			}
			l.desk = o.To
		}
	case journey.OfferDeclined:
		shut(e.Offer)
	case journey.OfferLapsed:
		shut(e.Offer)
	case journey.OfferWithdrawn:
		shut(e.Offer)
	}
}

func (l *ledger) readTalk(r care.Recorded) {
	switch e := r.Event.(type) {
	case journey.QuestionAsked:
		l.asked = append(l.asked, e)
		post := e.Owner
		if e.To.Kind == care.PartyUnit && !e.To.Post.IsZero() {
			post = e.To.Post
		}
		l.put(id("question", e.Question), care.QuestionItem, post, e.By)
	case journey.QuestionAnswered:
		delete(l.open, id("question", e.Question))
	case journey.DecisionNeeded:
		l.put(id("decision", e.Decision), care.DecisionItem, e.Owner, e.By)
	case journey.DecisionMade:
		delete(l.open, id("decision", e.Decision))
	case journey.WaitOpened:
		l.waits = append(l.waits, e)
		l.put(id("wait", e.Wait), care.WaitItem, e.Owner, e.Review)
	case journey.WaitReviewed:
		l.waits[e.Wait-1].Review = e.Review
		l.put(id("wait", e.Wait), care.WaitItem, l.waits[e.Wait-1].Owner, e.Review)
	case journey.WaitEnded:
		delete(l.open, id("wait", e.Wait))
	case journey.WaitReopened:
		l.put(id("wait", e.Wait), care.WaitItem, l.waits[e.Wait-1].Owner, l.waits[e.Wait-1].Review)
	case journey.ContactOwed:
		l.contacts = append(l.contacts, e)
		l.put(id("contact", e.Contact), care.ContactItem, e.Owner, e.By)
	case journey.Contacted:
		delete(l.open, id("contact", e.Contact))
	case journey.TellingOwed:
		l.tellings = append(l.tellings, e)
		l.put(id("telling", e.Telling), care.TellItem, e.Owner, e.By)
	case journey.TellingWithdrawn:
		l.told[e.Telling] = true
		delete(l.open, id("telling", e.Telling))
	case journey.Told:
		l.told[e.Telling] = true
		delete(l.open, id("telling", e.Telling))
	case journey.ToldRetracted:
		delete(l.told, e.Telling)
	case journey.MeetingHeld:
		l.meetings[e.Meeting] = e
		if !e.AnswerBy.IsZero() {
			l.put(id("meeting", e.Meeting), care.DecisionItem, e.Owner, e.AnswerBy)
		}
	case journey.MeetingAnswered:
		delete(l.meetings, e.Meeting)
		delete(l.open, id("meeting", e.Meeting))
	case journey.InterventionAgreed:
		l.intervened[e.Intervention], l.iDue[e.Intervention] = e.Owner, e.Due
		l.put(id("intervention", e.Intervention), care.InterventionItem, e.Owner, e.Due)
	case journey.InterventionOwned:
		l.intervened[e.Intervention] = e.Owner
		if x, ok := l.open[id("intervention", e.Intervention)]; ok {
			x.post = e.Owner
			l.open[id("intervention", e.Intervention)] = x
		}
	case journey.InterventionReported:
		l.iDue[e.Intervention] = e.Due
		l.put(id("intervention", e.Intervention), care.InterventionItem, l.intervened[e.Intervention], e.Due)
	case journey.InterventionEnded:
		delete(l.open, id("intervention", e.Intervention))
	case journey.InterventionReopened:
		l.put(id("intervention", e.Intervention), care.InterventionItem, l.intervened[e.Intervention], l.iDue[e.Intervention])
	case journey.ChoiceLaidOut:
		l.choices[e.Choice] = e.ID
	case journey.ChoiceMade:
		// Choosing anew is the look that was agreed on; laying the options out is not.
		for n, of := range l.choices {
			if n < e.Choice && of == l.choices[e.Choice] {
				delete(l.open, id("choice", n))
			}
		}
		l.chosen[e.Choice] = e
		if !e.ByStep {
			l.put(id("choice", e.Choice), care.ReviewItem, e.Owner, e.LookAgain)
		}
	case journey.ChoiceRenamed:
		l.choices[e.Choice] = e.ID
	}
}

// readAdvice reads e-consults and joint assessments. Each has one thing on a list
// at a time; what comes next is not late because what came before was.
func (l *ledger) readAdvice(r care.Recorded) {
	put := func(key string, kind care.ItemKind, post care.Post, due time.Time) {
		delete(l.open, key)
		l.put(key, kind, post, due)
	}
	at := func(p care.Party, otherwise care.Post) care.Post {
		if p.Kind == care.PartyUnit {
			return p.Post
		}
		return otherwise
	}
	switch e := r.Event.(type) {
	case journey.ConsultAsked:
		l.consults = append(l.consults, e)
		put(id("consult", e.Consult), care.QuestionItem, at(e.To, e.Owner), e.By)
	case journey.ConsultAdvised:
		put(id("consult", e.Consult), care.ReviewItem, l.consults[e.Consult-1].Owner, e.UseBy)
	case journey.ConsultUsed:
		put(id("consult", e.Consult), care.ReviewItem, l.consults[e.Consult-1].Owner, e.LookAgain)
	case journey.ConsultClosed:
		delete(l.open, id("consult", e.Consult))
	case journey.JointCalled:
		l.joints = append(l.joints, e)
		put(id("joint", e.Joint), care.ReviewItem, e.Owner, e.SummaryBy)
	case journey.ContributionAsked:
		l.parts = append(l.parts, e)
		put(id("contribution", e.Contribution), care.QuestionItem, at(e.Of, l.joints[e.Joint-1].Owner), e.By)
	case journey.ContributionGiven:
		delete(l.open, id("contribution", e.Contribution))
	case journey.ContributionPassed:
		delete(l.open, id("contribution", e.Contribution))
	case journey.JointSummarised:
		put(id("joint", e.Joint), care.DecisionItem, l.joints[e.Joint-1].Owner, e.AnswerBy)
	case journey.JointAnswered:
		delete(l.open, id("joint", e.Joint))
		if e.Answer == journey.SummaryChanges {
			put(id("joint", e.Joint), care.ReviewItem, l.joints[e.Joint-1].Owner, e.SummaryBy)
		}
	case journey.JointCalledOff:
		delete(l.open, id("joint", e.Joint))
		for _, x := range l.parts {
			if x.Joint == e.Joint {
				delete(l.open, id("contribution", x.Contribution))
			}
		}
	}
}

func (l *ledger) readClock(r care.Recorded) {
	clock := func(n int) *ledgerClock { return &l.clocks[n-1] }
	switch e := r.Event.(type) {
	case journey.ClockStarted:
		l.clocks = append(l.clocks, ledgerClock{ClockStarted: e, live: true})
	case journey.ClockStopped:
		clock(e.Clock).live, clock(e.Clock).late = false, false
	case journey.ClockReopened:
		clock(e.Clock).live = true
		clock(e.Clock).moved(r.Learned)
	case journey.ClockPassed:
		clock(e.Clock).late, clock(e.Clock).seen = true, true
	case journey.ClockLeft:
		clock(e.Clock).live, clock(e.Clock).late = false, false
	case journey.ClockPaused:
		c := clock(e.Clock)
		c.pauses, c.Latest = append(c.pauses, e), e.Latest
		c.moved(r.Learned)
	case journey.ClockCorrected:
		c := clock(e.Clock)
		c.Start, c.Latest = e.Start, e.Latest
		c.moved(r.Learned)
	}
}

// due is when time alone next does something about what the ledger holds.
func (l *ledger) due() time.Time {
	var next time.Time
	sooner := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, x := range l.open {
		if x.late.IsZero() {
			sooner(x.due)
		} else if x.climbed < len(x.ladder) {
			sooner(x.ladder[x.climbed].At)
		}
	}
	for _, c := range l.clocks {
		if c.live && !c.late {
			sooner(c.Latest)
		}
	}
	// What turns out to be late is late from the moment we know.
	if !next.IsZero() && next.Before(l.known) {
		next = l.known
	}
	return next
}

// moved gives a clock a new limit. One that was seen late stays late while the
// new limit is behind as well.
func (c *ledgerClock) moved(learned time.Time) {
	c.seen = c.seen && !c.Latest.After(learned)
	c.late = c.live && c.seen
}

// latestByHand counts a limit one day after the other: the day of the start is
// day 0, a day on which the clock stands still does not count, and of working
// days only those count that are.
func latestByHand(cal *care.Calendar, start time.Time, limit care.Span, pauses []journey.ClockPaused) time.Time {
	n := limit.N
	switch limit.Unit {
	case care.Weeks:
		n *= 7
	case care.Months:
		return time.Time{} // no clock counts months
	}
	day := cal.Date(start)
	for n > 0 {
		day = day.AddDays(1)
		still := false
		for _, p := range pauses {
			still = still || !day.Before(p.From) && !day.After(p.Until)
		}
		if !still && (limit.Unit != care.WorkingDays || cal.IsWorkingDay(day)) {
			n--
		}
	}
	return cal.StartOf(day.AddDays(1))
}
