package access

import (
	"fmt"
	"time"

	"forlop/care"
)

// Decide decides a command on a person's consents. It never changes s. The first
// command that makes an event opens the stream. Who may give the command at all
// is the policy's; what is decided here holds for whoever gives it.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	first := s.Version == 0
	if first {
		if k.Person == "" || k.Regime != care.Norway && k.Regime != care.Sweden {
			return nil, fmt.Errorf("access: %s needs to know whose consents they are and under which law", c.Name())
		}
		s.Person, s.Regime = k.Person, k.Regime
	}
	if _, wake := c.(Wake); s.Erased() && !wake {
		return nil, care.Refuse("erased", "Everything about this person was erased by a lawful decision. Nothing can be done here any more.")
	}
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	if s.Ended && needsTheLiving(c) {
		return nil, care.Refuse("person-died", "This person has died.")
	}
	made, err := decision{s, act, k, care.CalendarOf(s.Regime)}.decide(c)
	if err == nil && first && len(made) > 0 {
		made = append([]care.Made{{Event: Opened{s.Person, s.Regime}}}, made...)
	}
	return made, err
}

func (d decision) decide(c Command) ([]care.Made, error) {
	switch c := c.(type) {
	case Wake:
		return d.wake(), nil
	case Block:
		return d.block(c)
	case LiftBlock:
		return d.liftBlock(c)
	case OfferProxy:
		return d.offerProxy(c)
	case AcceptProxy:
		return d.acceptProxy(c)
	case DeclineProxy:
		return d.declineProxy(c)
	case RecordProxy:
		return d.recordProxy(c)
	case LimitProxy:
		return d.limitProxy(c)
	case RenewProxy:
		return d.renewProxy(c)
	case RevokeProxy:
		return d.revokeProxy(c)
	case Reattest:
		return d.reattest()
	case RestoreProxies:
		return d.restoreProxies()
	case JoinRecord:
		return d.joinRecord(c)
	case PartRecord:
		return d.partRecord(c)
	case RecordGuardian:
		return d.recordGuardian(c)
	case EndGuardian:
		return d.endGuardian(c)
	case BlockGuardian:
		return d.blockGuardian(c)
	case UnblockGuardian:
		return d.unblockGuardian(c)
	case AllowLogin:
		return d.allowLogin()
	case StopLogin:
		return d.stopLogin()
	case DirectNotices:
		return d.directNotices(c)
	case WriteToCoordinator:
		return d.writeToCoordinator(c)
	case Settle:
		return d.settle(c)
	case OpenRecord:
		return d.openRecord(c)
	case CloseOpening:
		return d.closeOpening(c)
	case ReviewOpening:
		return d.reviewOpening(c)
	case DelayNotices:
		return d.delayNotices(c)
	case EndDelay:
		return d.endDelay()
	case GiveConsent:
		return d.giveConsent(c)
	case WithdrawConsent:
		return d.withdrawConsent(c)
	case SharePage:
		return d.sharePage(c)
	case WithdrawPage:
		return d.withdrawPage(c)
	case ProtectAddress:
		return d.protectAddress(c)
	case UnprotectAddress:
		return d.unprotectAddress(c)
	case HoldRecord:
		return d.holdRecord(c)
	case ReleaseHold:
		return d.releaseHold(c)
	case ProposeErasure:
		return d.proposeErasure(c)
	case ApproveErasure:
		return d.approveErasure()
	case WithdrawErasure:
		return d.withdrawErasure()
	case EndAll:
		return d.turn(AllEnded{}, !d.s.Ended)
	case Reopen:
		return d.turn(Reopened{}, d.s.Ended)
	case EndFor:
		return d.endFor(c)
	}
	return nil, fmt.Errorf("access: %s is not a command for a consent stream", c.Name())
}

// needsTheLiving reports whether a command makes no sense after a death. What
// stands can still be judged, lifted, withdrawn and settled.
func needsTheLiving(c Command) bool {
	switch c.(type) {
	case Block, OfferProxy, AcceptProxy, RecordProxy, LimitProxy, RenewProxy, RecordGuardian, AllowLogin, DirectNotices,
		OpenRecord, GiveConsent, SharePage:
		return true
	}
	return false
}

// decision is what one command is decided from.
type decision struct {
	s   State
	act care.Act
	k   Known
	cal *care.Calendar
}

// voice is who speaks in an act, themselves or through who records it.
type voice int

const (
	theService voice = iota
	thePerson
	aGuardian // one who has full access to the child's matter now
	aRelative
	aProfessional
)

