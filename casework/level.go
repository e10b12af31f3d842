package casework

import (
	"context"
	"errors"
	"fmt"

	"forlop/care"
	"forlop/store"
)

// level is the newest level of events that this release writes. It goes up by
// one in the release that first writes a care.Newer event.
const level = 1

// levelMark counts how often the operator has switched newer events on.
const levelMark = "level"

// TooOld says that a newer release has switched on events that this one cannot
// read. Nothing is lost; this process must be replaced.
type TooOld struct{ Database, Program int }

// Error says what holds and what to do.
func (e *TooOld) Error() string {
	return fmt.Sprintf("the database has been switched on to level %d by a newer release, and this program writes level %d: stop it and start the newer release",
		e.Database, e.Program)
}

// written is the event as it may be written at the database's level.
func (w *work) written(e care.Event) (care.Event, error) {
	for {
		newer, ok := e.(care.Newer)
		if !ok || int64(newer.Level()) <= w.marks[levelMark] {
			return e, nil
		}
		if e = newer.Before(); e == nil {
			return nil, care.Refuse("not-switched-on",
				"This is new, and not switched on yet. It can be used once every part of the service runs the new release.")
		}
	}
}

// fits refuses to work on a database whose events this release cannot read.
func (s *Service) fits(marks map[string]int64) error {
	if at := marks[levelMark]; at > int64(s.level) {
		return &TooOld{Database: int(at), Program: s.level}
	}
	return nil
}

// SwitchOn lets this release write its own events: every process must run it by
// then, for an older one stops working. It answers the level before and now.
func (s *Service) SwitchOn(ctx context.Context) (before, now int, err error) {
	marks, err := s.store.Marks(ctx)
	if err != nil {
		return 0, 0, err
	}
	before = int(marks[levelMark])
	if err := s.fits(marks); err != nil {
		return before, before, err
	}
	for at := before; at < s.level; at++ {
		// The key makes it once, should two operators do it together.
		key := fmt.Sprintf("level %d", at+1)
		_, err := s.store.Append(ctx, store.Append{
			Marks: []string{levelMark}, Command: &store.Command{Actor: actorKey(care.Service), Key: key, Answer: []byte("{}")},
		})
		if err != nil {
			return before, at, err
		}
	}
	return before, s.level, nil
}

// begin gives an empty database this release's level: nobody older has written
// in it.
func (s *Service) begin(ctx context.Context) error {
	h, err := s.store.Follow(ctx, 0, 1)
	if err != nil || len(h) > 0 {
		return err
	}
	if _, _, err := s.SwitchOn(ctx); err != nil && !errors.Is(err, store.ErrReadOnly) {
		return fmt.Errorf("giving the empty database its level: %w", err)
	}
	return nil
}
