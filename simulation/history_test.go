package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/pathway/library"
	"forlop/store"
)

var record = flag.Bool("record", false, "record the examples that have no history yet, and the rows that recorded events give now; recorded events never change")

// recordedHistory is one example as it was once acted out: the events of its journey
// and its person, and the rows and timers they give. The events stay for ever.
type recordedHistory struct {
	Example string                         `json:"example"`
	Streams map[store.Stream][]storedEvent `json:"streams"`
	Rows    []string                       `json:"rows"`
}

// storedEvent is an event without what is sealed, and without what the store
// gives it anew.
type storedEvent struct {
	Type       string          `json:"type"`
	Happened   time.Time       `json:"happened"`
	Learned    time.Time       `json:"learned"`
	Actor      care.Actor      `json:"actor"`
	Post       care.Post       `json:"post,omitzero"`
	For        *care.OnBehalf  `json:"for,omitempty"`
	Regime     care.Regime     `json:"regime,omitempty"`
	Command    string          `json:"command"`
	Definition string          `json:"definition,omitempty"`
	Body       json.RawMessage `json:"body"`
}

const historyFolder = "testdata/history"

// TestHistories replays every recorded history: today's program must read the
// events of yesterday and make the same rows and timers of them.
func TestHistories(t *testing.T) {
	t.Parallel()
	if *record {
		recordHistories(t)
	}
	files, err := filepath.Glob(filepath.FromSlash(historyFolder + "/*.json"))
	if err != nil || len(files) < 10 {
		t.Fatalf("there are %d recorded histories: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var h recordedHistory
			if err := json.Unmarshal(text, &h); err != nil {
				t.Fatal(err)
			}
			rows := replay(t, h)
			if *record {
				h.Rows = rows
				writeHistory(t, file, h)
			}
			if !slices.Equal(rows, h.Rows) {
				t.Errorf("the same events give other rows: %s", firstOther(strings.Join(h.Rows, "\n"), strings.Join(rows, "\n")))
			}
		})
	}
}

// replay puts the events on an empty store, rebuilds, and answers every row and
// timer.
func replay(t *testing.T, h recordedHistory) []string {
	t.Helper()
	st := newStore(t)
	for _, name := range sortedStreams(h.Streams) {
		write := store.Write{Stream: name}
		for n, e := range h.Streams[name] {
			write.Events = append(write.Events, store.Event{
				Stream: name, Version: n + 1, Type: e.Type, Happened: e.Happened, Learned: e.Learned, Actor: e.Actor, Post: e.Post, For: e.For,
				Regime: e.Regime, Command: e.Command, Definition: e.Definition, Body: e.Body,
			})
		}
		if _, err := st.Append(context.Background(), store.Append{Writes: []store.Write{write}}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	w, err := newWorld(context.Background(), st, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Rebuild(w.ctx); err != nil {
		t.Fatal(err)
	}
	x := &trial{w: w}
	rows := strings.Split(strings.TrimSpace(x.dump()), "\n")
	for _, wrong := range x.wrongs {
		t.Error(wrong.what)
	}
	return rows
}

func sortedStreams(m map[store.Stream][]storedEvent) []store.Stream {
	var all []store.Stream
	for st := range m {
		all = append(all, st)
	}
	slices.Sort(all)
	return all
}

// recordHistories acts out every example that has no recorded history yet.
func recordHistories(t *testing.T) {
	t.Helper()
	folder, _ := library.Files("no.pain")
	s, examples, err := newStage(folder, others(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples {
		file := filepath.FromSlash(historyFolder + "/" + strings.NewReplacer(" ", "-", ",", "").Replace(e.name) + ".json")
		if _, err := os.Stat(file); err == nil {
			continue
		}
		o, w, err := s.act(context.Background(), e)
		if err != nil || o.Failed() {
			t.Fatalf("%s: %v %v", e.name, err, o.Findings)
		}
		h := recordedHistory{Example: e.name, Streams: map[store.Stream][]storedEvent{}}
		events, err := w.store.Follow(w.ctx, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range events {
			if k := x.Stream.Kind(); k != "journey" && k != "person" {
				continue
			}
			h.Streams[x.Stream] = append(h.Streams[x.Stream], storedEvent{
				x.Type, x.Happened, x.Learned, x.Actor, x.Post, x.For, x.Regime, x.Command, x.Definition, x.Body,
			})
		}
		writeHistory(t, file, h)
	}
}

// writeHistory writes one event and one row a line, so that a change can be read.
func writeHistory(t *testing.T, file string, h recordedHistory) {
	t.Helper()
	var b bytes.Buffer
	line := func(v any, after string) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
		b.WriteString(after)
	}
	b.WriteString(`{"example":`)
	line(h.Example, ",\n\"streams\":{\n")
	names := sortedStreams(h.Streams)
	for i, name := range names {
		line(name, ":[\n")
		for j, e := range h.Streams[name] {
			line(e, map[bool]string{true: ",\n", false: "\n"}[j+1 < len(h.Streams[name])])
		}
		b.WriteString(map[bool]string{true: "],\n", false: "]},\n"}[i+1 < len(names)])
	}
	b.WriteString("\"rows\":[\n")
	for i, row := range h.Rows {
		line(row, map[bool]string{true: ",\n", false: "\n"}[i+1 < len(h.Rows)])
	}
	b.WriteString("]}\n")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
