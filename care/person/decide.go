package person

import (
	"fmt"
	"time"

	"forlop/care"
)

// Known is what a decision about a person must know of others.
type Known struct {
	// PostExists reports whether something new can be given to a post.
	PostExists func(care.Post) bool
}

// Decide decides a command on a person. It never changes s. Act.Post is the post
// that is answered for, also where it fell to the actor from elsewhere.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	if c, ok := c.(Open); ok {
		return open(s, c, act, k)
	}
	if s.Version == 0 {
		return nil, care.Missing("person-unknown", "There is no such person.")
	}
	if err := checkWhen(act); err != nil {
		return nil, err
	}
	if s.Death.Recorded && plansForTheLiving(c) {
		return nil, care.Refuse("person-died", "This person has died.")
	}
	return decision{s, act, k, care.CalendarOf(s.Regime)}.decide(c)
}

func (d decision) decide(c Command) ([]care.Made, error) {
	switch c := c.(type) {
	case Wake:
		return d.wake(), nil
	case AppointContact:
		return d.appointContact(c)
	case OfferContact:
		return d.offerContact(c)
	case AcceptContact:
		return d.acceptContact(c)
	case DeclineContact:
		return d.declineContact(c)
	case WithdrawContact:
		return d.withdrawContact(c)
	case KeepContact:
		return d.keepContact()
	case RefuseContact:
		return d.refuseContact(c)
	case WantContact:
		return d.wantContact()
	case SayWhatMatters:
		return d.sayWhatMatters(c)
	case ConfirmWhatMatters:
		return d.confirmWhatMatters(c)
	case TellStory:
		return d.tellStory(c)
	case Object:
		return d.object(c)
	case WithdrawObjection:
		return d.withdrawObjection(c)
	case SetEnergy:
		return d.setEnergy(c)
	case LiftEnergy:
		return d.liftEnergy()
	case SetAdaptations:
		return d.setAdaptations(c)
	case SetLanguages:
		return d.setLanguages(c)
	case SetChannel:
		return d.setChannel(c)
	case Pause:
		return d.pause(c)
	case ReviewPause:
		return d.reviewPause(c)
	case EndPause:
		return d.endPause(c)
	case RecordFinding:
		return d.recordFinding(c)
	case WithdrawFinding:
		return d.withdrawFinding(c)
	case PlanExamination:
		return d.planExamination(c)
	case ChangeGP:
		return d.changeGP(c)
	case ChangeMunicipality:
		return d.changeMunicipality(c)
	case SetCarrier:
		return d.setCarrier(c)
	case EndCarrier:
		return d.endCarrier(c)
	case ReportCondition:
		return d.reportCondition(c)
	case RecordDeath:
		return d.recordDeath(c)
	case RetractDeath:
		return d.retractDeath(c)
	case Settle:
		return d.settle()
	case MergeInto:
		return d.mergeInto(c)
	case AddAlias:
		return d.addAlias(c)
	case Unmerge:
		return d.unmerge(c)
	}
	return nil, fmt.Errorf("person: %s is not a command for a person", c.Name())
}

// decision is what one command is decided from.
type decision struct {
	s   State
	act care.Act
	k   Known
	cal *care.Calendar
}

func open(s State, c Open, act care.Act, k Known) ([]care.Made, error) {
	switch {
	case s.Version != 0:
		return nil, care.Stale("person-known", "This person is here already.")
	case c.Person == "":
		return nil, care.Refuse("person-needed", "Say whose stream it is.").On("person")
	case c.Regime != care.Norway && c.Regime != care.Sweden:
		return nil, care.Refuse("regime-unknown", "{regime} is no regime: use NO or SE.", "regime", care.Clip(string(c.Regime), longestName)).On("regime")
	case c.Desk.Role != care.Desk:
		return nil, care.Refuse("desk-needed", "A unit's desk is the first contact until somebody is named.").On("desk")
	}
	if err := checkWhen(act); err != nil {
		return nil, err
	}
	d := decision{s, act, k, care.CalendarOf(c.Regime)}
	if err := d.checkPost(c.Desk, "desk"); err != nil {
		return nil, err
	}
	return one(Opened{c.Person, c.Regime, c.Desk, d.deadline(toNameContact)}), nil
}

func one(e care.Event) []care.Made { return []care.Made{{Event: e}} }

func (d decision) speaker() Speaker { return speaker(d.act.Actor, d.act.Post, d.act.For) }

func (d decision) today() care.Date { return d.cal.Date(d.act.At) }

func (d decision) startOf(day care.Date) time.Time { return d.cal.StartOf(day).UTC() }

func (d decision) endOf(day care.Date) time.Time { return d.cal.EndOf(day).UTC() }

// deadline is the instant at which a span from now has run out.
func (d decision) deadline(span care.Span) time.Time { return d.cal.Deadline(d.act.At, span).UTC() }

// exact is an instant as streams keep it: in UTC, to the microsecond.
func exact(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// unseen refuses an act on something that changed after the actor saw it.
func (d decision) unseen(version int) error {
	if d.act.Seen == 0 || int(d.act.Seen) == version {
		return nil
	}
	return care.Stale("changed-meanwhile", "Somebody else changed this meanwhile. Look at it again.")
}

func (d decision) checkPost(p care.Post, field string) error {
	if d.k.PostExists == nil || !d.k.PostExists(p) {
		return care.Missing("post-unknown", "There is no post {post}, or it is closed.", "post", care.Clip(p.String(), longestName)).On(field)
	}
	return nil
}

// checkParty refuses a party that cannot carry or examine anything: the patient
// and relatives are never responsible (invariant 7).
func (d decision) checkParty(p care.Party, field string) error {
	switch p.Kind {
	case care.PartyUnit:
		post := p.Post
		if post.Role == "" {
			post.Role = care.Desk
		}
		return d.checkPost(post, field)
	case care.PartyOther:
		if p.Name == "" || care.Longer(p.Name, longestName) {
			return care.Refuse("party-name", "Name them, in at most {most} characters.", "most", fmt.Sprint(longestName)).On(field)
		}
		return nil
	}
	return care.Refuse("party-kind", "That must be a unit, or somebody outside who is named.").On(field)
}

func checkWhen(act care.Act) error {
	if act.When().After(act.At) {
		return care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	return nil
}

func datePast(field string) error {
	return care.Refuse("date-past", "That day is over.").On(field)
}

func dateFuture(field string) error {
	return care.Refuse("date-future", "That day has not come yet.").On(field)
}
