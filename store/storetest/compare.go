package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

// Compare leads two stores through the same random lives and wants the same
// answers from both: the same refusals, positions and hashes, rows, lists,
// leases and totals. The parts of the contract say what is right; this finds
// what they did not think of. A failing life is named by its seed.
func Compare(t *testing.T, lives int, openA, openB func(t *testing.T) store.Store) {
	done := 0
	for seed := range lives {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			a, b := openA(t), openB(t)
			defer func() { must(t, errors.Join(a.Close(), b.Close())) }()
			w := world{t: t, r: rand.New(rand.NewPCG(1, uint64(seed))), versions: map[store.Stream]int{}, now: monday}
			for n := range 60 {
				w.step(n, a, b)
			}
			w.agree("everything", func(s store.Store) (any, error) { return contents(t, s), nil }, a, b)
			done += w.done
		})
	}
	if done < lives*5 {
		t.Errorf("only %d appends were done in %d lives: they prove little", done, lives)
	}
}

// world draws what happens next.
type world struct {
	t        *testing.T
	r        *rand.Rand
	versions map[store.Stream]int
	now      time.Time
	done     int // appends that were not refused
}

func pick[T any](w *world, of ...T) T { return of[w.r.IntN(len(of))] }

func (w *world) upTo(most int) int { return w.r.IntN(most + 1) }
func (w *world) coin() bool        { return w.r.IntN(2) == 0 }

func (w *world) stream() store.Stream {
	return pick[store.Stream](w, "journey/a", "journey/b", "person/a")
}
func (w *world) person() care.PersonKey { return pick[care.PersonKey](w, "q1", "q2", "q3") }
func (w *world) unit() care.UnitID      { return pick[care.UnitID](w, "u1", "u2", "u3") }
func (w *world) basis() string          { return pick(w, "responsible", "advice") }
func (w *world) professional() string   { return pick(w, "p1", "p2") }
func (w *world) strength() string       { return pick(w, "closed", "shut") }
func (w *world) kind() care.ItemKind    { return pick(w, care.StepItem, care.WaitItem) }
func (w *world) id() string             { return pick(w, "a", "b", "c") }
func (w *world) post() care.Post {
	return care.Post{Unit: w.unit(), Role: pick[care.Role](w, "desk", "team")}
}
func (w *world) instant() time.Time { return monday.Add(time.Duration(w.upTo(5)) * time.Hour) }
func (w *world) until() time.Time {
	if w.coin() {
		return time.Time{}
	}
	return w.instant()
}

func (w *world) some(most int, each func()) {
	for range w.upTo(most) {
		each()
	}
}

// step does one thing in both stores.
func (w *world) step(n int, a, b store.Store) {
	w.t.Helper()
	switch pick(w, "append", "append", "append", "items", "lists", "due", "later") {
	case "append":
		x := w.append(n)
		if w.agree(fmt.Sprintf("append %+v", x), func(s store.Store) (any, error) { return s.Append(ctx, x) }, a, b) {
			w.done++
		}
		for _, kind := range []string{"journey", "person"} {
			have, err := a.Streams(ctx, kind, "", 0)
			must(w.t, err)
			for _, g := range have {
				w.versions[g.Stream] = g.Version
			}
		}
	case "items":
		q := store.ItemQuery{
			Scope: w.scope(), AnyPost: w.coin(), Order: pick(w, store.ByDue, store.ByLatest, store.BySince),
			Limit: w.upTo(3), Offset: w.upTo(2),
		}
		w.some(3, func() { q.Posts = append(q.Posts, w.post()) })
		w.some(1, func() { q.Posts = append(q.Posts, care.Post{Unit: w.unit()}) })
		w.some(1, func() { q.Except = append(q.Except, w.post()) })
		w.some(1, func() { q.Kinds = append(q.Kinds, w.kind()) })
		w.some(1, func() { q.DueBefore = w.instant() })
		w.some(1, func() { q.DueAfter = w.instant() })
		w.agree(fmt.Sprintf("items %+v", q), func(s store.Store) (any, error) {
			items, total, err := s.Items(ctx, q)
			return fmt.Sprint(total, items), err
		}, a, b)
	case "lists":
		scope, person, after := w.scope(), w.person(), w.person()
		w.agree(fmt.Sprintf("lists %+v %s", scope, person), func(s store.Store) (any, error) {
			sees, err1 := s.MaySee(ctx, scope, person)
			persons, err2 := s.Persons(ctx, scope, after, 2)
			journeys, err3 := s.Journeys(ctx, store.JourneyQuery{Scope: scope, Limit: 2})
			relations, err4 := s.Relations(ctx, person)
			named, err6 := s.RelationsOf(ctx, scope.Professional, scope.At)
			holders, err5 := s.Holders(ctx, scope.At, "", "")
			return fmt.Sprint(sees, persons, journeys, relations, holders, named), errors.Join(err1, err2, err3, err4, err5, err6)
		}, a, b)
	case "due":
		lease := w.now.Add(time.Hour)
		w.agree("due", func(s store.Store) (any, error) {
			timers, err1 := s.Due(ctx, "w", w.now, lease, 0)
			slices.SortFunc(timers, func(x, y store.Timer) int { return cmp.Compare(x.Stream, y.Stream) })
			sent, err2 := s.Deliveries(ctx, "w", w.now, lease, 2)
			return fmt.Sprint(timers, sent), errors.Join(err1, err2)
		}, a, b)
	case "later":
		w.now = w.now.Add(30 * time.Minute)
	}
}