func (d decision) speaks() voice {
	kind := d.act.Actor.Kind
	relative := kind == care.Relative
	if of := d.act.For; of != nil && kind == care.Professional {
		switch of.Of.Kind {
		case care.PartyPatient:
			return thePerson
		case care.PartyRelative:
			relative = true
		}
	}
	switch {
	case relative && d.fullGuardian():
		return aGuardian
	case relative:
		return aRelative
	case kind == care.Patient:
		return thePerson
	case kind == care.Professional:
		return aProfessional
	}
	return theService
}

// fullGuardian reports whether the relative who speaks is a guardian with full
// access now. Recorded on behalf, any such guardian may be meant.
func (d decision) fullGuardian() bool {
	for _, g := range d.guardians() {
		if len(g.Parts) == len(Parts) {
			return true
		}
	}
	return false
}

// guardians are what the guardian who speaks has now.
func (d decision) guardians() []Grant {
	var now []Grant
	for _, g := range d.s.Grants() {
		if g.Basis == Guardian && holds(g.From, g.Until, d.act.At) && (d.act.For != nil || g.Actor == d.act.Actor.ID) {
			now = append(now, g)
		}
	}
	return now
}

// checkOwnWill keeps what is a person's own to decide with the person, or with
// the guardian of a child: no proxy reaches that far, and no professional decides
// it for them.
func (d decision) checkOwnWill() error {
	if v := d.speaks(); v != thePerson && v != aGuardian {
		return patientDecides()
	}
	return nil
}

func patientDecides() error {
	return care.Refuse("own-will", "Only the patient decides this, or the guardian of a child. If they told you, record it for them: say who said it and how.")
}

// checkProfessional asks for a named professional who speaks for nobody else.
func (d decision) checkProfessional() error {
	if d.speaks() != aProfessional || d.act.For != nil {
		return care.Refuse("by-professional", "A named professional does this, in their own name.")
	}
	return nil
}

// checkRegister asks for a professional, or for the service where it reads a
// register.
func (d decision) checkRegister() error {
	if d.speaks() == theService && d.act.Actor.Kind == care.System {
		return nil
	}
	return d.checkProfessional()
}

// turn makes an event of the register's, where it changes anything.
func (d decision) turn(e care.Event, changes bool) ([]care.Made, error) {
	if err := d.checkRegister(); err != nil {
		return nil, err
	}
	if !changes {
		return nil, care.Unchanged()
	}
	return just(e), nil
}

func just(e care.Event) []care.Made { return []care.Made{{Event: e}} }

// said is one event with words that are needed, in their own name.
func said(e care.Event, words string) ([]care.Made, error) {
	if err := care.CheckText(words, "words", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: e, Sealed: sealed("words", words)}}, nil
}

func (d decision) today() care.Date { return d.cal.Date(d.act.At) }

func (d decision) endOf(day care.Date) time.Time { return d.cal.EndOf(day).UTC() }

// deadline is the instant at which a span from now has run out.
func (d decision) deadline(span care.Span) time.Time { return d.cal.Deadline(d.act.At, span).UTC() }

// contact is the first contact, whom everything that must be seen to lands on.
// Every person has one (L2); where a wake does not know it, it is the one of the
// time of the decision.
func (d decision) contact(then care.Post) care.Post {
	if d.k.Contact.IsZero() {
		return then
	}
	return d.k.Contact
}

func (d decision) checkContact() error {
	if d.k.Contact.IsZero() {
		return care.Refuse("contact-needed", "This person has no first contact yet. Open the person first.")
	}
	return nil
}

// until is the last day of something: not over, and not further away than the
// longest time.
func (d decision) until(day care.Date, longest care.Span) error {
	switch latest := d.cal.Add(d.today(), longest); {
	case day.IsZero():
		return care.Refuse("date-needed", "Give the date.").On("until")
	case day.Before(d.today()):
		return care.Refuse("date-past", "That day is over.").On("until")
	case day.After(latest):
		return care.Refuse("until-late", "Choose {latest} or an earlier day. It can be renewed then.", "latest", latest.String()).On("until")
	}
	return nil
}

// unseen refuses an act on something that changed after the actor saw it.
func (d decision) unseen(version int) error {
	if d.act.Seen == 0 || int(d.act.Seen) == version {
		return nil
	}
	return care.Stale("changed-meanwhile", "Somebody else changed this meanwhile. Look at it again.")
}

func (d decision) unitExists(u care.UnitID) bool { return d.k.UnitExists != nil && d.k.UnitExists(u) }

func (d decision) under(unit, above care.UnitID) bool {
	return unit == above || d.k.Under != nil && d.k.Under(unit, above)
}

// sealed is one free text by its name; an empty one is left out.
func sealed(name, text string) care.Sealed {
	if text == "" {
		return nil
	}
	return care.Sealed{name: text}
}
