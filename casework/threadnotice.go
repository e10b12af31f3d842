package casework

import (
	"context"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/store"
)

// writtenSource is the cause that a message of a conversation is.
func writtenSource(thread string, message int) messaging.Source {
	return messaging.Source{Stream: "thread/" + thread, Item: "message/" + itoa(message)}
}

// written reads a source again; ok is false for what is no message.
func written(src messaging.Source) (thread string, message int, ok bool) {
	thread, isThread := strings.CutPrefix(src.Stream, "thread/")
	at, isMessage := strings.CutPrefix(src.Item, "message/")
	message, err := strconv.Atoi(at)
	return thread, message, isThread && isMessage && err == nil
}

// notifyThread raises a notice of a message that its person can see now, and ends
// it where it was read or taken back. The notice says nothing of what was written.
func (s *Service) notifyThread(ctx context.Context, e store.Event) error {
	r, err := recorded(threadKind{}, e)
	if err != nil {
		return err
	}
	state, _, err := s.load(ctx, e.Stream)
	if err != nil {
		return err
	}
	t := state.(*messaging.Thread)
	switch x := r.Event.(type) {
	case messaging.Shown:
		if t.Messages[x.Message-1].Status() != "shown" {
			return nil // it was read or taken back before the worker came to it
		}
		return s.noted(ctx, t.Person, messaging.Raise{
			Source: writtenSource(e.Stream.ID(), x.Message), About: messaging.AboutOf("thread"), Owner: t.Reader, By: x.ReachBy,
		}, "raise/"+string(e.Stream)+"@"+itoa(e.Version))
	case messaging.TakenBack:
		return s.endWritten(ctx, e, t, x.Message, nil)
	case messaging.Opened:
		for _, n := range x.Messages {
			if err := s.endWritten(ctx, e, t, n, &x.Receipt); err != nil {
				return err
			}
		}
	}
	return nil
}

// endWritten ends the notice of a message, where there is one.
func (s *Service) endWritten(ctx context.Context, e store.Event, t *messaging.Thread, message int, reached *messaging.Receipt) error {
	told, err := s.noticesOf(ctx, t.Person)
	if err != nil {
		return err
	}
	src := writtenSource(e.Stream.ID(), message)
	if n, raised := told.Of(src); !raised || !n.Open() {
		return nil
	}
	return s.noted(ctx, t.Person, messaging.Close{Source: src, Reached: reached}, "close/"+string(e.Stream)+"@"+itoa(e.Version)+"/"+itoa(message))
}

// reachedBy gives a conversation the receipt of a message that reached its person
// by a letter or a call, in the same append.
func (w *work) reachedBy(thread string, message int, receipt messaging.Receipt, act care.Act) error {
	act.Seen = 0 // what the actor had on the screen was the letter
	_, err := w.carry(store.StreamOf("thread", thread), messaging.ReachThread{Message: message, Receipt: receipt}, act)
	if _, refused := care.AsRefusal(err); refused {
		return nil // read on the page meanwhile, or taken back
	}
	return err
}

// journeyOfWritten is the journey that a notice's conversation is about; "" where
// it is about none, or the notice about no conversation.
func (r *reading) journeyOfWritten(src messaging.Source) (string, error) {
	id, _, ok := written(src)
	if !ok {
		return "", nil
	}
	state, _, err := r.load(store.StreamOf("thread", id))
	if err != nil {
		return "", err
	}
	return state.(*messaging.Thread).Journey, nil
}

// SaidView is one message as a letter carries it, or a call.
type SaidView struct {
	messaging.Message
	Text string
}

// said is one message that a letter carries; none where the asker may not see it.
func (r *reading) said(thread string, message int) ([]SaidView, error) {
	st := store.StreamOf("thread", thread)
	state, _, err := r.load(st)
	if err != nil {
		return nil, err
	}
	t := state.(*messaging.Thread)
	if err := r.see(st, t); err != nil {
		if _, refused := care.AsRefusal(err); refused {
			return nil, nil // another unit's: their letter says it
		}
		return nil, err
	}
	r.shows(st)
	v := ThreadView{ID: thread, State: t}
	if err := r.fillThread(&v); err != nil || message > len(t.Messages) {
		return nil, err
	}
	m := t.Messages[message-1]
	return []SaidView{{m, v.Text[m.Version]["said"]}}, nil
}
