package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

// BenchmarkAppend writes what one completed step writes (an event with its
// command key, two item rows, the journey's row and its timer), at 1, 16 and 64
// callers. bare is the anchor: one row in one FULL commit on one connection, in
// the same run. The ratio of the two is what docs/performance.md reports.
func BenchmarkAppend(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		db, err := open(filepath.Join(b.TempDir(), "bare.db"), "mode=rwc&"+writePragmas, 1)
		must(b, err)
		defer func() { must(b, db.Close()) }()
		_, err = db.Exec("create table t (id integer primary key, body text not null)")
		must(b, err)
		st, err := db.Prepare("insert into t (body) values ($1)")
		must(b, err)
		defer func() { must(b, st.Close()) }()
		body := string(benchAppend("journey/0", 0).Writes[0].Events[0].Body)
		for b.Loop() {
			_, err := st.Exec(body)
			must(b, err)
		}
	})
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := newStore(b)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for c := range callers {
				wg.Go(func() {
					for v := 0; next.Add(1) <= int64(b.N); v++ {
						if _, err := s.Append(context.Background(), benchAppend(store.StreamOf("journey", fmt.Sprint("c", c, "-", v/8)), v%8)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
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

// BenchmarkItems reads the first page of one post's worklist with its total, at
// 10,000 and 100,000 open journeys of the same ten thousand posts, as somebody
// with a relation to the post's persons.
func BenchmarkItems(b *testing.B) {
	for _, journeys := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint("journeys=", journeys), func(b *testing.B) {
			s := newStore(b)
			fillItems(b, s, journeys)
			b.Run("bare", func(b *testing.B) {
				st, err := s.reads.Prepare("select stream, key, kind, ref, due from item where unit = $1 and role = $2 order by due limit 50")
				must(b, err)
				defer func() { must(b, st.Close()) }()
				for b.Loop() {
					rows, err := st.Query("u-7", "team")
					must(b, eachRow(rows, err, func(rows *sql.Rows) error {
						var stream, key, kind, ref string
						var due int64
						return rows.Scan(&stream, &key, &kind, &ref, &due)
					}))
				}
			})
			for name, scope := range map[string]store.Scope{
				"scope=all": {All: true},
				"scope=unit": {
					Units: []care.UnitID{"u-7", "u-8", "u-9", "u-10"}, Bases: []string{"responsible", "referrer", "offered", "step", "adviser", "coordinator"},
					Professional: "p-1", At: benchStart.AddDate(1, 0, 0),
				},
			} {
				for _, post := range []care.Post{{Unit: "u-7", Role: "team"}, {Unit: "u-7"}} {
					b.Run(name+"/"+post.String(), func(b *testing.B) {
						var total int
						for b.Loop() {
							_, n, err := s.Items(context.Background(), store.ItemQuery{Scope: scope, Posts: []care.Post{post}, Limit: 50})
							must(b, err)
							total = n
						}
						b.ReportMetric(float64(total), "rows")
					})
				}
			}
		})
	}
}

// BenchmarkRead reads a stream of forty events, as a page of one journey does,
// beside the same rows read by bare SQL.
func BenchmarkRead(b *testing.B) {
	s := newStore(b)
	for v := range 40 {
		_, err := s.Append(context.Background(), benchAppend("journey/1", v))
		must(b, err)
	}
	b.Run("bare", func(b *testing.B) {
		st, err := s.reads.Prepare("select body from event where stream = $1 order by version")
		must(b, err)
		defer func() { must(b, st.Close()) }()
		for b.Loop() {
			rows, err := st.Query("journey/1")
			must(b, eachRow(rows, err, func(rows *sql.Rows) error {
				var body []byte
				return rows.Scan(&body)
			}))
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			got, err := s.Load(context.Background(), "journey/1", 0)
			must(b, err)
			if len(got) != 40 {
				b.Fatal(len(got))
			}
		}
	})
}

// BenchmarkDue leases a hundred of 100,000 timers that are due in one minute,
// and moves them, as the worker does.
func BenchmarkDue(b *testing.B) {
	s := newStore(b)
	must(b, s.Replace(context.Background(), func(_ func(store.Row) error, timer func(store.Timer) error) error {
		for n := range 100_000 {
			if err := timer(store.Timer{Stream: store.StreamOf("journey", fmt.Sprintf("%08d", n*7919%100_000)), Due: benchStart.Add(time.Duration(n) * 600 * time.Microsecond)}); err != nil {
				return err
			}
		}
		return nil
	}))
	now := benchStart.Add(time.Minute)
	leased := 0
	for b.Loop() {
		now = now.Add(time.Minute)
		got, err := s.Due(context.Background(), "w", now, now.Add(time.Minute), 100)
		must(b, err)
		leased += len(got)
		for i := range got {
			got[i].Due = now.AddDate(0, 0, 1)
		}
		_, err = s.Append(context.Background(), store.Append{Timers: got})
		must(b, err)
	}
	b.ReportMetric(float64(leased)/float64(b.N), "timers/op")
}

// fillItems puts an open item, a relation and a row for each journey: 100 at
// each of a growing number of units, and as many again at unit 7.
func fillItems(b *testing.B, s *Store, journeys int) {
	b.Helper()
	must(b, s.Replace(context.Background(), func(put func(store.Row) error, _ func(store.Timer) error) error {
		for n := range journeys {
			stream, person := store.StreamOf("journey", fmt.Sprintf("%08d", n)), care.PersonKey(fmt.Sprintf("q%08d", n))
			unit := care.UnitID(fmt.Sprint("u-", n/100))
			for _, r := range []store.Row{
				store.Item{Stream: stream, Person: person, Pathway: "no.pain", Item: care.Item{
					Key: "step/1", Kind: care.StepItem, Ref: "assess-referral", Post: care.Post{Unit: unit, Role: "team"}, Since: benchStart,
					Due: benchStart.Add(time.Duration(n*7919%100000) * time.Minute), Version: 1,
				}},
				store.Relation{Stream: stream, Key: "1", Person: person, Unit: unit, Basis: "responsible", From: benchStart},
				store.Journey{Stream: stream, Person: person, Pathway: "no.pain", Status: "open", Responsible: care.Post{Unit: unit, Role: "team"}},
			} {
				if err := put(r); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}
