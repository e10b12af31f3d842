package memory_test

import (
	"fmt"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
	"forlop/store/memory"
)

// BenchmarkAppend is one completed step in memory: what the simulation pays for
// the log beside the engine.
func BenchmarkAppend(b *testing.B) {
	s := memory.Open()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	post := care.Post{Unit: "u-pain", Role: "team"}
	n := 0
	for b.Loop() {
		stream, version := store.StreamOf("journey", fmt.Sprint(n/8)), n%8
		n++
		i := store.Item{Stream: stream, Person: "q1", Pathway: "no.pain", Item: care.Item{Key: fmt.Sprint("step/", version), Kind: care.StepItem, Post: post, Since: at, Due: at, Version: version}}
		_, err := s.Append(b.Context(), store.Append{
			Writes: []store.Write{{Stream: stream, Expect: version, Events: []store.Event{{
				Type: "journey.step-completed/1", Happened: at, Learned: at, Actor: care.Actor{Kind: care.Professional, ID: "p-1"}, Body: []byte(`{"step":1,"outcome":"done","next":{"step":2}}`),
			}}}},
			Command: &store.Command{Actor: "p-1", Key: fmt.Sprint(n), Answer: []byte(`{}`)},
			Put:     []store.Row{i, store.Journey{Stream: stream, Person: "q1", Responsible: post, Version: version}},
			Drop:    []store.RowKey{{Table: store.TableItem, Stream: stream, Key: fmt.Sprint("step/", version-1)}},
			Timers:  []store.Timer{{Stream: stream, Due: at.Add(time.Duration(n) * time.Minute)}},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
