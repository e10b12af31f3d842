package casework

import (
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// threadKind is the stream of one conversation about a person.
type threadKind struct{}

func (threadKind) decode(typ string, body []byte) (care.Event, error) {
	return messaging.ThreadEvents.Decode(typ, body)
}
func (threadKind) fresh(string) any { return &messaging.Thread{} }
func (threadKind) clone(s any) any {
	c := s.(*messaging.Thread).Clone()
	return &c
}
func (threadKind) evolve(s any, r care.Recorded) error {
	return messaging.EvolveThread(s.(*messaging.Thread), r)
}
func (threadKind) wake() any                         { return messaging.WakeThread{} }
func (threadKind) due(s any) (time.Time, bool)       { return messaging.ThreadDue(*s.(*messaging.Thread)) }
func (threadKind) subject(_ string, s any) string    { return string(s.(*messaging.Thread).Person) }
func (threadKind) facts(s any) (care.Regime, string) { return s.(*messaging.Thread).Regime, "" }

func (threadKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(messaging.ThreadCommand)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a conversation", command)
	}
	t := s.(*messaging.Thread)
	k, err := w.threadKnown(t, c, act)
	if err != nil {
		return nil, err
	}
	return messaging.DecideThread(*t, c, act, k)
}

// threadKnown gathers what a decision about a conversation may read beside it.
func (w *work) threadKnown(t *messaging.Thread, c messaging.ThreadCommand, act care.Act) (messaging.ThreadKnown, error) {
	k := messaging.ThreadKnown{PostExists: w.dir.Exists, TakesPart: func(care.UnitID) bool { return false }}
	who, in := t.Person, t.Journey
	switch c := c.(type) {
	case messaging.BeginThread:
		who, in = c.Person, c.Journey
	case messaging.Say, messaging.TakeOver:
	case messaging.ReadThread, messaging.CloseThread, messaging.TakeBack, messaging.ReachThread, messaging.WakeThread:
		return k, nil // about what stands in the stream itself
	}
	if who == "" {
		return k, nil
	}
	o, err := w.open(store.StreamOf("person", string(who)))
	if err != nil {
		return k, err
	}
	p := o.now.(*person.State)
	k.Regime, k.Dead, k.Contact = p.Regime, p.Death.Recorded, firstContact(*p, w.dir, act.At)
	units := []care.UnitID{k.Contact.Unit}
	if in != "" {
		o, err := w.open(store.StreamOf("journey", in))
		if err != nil {
			return k, err
		}
		j := o.now.(*journey.State)
		k.Stranger = j.Person != who
		k.Regime = j.Regime
		units = append(units, takingPart(j)...)
	}
	k.TakesPart = func(u care.UnitID) bool { return slices.Contains(units, u) }
	return k, nil
}

// threadBasis is the basis of a relation that gives nothing: it says whose a
// conversation is, so that a person's conversations are found.
const threadBasis = "thread"

// rows are whose the conversation is, what is open about it, and the relations of
// the units that something open stands with: whose task it is must be able to read
// it.
func (threadKind) rows(st store.Stream, state any) []store.Row {
	t := state.(*messaging.Thread)
	if len(t.Messages) == 0 {
		return nil
	}
	began := t.Messages[0].At
	rows := []store.Row{store.Relation{Stream: st, Key: threadBasis, Person: t.Person, Basis: threadBasis, From: began}}
	seen := map[care.UnitID]bool{}
	for _, i := range t.Items() {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: t.Person})
		if !seen[i.Post.Unit] {
			seen[i.Post.Unit] = true
			rows = append(rows, store.Relation{
				Stream: st, Key: string(i.Post.Unit), Person: t.Person, Unit: i.Post.Unit, Basis: string(access.TakesPart), From: began,
			})
		}
	}
	return rows
}

// journeyOfThread is the journey that a conversation is about, or is to be about;
// the conversation's own stream where it is about none.
func (a asking) journeyOfThread(st store.Stream, t *messaging.Thread) store.Stream {
	in := t.Journey
	if c, begins := a.command.(messaging.BeginThread); begins && t.Version == 0 {
		in = c.Journey
	}
	if in == "" {
		return st
	}
	return store.StreamOf("journey", in)
}

// takesPartInThread reports whether one of the actor's units takes part in the
// journey that a conversation is about, is the person's first contact, or has
// something open in it.
func (a asking) takesPartInThread(t *messaging.Thread, p care.PersonKey, among func(care.UnitID) bool) (bool, error) {
	if slices.ContainsFunc(t.Items(), func(i care.Item) bool { return among(i.Post.Unit) }) {
		return true, nil
	}
	read, err := a.read(a.journeyOfThread("", t))
	if err != nil {
		return false, err
	}
	if j := read.(*journey.State); j.Person == p && slices.ContainsFunc(takingPart(j), among) {
		return true, nil
	}
	read, err = a.read(store.StreamOf("person", string(p)))
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(contacts(read.(*person.State)), among), nil
}
