package journey

import (
	"fmt"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Known is what a decision may read beside the journey itself. It is a snapshot;
// nothing in it changes while a decision runs.
type Known struct {
	// Definition answers a published definition, or a not-found refusal.
	Definition func(pathway.Ref) (*pathway.Definition, error)
	Calendar   *care.Calendar
	// CopyToRecord says that the site wants texts that belong in the record on a
	// worklist until they are copied.
	CopyToRecord bool
	Posts        Posts
	Person       Person
}

// Posts is what a decision needs to know of the directory.
type Posts interface {
	// Exists reports whether the unit is open and has the role, or a desk.
	Exists(p care.Post) bool
	// Staffed reports whether somebody within the unit itself fills the post.
	Staffed(p care.Post, at time.Time) bool
	// Kind is the kind of a unit, such as pain-clinic.
	Kind(u care.UnitID) string
	// Lead is the post of the named person who answers for a unit: its own lead,
	// or that of the nearest unit above which has one.
	Lead(u care.UnitID, at time.Time) care.Post
}

// Person is what a decision needs to know of the person.
type Person struct {
	Born care.Date
	// FirstContact is the coordinator's post (L2).
	FirstContact care.Post
	// GP is the post of the general practice, zero where there is none.
	GP care.Post
	// Municipality is the post of the municipality's service, zero where none is
	// known.
	Municipality care.Post
	// PEM says whether effort makes the person worse; nil where nobody has said.
	PEM *bool
	// OnPaper says that the person reads no pages: changes go by letter or phone.
	OnPaper bool
	// Carriers are who is recorded to carry prescriptions and sick notes now.
	Carriers Carriers
	Dead     bool
	// Energy is what the person can bear; Demands are the planned visits and
	// meetings of their other journeys.
	Energy  care.Energy
	Demands []time.Time
	// Interpreter says that the person is known to need one.
	Interpreter bool
}

// Decide answers the events that c causes in s, or a *care.Refusal that names
// the rule and the way on. It never changes s. Any other error is our own
// fault: a law would have been broken, and nothing may be stored.
func Decide(s *State, c Command, act care.Act, k Known) ([]care.Made, error) {
	d, err := newDraft(s, c, act, k)
	if err != nil {
		return nil, err
	}
	if err := d.decide(c); err != nil {
		return nil, err
	}
	if len(d.made) == 0 {
		return nil, nil
	}
	d.oweCopies()
	d.advance(c)
	if err := d.inOrder(); err != nil {
		return nil, err
	}
	if err := d.check(c); err != nil {
		return nil, err
	}
	return d.made, nil
}

// draft is a decision being made: the state as it would become, and the events
// so far.
type draft struct {
	s    *State
	was  *State
	act  care.Act
	k    Known
	def  *pathway.Definition
	made []care.Made
	// writes is set when this act puts a letter or a call to the patient on the
	// list.
	writes bool
}

func newDraft(s *State, c Command, act care.Act, k Known) (*draft, error) {
	d := &draft{s: s.Clone(), was: s, act: act, k: k}
	ref := s.Pathway
	open, opening := c.(Open)
	switch {
	case opening && s.Version > 0:
		return nil, care.Stale("journey-exists", "This journey is already open.")
	case opening:
		ref = open.Pathway
	case s.Version == 0:
		return nil, care.Missing("no-journey", "There is no such journey.")
	}
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded: {happened} is after now.",
			"happened", k.Calendar.Date(act.When()).String()).On("happened")
	}
	var err error
	d.def, err = k.Definition(ref)
	return d, err
}

// add makes an event and tries it on the draft's state.
func (d *draft) add(e care.Event) { d.addWith(e, nil) }

func (d *draft) addWith(e care.Event, text care.Sealed) {
	d.made = append(d.made, care.Made{Event: e, Sealed: text})
	err := Evolve(d.s, care.Recorded{
		Version: d.s.Version + 1, Event: e, Happened: d.act.When(), Learned: d.act.At,
		Actor: d.act.Actor, Post: d.act.Post, For: d.act.For, Command: "draft",
	})
	if err != nil {
		// Every event a decision makes must fold: anything else is a mistake in
		// the decision, and storing it would break the stream.
		panic(fmt.Sprintf("journey: a decision made an event that does not fold: %v", err))
	}
}

// sealed is free text by name; empty texts are left out.
func sealed(pairs ...string) care.Sealed {
	var s care.Sealed
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if s == nil {
			s = care.Sealed{}
		}
		s[pairs[i]] = pairs[i+1]
	}
	return s
}

