package messaging

import (
	"time"

	"forlop/care"
)

// The times of a conversation. None has a national source: each is proposed by us.
var (
	// toReply: a message is answered within this time where its unit says no other.
	toReply = care.Span{N: 2, Unit: care.WorkingDays}
	// toReplySoon: one whose writer says that it cannot wait.
	toReplySoon = care.Span{N: 1, Unit: care.WorkingDays}
	// toReach: what those who work write has reached the person within this time.
	toReach = care.Span{N: 2, Unit: care.WorkingDays}
)

const (
	// held: what those who work write is held back so long, and can be taken back
	// before anybody sees it.
	held = 5 * time.Minute
	// longestEcho is how much of what was given a refusal says back, in characters.
	longestEcho = 40
	// toRegret: a message that nobody has read is taken back within this time.
	toRegret = 24 * time.Hour
)

// ReplyItem is the key of what waits for an answer; AnswerRef, CallRef and UrgentRef
// say what is asked for.
const (
	ReplyItem = "reply"
	AnswerRef = "thread-reply"
	CallRef   = "thread-call"
	UrgentRef = "thread-urgent"
)

// ThreadDue is when time alone next changes a conversation: a message that was held
// back is shown, or one without an answer climbs.
func ThreadDue(t Thread) (time.Time, bool) {
	var next time.Time
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, m := range t.Messages {
		if m.Hidden {
			sooner(m.Holds)
		}
	}
	if at := t.climbs(); !at.IsZero() {
		sooner(at)
	}
	return next, !next.IsZero()
}

// climbs is when what is owed climbs next; zero where nothing does. A date that was
// past already when an answer was taken back is due at once.
func (t Thread) climbs() time.Time {
	if len(t.Owed) == 0 {
		return time.Time{}
	}
	at := t.ReplyBy
	if t.Climb.Rung > 0 {
		at = t.Climb.Again
	}
	if !at.IsZero() && at.Before(t.Learned) {
		at = t.Learned
	}
	return at
}

// wake does what time alone causes. It answers nobody and closes nothing (L5).
func (d *talk) wake() {
	for _, m := range d.t.Clone().Messages {
		if m.Hidden && !m.Holds.After(d.act.At) {
			d.add(Shown{m.Message, d.deadline(toReach)}, nil)
		}
	}
	if at := d.t.climbs(); at.IsZero() || at.After(d.act.At) {
		return
	}
	up := d.t.Reader.Above()
	rung := min(d.t.Climb.Rung+1, len(up))
	e := ReplyOverdue{Rung: d.t.Climb.Rung + 1, To: up[rung-1]}
	if rung < len(up) {
		e.Again = d.deadline(toClimb)
	}
	d.add(e, nil)
}

// Items are the open things: what waits for an answer, with who gives it and until
// when; what was too late stands with who it climbed to as well.
func (t Thread) Items() []care.Item {
	if len(t.Owed) == 0 {
		return nil
	}
	first := t.Messages[t.Owed[0]-1]
	i := care.Item{
		Key: ReplyItem, Kind: care.QuestionItem, Ref: AnswerRef, Post: t.Reader, Since: first.At, Due: t.ReplyBy, Version: t.Moved, Overdue: t.Climb.Rung,
	}
	for _, n := range t.Owed {
		switch m := t.Messages[n-1]; {
		case m.Urgent:
			i.Ref = UrgentRef
		case m.Quick == CallMe && i.Ref == AnswerRef:
			i.Ref = CallRef
		}
	}
	items := []care.Item{i}
	if t.Climb.Rung > 0 && t.Climb.To != i.Post {
		up := i
		up.Key, up.Kind, up.Post, up.Since = i.Key+"!", care.EscalationItem, t.Climb.To, t.Climb.At
		items = append(items, up)
	}
	return items
}
