package access

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"forlop/care"
)

// TestStoredForms reads one stored body of every event type and writes it again
// to the same bytes. What is in testdata/events.jsonl was stored somewhere: a
// line is never changed or removed; a new version of an event gets a new line and
// the old one an upcast.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	readStored(t, Events, "testdata/events.jsonl")
	readStored(t, OversightEvents, "testdata/oversight.jsonl")
}

func readStored(t *testing.T, words *care.Vocabulary, name string) {
	t.Helper()
	file, err := os.ReadFile(name)
	must(t, err)
	missing := map[string]bool{}
	for _, typ := range words.Types() {
		missing[typ] = true
	}
	for n, line := range bytes.Split(bytes.TrimSpace(file), []byte("\n")) {
		var stored struct {
			Type string          `json:"type"`
			Body json.RawMessage `json:"body"`
		}
		if err := json.Unmarshal(line, &stored); err != nil {
			t.Fatalf("%s, line %d: %v", name, n+1, err)
		}
		event, err := words.Decode(stored.Type, stored.Body)
		if err != nil {
			t.Errorf("%s, line %d: %v", name, n+1, err)
			continue
		}
		delete(missing, stored.Type)
		if body, err := care.Encode(event); err != nil || event.Type() == stored.Type && !bytes.Equal(body, stored.Body) {
			t.Errorf("%s, line %d: %s is written as %s, %v", name, n+1, stored.Body, body, err)
		}
	}
	for typ := range missing {
		t.Errorf("%s has no %s", name, typ)
	}
}