// deadline is the end of the last day of a span that starts today.
func (d *draft) deadline(s care.Span) time.Time { return d.k.Calendar.Deadline(d.act.At, s).UTC() }

// endOf is the local midnight that ends a date; zero for no date.
func (d *draft) endOf(date care.Date) time.Time {
	if date.IsZero() {
		return time.Time{}
	}
	return d.k.Calendar.EndOf(date).UTC()
}

// by is a date someone gave, or a default span from today.
func (d *draft) by(date care.Date, otherwise care.Span) time.Time {
	if date.IsZero() {
		return d.deadline(otherwise)
	}
	return d.endOf(date)
}

// future refuses a date that has passed.
func (d *draft) future(date care.Date, field string) error {
	if date.Before(d.k.Calendar.Date(d.act.At)) {
		return care.Refuse("date-passed", "The date {date} has passed. Give today or a later day.", "date", date.String()).On(field)
	}
	return nil
}

func (d *draft) decide(c Command) error {
	if d.s.Status == Closed {
		switch c.(type) {
		case ComeBack, Undo, Tell, CopyText, GiveWords, Wake:
		default:
			return care.Refuse("journey-ended", "This journey has ended. Open it again first, or give a message.")
		}
	}
	switch c.(type) {
	case Open, GiveWords, NoteContact, RecordFact, Undo:
		// What was said or known before the referral came may be written down.
	default:
		if d.k.Calendar.Date(d.act.When()).Before(d.k.Calendar.Date(d.s.Received)) {
			return care.Refuse("before-receipt", "This cannot have happened before the referral was received.").On("happened")
		}
	}
	switch c := c.(type) {
	case Open:
		return d.openJourney(c)
	case Answer:
		return d.answer(c)
	case AskParty:
		return d.ask(c)
	case AnswerQuestion:
		return d.answerQuestion(c)
	case OfferTo:
		return d.offer(c)
	case AcceptOffer:
		return d.accept(c)
	case DeclineOffer:
		return d.decline(c)
	case WithdrawOffer:
		return d.withdraw(c)
	case BindRole:
		return d.bind(c)
	case Settle:
		return d.settle(c)
	case PlanStep:
		return d.planStep(c)
	case NoteInterpreter:
		return d.noteInterpreter(c)
	case MissStep:
		return d.missStep(c)
	case CompleteStep:
		return d.completeStep(c)
	case DropStep:
		return d.dropStep(c)
	case WishToWait:
		return d.wishToWait(c)
	case TooIll:
		return d.tooIll(c)
	case OpenWait:
		return d.openWait(c)
	case ReviewWait:
		return d.reviewWait(c)
	case EndWait:
		return d.endWait(c)
	case PauseClock:
		return d.pauseClock(c)
	case CorrectMilestone:
		return d.correct(c)
	case CallMeeting:
		return d.callMeeting(c)
	case CancelMeeting:
		return d.cancelMeeting(c)
	case HoldMeeting:
		return d.holdMeeting(c)
	case AnswerDecisions:
		return d.answerDecisions(c)
	case Agree:
		return d.agree(c.NewIntervention, 0)
	case ReportIntervention:
		return d.report(c)
	case EndIntervention:
		return d.endIntervention(c)
	case LayOut:
		return d.layOut(c)
	case Choose:
		return d.choose(c)
	case CopyText:
		return d.copyText(c)
	case AskAdvice:
		return d.askAdvice(c)
	case GiveAdvice:
		return d.giveAdvice(c)
	case UseAdvice:
		return d.useAdvice(c)
	case CloseAdvice:
		return d.closeAdvice(c)
	case CallJoint:
		return d.callJoint(c)
	case Contribute:
		return d.contribute(c)
	case Disagree:
		return d.disagree(c)
	case Summarise:
		return d.summarise(c)
	case AnswerSummary:
		return d.answerSummary(c)
	case CallOffJoint:
		return d.callOffJoint(c)
	case Tell:
		return d.tell(c)
	case ContactPatient:
		return d.contact(c)
	case GiveWords:
		return d.words(c)
	case RecordFact:
		return d.recordFact(c)
	case NoteContact:
		return d.note(c)
	case Move:
		return d.move(c)
	case KeepPlan:
		return d.keepPlan(c)
	case EndJourney:
		return d.end(c)
	case ComeBack:
		return d.comeBack(c)
	case NoteDeath:
		d.needAfterDeath()
		return nil
	case Undo:
		return d.undo(c)
	case Wake:
		return d.wake()
	}
	return fmt.Errorf("journey: no rule for command %q", c.Name())
}
