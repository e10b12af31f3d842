package casework

import (
	"context"

	"forlop/care"
)

// Try says whether an order would be carried out now: nil, or why not. Nothing is
// appended, and nobody is told. Whether it then is depends on what happens until
// it is given.
func (s *Service) Try(ctx context.Context, o Order) error {
	w, err := s.newWork(ctx, o)
	if err != nil {
		return err
	}
	w.fresh = true
	st := s.target(o)
	first, err := w.open(st)
	if err != nil {
		return err
	}
	if err := w.may(o, first); err != nil {
		return explain(err)
	}
	_, err = w.carry(st, o.Command, care.Act{At: w.now, Happened: o.Happened, Actor: o.Actor, Post: o.Post, For: w.behalf(o, first), Seen: o.Seen})
	return explain(err)
}