func (w *world) scope() store.Scope {
	s := store.Scope{All: w.upTo(4) == 0, At: w.instant()}
	w.some(2, func() { s.Units = append(s.Units, w.unit()) })
	w.some(2, func() { s.Bases = append(s.Bases, w.basis()) })
	w.some(1, func() { s.Professional = w.professional() })
	w.some(1, func() { s.Above = append(s.Above, w.unit()) })
	w.some(1, func() { s.Person = w.person() })
	w.some(1, func() { s.Lift = append(s.Lift, w.strength()) })
	w.some(1, func() { s.Stream = w.stream() })
	return s
}

func (w *world) append(n int) store.Append {
	var a store.Append
	near := func(s store.Stream) int { // nearly always the right version
		if w.upTo(9) == 0 {
			return w.upTo(3)
		}
		return w.versions[s]
	}
	w.some(2, func() {
		s := w.stream()
		a.Writes = append(a.Writes, store.Write{Stream: s, Expect: near(s), Events: events(w.upTo(2))})
	})
	w.some(1, func() { s := w.stream(); a.Guards = append(a.Guards, store.Guard{Stream: s, Version: near(s)}) })
	claim := func() store.Claim {
		return store.Claim{Kind: "seat", Key: pick(w, "a", "b"), Stream: w.stream()}
	}
	w.some(2, func() { a.Claims = append(a.Claims, claim()) })
	w.some(2, func() { a.Releases = append(a.Releases, claim()) })
	w.some(1, func() {
		a.Command = &store.Command{Actor: "p", Key: pick(w, "k1", "k2", "k3", fmt.Sprint(n)), Digest: [32]byte{byte(n % 2)}, Answer: []byte(fmt.Sprint(n))}
	})
	w.some(3, func() { a.Put = append(a.Put, w.row()) })
	w.some(2, func() { a.Drop = append(a.Drop, w.row().RowKey()) })
	w.some(2, func() { a.Timers = append(a.Timers, store.Timer{Stream: w.stream(), Due: w.until()}) })
	w.some(1, func() {
		a.Send = append(a.Send, store.Delivery{ID: w.id(), Kind: "letter", Stream: w.stream(), Due: w.instant(), Held: w.coin()})
	})
	w.some(1, func() { a.Finish = append(a.Finish, w.id()) })
	w.some(1, func() { a.Blobs = append(a.Blobs, store.Blob{ID: w.id(), Stream: w.stream(), Sealed: []byte{byte(n)}}) })
	return a
}

func (w *world) row() store.Row {
	s, key := w.stream(), pick(w, "1", "2")
	switch pick(w, store.TableItem, store.TableItem, store.TableJourney, store.TableHolder, store.TableRelation, store.TableRelation, store.TableDeny) {
	case store.TableItem:
		i := item(s, key, w.post(), w.person(), w.instant())
		i.Item.Kind, i.Item.Since, i.Item.Latest = w.kind(), w.instant(), w.until()
		return i
	case store.TableJourney:
		return store.Journey{Stream: s, Person: w.person(), Responsible: w.post(), Status: pick(w, "open", "ended")}
	case store.TableHolder:
		return store.Holder{Stream: s, Key: key, Post: w.post(), Professional: w.professional(), From: w.instant(), Until: w.until()}
	case store.TableRelation:
		r := store.Relation{Stream: s, Key: key, Person: w.person(), Unit: w.unit(), Basis: w.basis(), From: w.instant(), Until: w.until()}
		if w.upTo(3) == 0 {
			r.Unit, r.Actor = "", w.professional()
		}
		return r
	default:
		d := store.Deny{Stream: s, Key: key, Person: w.person(), Strength: w.strength(), From: w.instant(), Until: w.until()}
		w.some(1, func() { d.Journey = w.stream() })
		switch w.upTo(2) {
		case 0:
			d.Professional = w.professional()
		case 1:
			d.But = w.unit()
		default:
			d.Unit = w.unit()
		}
		return d
	}
}

// agree asks both stores the same, compares the answers, and reports whether
// there was one.
func (w *world) agree(what string, ask func(store.Store) (any, error), a, b store.Store) bool {
	w.t.Helper()
	x, errA := ask(a)
	y, errB := ask(b)
	for _, kind := range []error{store.ErrVersion, store.ErrClaimed, store.ErrKeyReused, store.ErrMalformed, store.ErrNotFound} {
		if errors.Is(errA, kind) != errors.Is(errB, kind) {
			w.t.Fatalf("%s:\none fails with   %v\nthe other with   %v", what, errA, errB)
		}
	}
	if (errA == nil) != (errB == nil) || fmt.Sprint(x) != fmt.Sprint(y) {
		w.t.Fatalf("%s:\none answers   %v, %v\nthe other     %v, %v", what, x, errA, y, errB)
	}
	return errA == nil
}
