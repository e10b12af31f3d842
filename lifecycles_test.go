package forlop_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"forlop/access"
	"forlop/care/booking"
	"forlop/care/directory"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/care/worklist"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway/publication"
)

// line is one transition of one stream's life cycles.
type line struct{ stream, of, from, event, to string }

// lifeLines gathers the tables that the deciders are held to.
func lifeLines() []line {
	var all []line
	for _, t := range journey.Lifecycle() {
		all = append(all, line{"journey", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range person.Lifecycle() {
		all = append(all, line{"person", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range directory.Lifecycle() {
		of, _, _ := strings.Cut(t.Event, ".")
		all = append(all, line{"unit", of, t.From, t.Event, t.To})
	}
	for _, t := range publication.Lifecycle() {
		all = append(all, line{"pathway", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range rollout.Lifecycle() {
		all = append(all, line{"campaign", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range messaging.Lifecycle() {
		all = append(all, line{"notice", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range messaging.ThreadLifecycle() {
		all = append(all, line{"thread", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range booking.SlotLifecycle() {
		all = append(all, line{"schedule", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range access.Lifecycle() {
		all = append(all, line{"consent", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range access.OversightLifecycle() {
		all = append(all, line{"oversight", t.Of, t.From, t.Event, t.To})
	}
	for _, t := range questionnaire.Lifecycle() {
		all = append(all, line{"form", t.Of, t.From, t.Event, t.To})
	}
	return all
}

// TestLifecycles holds docs/lifecycles.md against the tables in the code.
// `go test . -run TestLifecycles -update` draws it anew.
func TestLifecycles(t *testing.T) {
	t.Parallel()
	want := drawLifecycles(lifeLines())
	const name = "docs/lifecycles.md"
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the tables say; draw it anew: go test . -run TestLifecycles -update", name)
	}
}

func drawLifecycles(lines []line) string {
	var b strings.Builder
	b.WriteString("# Life cycles\n\nDrawn from the tables in the code (`go test . -run TestLifecycles -update`). An event without its line cannot happen.\n")
	var seen []string
	for _, l := range lines {
		title := l.stream + ": " + l.of
		if slices.Contains(seen, title) {
			continue
		}
		seen = append(seen, title)
		fmt.Fprintf(&b, "\n## %s\n\n```mermaid\nstateDiagram-v2\n", title)
		for _, m := range lines {
			if m.stream != l.stream || m.of != l.of {
				continue
			}
			event := strings.TrimPrefix(m.event, l.stream+".")
			event = strings.Replace(event, "/1", "", 1)
			fmt.Fprintf(&b, "    %s --> %s: %s\n", node(m.from), node(m.to), event)
		}
		b.WriteString("```\n")
	}
	b.WriteString("\n## What undoes what\n\nAn act is undone by the inverse that its first event names, while nothing later depends on it. `none` means that what happens now is recorded instead.\n\n| event | undone by |\n| --- | --- |\n")
	for _, typ := range journey.Events.Types() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", typ, journey.UndoOf(typ))
	}
	for _, u := range person.Undos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range directory.Undos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range publication.Undos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range rollout.Undos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range worklist.Undos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range access.Undos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range messaging.ThreadUndos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range booking.SlotUndos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	for _, u := range questionnaire.Undos() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", u.Event, by(u.By, u.How))
	}
	return b.String()
}

func by(command, how string) string {
	switch {
	case command == "":
		return "none: " + strings.TrimPrefix(how, "none: ")
	case how == "":
		return "`" + command + "`"
	default:
		return "`" + command + "`: " + how
	}
}

// node is a state's name as the diagram takes it.
func node(state string) string {
	if state == "" {
		return "[*]"
	}
	return strings.ReplaceAll(state, " ", "_")
}
