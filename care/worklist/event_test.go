package worklist

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"forlop/care"
)

// TestStoredForms reads one stored body of every event type and writes it again
// to the same bytes. What is in testdata/events.jsonl was stored somewhere: a
// line is never changed or removed.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, typ := range Events.Types() {
		missing[typ] = true
	}
	for n, line := range bytes.Split(bytes.TrimSpace(file), []byte("\n")) {
		var stored struct {
			Type string          `json:"type"`
			Body json.RawMessage `json:"body"`
		}
		if err := json.Unmarshal(line, &stored); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		event, err := Events.Decode(stored.Type, stored.Body)
		if err != nil {
			t.Errorf("line %d: %v", n+1, err)
			continue
		}
		delete(missing, stored.Type)
		if body, err := care.Encode(event); err != nil || !bytes.Equal(body, stored.Body) {
			t.Errorf("line %d: %s is written as %s, %v", n+1, stored.Body, body, err)
		}
	}
	for typ := range missing {
		t.Errorf("testdata/events.jsonl has no %s", typ)
	}
	undone := map[string]bool{}
	for _, u := range Undos() {
		undone[u.Event] = true
	}
	for _, typ := range Events.Types() {
		if !undone[typ] {
			t.Errorf("nothing says how %s is taken back", typ)
		}
	}
}
