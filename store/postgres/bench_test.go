package postgres

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/care"
	"forlop/store"
	"forlop/store/storetest"
)

// BenchmarkAppend writes what one completed step writes (an event with its
// command key, two item rows, the journey's row and its timer), at 1, 16 and 64
// callers, on a server that syncs. bare is the anchor: the same rows by one
// statement after another, in one transaction on a session of each caller's own,
// with no lock, no check and no look-up.
func BenchmarkAppend(b *testing.B) {
	url := storetest.DurableServer(b).Database(b)
	_, err := Migrate(context.Background(), url)
	must(b, err)
	s, err := Open(context.Background(), url)
	must(b, err)
	defer func() { must(b, s.Close()) }()
	for _, callers := range []int{1, 16, 64} {
		each := func(b *testing.B, job func(stream store.Stream, version int) error) {
			var next atomic.Int64
			var wg sync.WaitGroup
			run := streamsMade.Add(1)
			b.ResetTimer()
			for c := range callers {
				wg.Go(func() {
					for v := 0; next.Add(1) <= int64(b.N); v++ {
						if err := job(store.StreamOf("journey", fmt.Sprint(run, "-", c, "-", v/8)), v%8); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
		}
		b.Run(fmt.Sprintf("callers=%d/store", callers), func(b *testing.B) {
			each(b, func(stream store.Stream, version int) error {
				_, err := s.Append(context.Background(), benchAppend(stream, version))
				return err
			})
		})
		b.Run(fmt.Sprintf("callers=%d/bare", callers), func(b *testing.B) {
			each(b, func(stream store.Stream, version int) error { return bareAppend(s, benchAppend(stream, version)) })
		})
	}
}

var streamsMade atomic.Int64

// bareAppend writes an append's rows and nothing else.
func bareAppend(s *Store, a store.Append) error {
	ctx := context.Background()
	conn, err := s.writes.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	w := a.Writes[0]
	b := &pgx.Batch{}
	b.Queue("begin")
	k := a.Command
	b.Queue("insert into command (actor, key, digest, answer) values ($1, $2, $3, $4)", k.Actor, k.Key, k.Digest[:], k.Answer)
	var position int64
	e := store.Chain(w.Stream, w.Expect, nil, w.Events)[0]
	if err := queueEvent(b, e, &position); err != nil {
		return err
	}
	queueRows(b, a)
	for _, m := range a.Timers {
		queueTimer(b, m)
	}
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "commit")
	return err
}

var benchStart = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func benchAppend(s store.Stream, version int) store.Append {
	at := benchStart.Add(time.Duration(version) * time.Hour)
	post := care.Post{Unit: "u-pain", Role: "team"}
	item := func(n int) store.Item {
		return store.Item{Stream: s, Person: "q1", Pathway: "no.pain", Item: care.Item{
			Key: fmt.Sprint("step/", n), Kind: care.StepItem, Ref: "assess-referral", Post: post, Since: at, Due: at.AddDate(0, 0, 10), Version: version + 1,
		}}
	}
	key := fmt.Sprint(s, "-", version)
	return store.Append{
		Writes: []store.Write{{Stream: s, Expect: version, Events: []store.Event{{
			Type: "journey.step-completed/1", Happened: at, Learned: at, Actor: care.Actor{Kind: care.Professional, ID: "p-1", Unit: "u-pain"}, Regime: care.Norway,
			Command: key, Definition: "sha256:0123456789abcdef", Body: fmt.Appendf(nil, `{"step":%d,"outcome":"done","next":{"step":%d,"owner":{"unit":"u-pain","role":"team"}}}`, version, version+1),
		}}}},
		Command: &store.Command{Actor: "p-1", Key: key, Digest: [32]byte{1}, Answer: []byte(`{}`)},
		Put:     []store.Row{item(version + 1), store.Journey{Stream: s, Person: "q1", Pathway: "no.pain", Responsible: post, NextDue: at, Version: version + 1}},
		Drop:    []store.RowKey{{Table: store.TableItem, Stream: s, Key: fmt.Sprint("step/", version)}},
		Timers:  []store.Timer{{Stream: s, Due: at.AddDate(0, 0, 10)}},
	}
}

// BenchmarkWall asks the same with and without the wall (docs/decisions/0013), as a
// unit of a hundred patients and as one with two thousand; direct is the anchor.
func BenchmarkWall(b *testing.B) {
	url := migrated(b)
	s := mustOpen(b, url)
	defer func() { must(b, s.Close()) }()
	ctx := context.Background()
	const persons = 20_000
	must(b, s.Replace(ctx, func(put func(store.Row) error, _ func(store.Timer) error) error {
		for n := range persons {
			stream, person := store.StreamOf("journey", fmt.Sprintf("%08d", n)), care.PersonKey(fmt.Sprintf("q%08d", n))
			unit := care.UnitID(fmt.Sprint("u-", n/100))
			if n >= persons-2000 {
				unit = "u-large"
			}
			post := care.Post{Unit: unit, Role: "team"}
			rows := []store.Row{
				store.Item{Stream: stream, Person: person, Item: care.Item{Key: "step/1", Kind: care.StepItem, Post: post, Due: benchStart.Add(time.Duration(n*7919%100000) * time.Minute)}},
				store.Journey{Stream: stream, Person: person, Status: "open", Responsible: post},
				store.Relation{Stream: stream, Key: "1", Person: person, Unit: unit, Basis: "takes-part", From: benchStart},
			}
			if n%50 == 0 {
				rows = append(rows, store.Deny{Stream: stream, Key: "1", Person: person, But: "u-gp", From: benchStart})
			}
			for _, r := range rows {
				if err := put(r); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	a := store.Append{}
	for _, n := range []int{7, persons - 7} {
		a.Writes = append(a.Writes, store.Write{Stream: store.StreamOf("journey", fmt.Sprintf("%08d", n)), Events: slices.Repeat(benchAppend("journey/1", 0).Writes[0].Events, 60)})
	}
	_, err := s.Append(ctx, a)
	must(b, err)
	run(b, connect(b, url), "vacuum analyze")
	for _, unit := range []care.UnitID{"u-0", "u-large"} {
		n := 7
		if unit == "u-large" {
			n = persons - 7
		}
		person, stream := care.PersonKey(fmt.Sprintf("q%08d", n)), store.StreamOf("journey", fmt.Sprintf("%08d", n))
		scope := store.Scope{Units: []care.UnitID{unit, "u-other"}, Above: []care.UnitID{"u-region"}, Bases: []string{"takes-part"}, Professional: "p-1", At: benchStart}
		for way, v := range map[string]store.Store{"direct": s, "walled": store.Within(s, scope)} {
			for what, ask := range map[string]func() (int, error){
				"page": func() (int, error) {
					items, _, err := v.Items(ctx, store.ItemQuery{Scope: scope, Posts: []care.Post{{Unit: unit, Role: "team"}}, Limit: 50})
					return len(items), err
				},
				"counts": func() (int, error) {
					counts, err := v.CountItems(ctx, store.ItemQuery{Scope: scope}, []time.Time{{}, benchStart})
					return counts[0], err
				},
				"journeys": func() (int, error) {
					found, err := v.Journeys(ctx, store.JourneyQuery{Scope: scope, Responsible: &care.Post{Unit: unit, Role: "team"}, Limit: 50})
					return len(found), err
				},
				"may-see": func() (int, error) {
					sees, err := v.MaySee(ctx, scope, person)
					return map[bool]int{true: 1}[sees], err
				},
				"load-60": func() (int, error) { events, err := v.Load(ctx, stream, 0); return len(events), err },
			} {
				b.Run(fmt.Sprint(unit, "/", what, "/", way), func(b *testing.B) {
					for b.Loop() {
						if n, err := ask(); err != nil || n == 0 {
							b.Fatal(n, err)
						}
					}
				})
			}
		}
	}
}
