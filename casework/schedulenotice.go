package casework

import (
	"context"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/booking"
	"forlop/care/messaging"
	"forlop/store"
)

// seatSource is the cause that a telling of a slot is.
func seatSource(slot string, telling int) messaging.Source {
	return messaging.Source{Stream: "schedule/" + slot, Item: "telling/" + itoa(telling)}
}

// seatTelling reads a source again; ok is false for what is no telling of a slot.
func seatTelling(src messaging.Source) (slot string, n int, ok bool) {
	slot, isSlot := strings.CutPrefix(src.Stream, "schedule/")
	at, isTelling := strings.CutPrefix(src.Item, "telling/")
	n, err := strconv.Atoi(at)
	return slot, n, isSlot && isTelling && err == nil
}

// notifySeat raises a notice of what somebody is owed word of in a slot, or ends it.
// It is read as it stands now, so that doing it twice, or late, changes nothing.
func (s *Service) notifySeat(ctx context.Context, e store.Event) error {
	r, err := recorded(scheduleKind{}, e)
	if err != nil {
		return err
	}
	state, _, err := s.load(ctx, e.Stream)
	if err != nil {
		return err
	}
	slot := state.(*booking.SlotState)
	n := 0
	switch x := r.Event.(type) {
	case booking.SeatTellingOwed:
		t := slot.Tellings[x.Telling-1]
		if !t.Open() {
			return nil
		}
		c := messaging.Raise{Source: seatSource(e.Stream.ID(), t.Telling), About: messaging.AboutOf(string(t.About)), Owner: t.Owner, By: t.By, On: slot.Slot.Starts()}
		return s.noted(ctx, t.Person, c, "raise/"+string(e.Stream)+"@"+itoa(e.Version))
	case booking.SeatTellingWithdrawn:
		n = x.Telling
	case booking.SeatTold:
		n = x.Telling
	}
	t := slot.Tellings[n-1]
	told, err := s.noticesOf(ctx, t.Person)
	if err != nil {
		return err
	}
	src := seatSource(e.Stream.ID(), n)
	if notice, raised := told.Of(src); !raised || !notice.Open() {
		return nil
	}
	c := messaging.Close{Source: src}
	if t.Told != nil {
		c.Reached = &messaging.Receipt{How: t.Told.How, At: t.Told.At, Expected: t.Told.Expected}
	}
	return s.noted(ctx, t.Person, c, "close/"+string(e.Stream)+"@"+itoa(e.Version))
}

// toldSeat gives a slot the receipt of what reached somebody, in the same append.
func (w *work) toldSeat(n messaging.Notice, receipt messaging.Receipt, act care.Act) error {
	slot, at, ok := seatTelling(n.Source)
	if !ok {
		return nil
	}
	c := booking.TellSeat{Telling: at, How: receipt.How}
	if receipt.Expected {
		c.Expected = care.CalendarOf(n.Regime).LastDay(receipt.At)
	}
	_, err := w.carry(store.StreamOf("schedule", slot), c, act)
	if _, refused := care.AsRefusal(err); refused {
		return nil // told some other way meanwhile
	}
	return err
}

// aboutSeat adds the slot that a notice is about.
func (v *LetterView) aboutSeat(r *reading, slot string, telling int) error {
	st := store.StreamOf("schedule", slot)
	state, version, err := r.load(st)
	if err != nil || version == 0 {
		return err
	}
	s := state.(*booking.SlotState)
	r.shows(st)
	view := r.s.slotView(slot, s, v.Plan.Person.Key)
	view.About = s.Tellings[telling-1].About
	v.Seats = append(v.Seats, view)
	return nil
}
