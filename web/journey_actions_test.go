package web

import (
	"slices"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/booking"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/journey"
)

// notByPeople are commands that no person gives: time alone does.
var notByPeople = []string{journey.Wake{}.Name(), person.Wake{}.Name(), booking.Wake{}.Name()}

// notHere are commands of a person that have no form on a journey's page: a
// stream is opened by its first journey, and two keys of one person are merged
// where persons are kept.
var notHere = []string{person.Open{}.Name(), person.MergeInto{}.Name(), person.AddAlias{}.Name(), person.Unmerge{}.Name(), booking.Miss{}.Name()}

// TestEverythingTheEngineCanDoCanBeDoneHere holds that no command is left
// without an action, and that every action has its words.
func TestEverythingTheEngineCanDoCanBeDoneHere(t *testing.T) {
	t.Parallel()
	reached := map[string]bool{}
	names := map[string]bool{}
	for _, a := range actions {
		reached[a.command] = true
		if names[a.name] {
			t.Errorf("two actions are called %s", a.name)
		}
		names[a.name] = true
		if (a.makes == nil || a.asks == nil) && a.elsewhere == "" {
			t.Errorf("%s has neither a form nor a page of its own", a.name)
		}
		for _, code := range care.Languages {
			if !speak(code).has("staff.do." + a.name) {
				t.Errorf("%s has no words in %s", a.name, code)
			}
		}
	}
	var commands []string
	for _, c := range journey.Commands {
		commands = append(commands, c.Name())
	}
	for _, c := range person.Commands {
		commands = append(commands, c.Name())
	}
	commands = append(commands, messaging.SetWishes{}.Name(), messaging.Bounce{}.Name(), messaging.TryAgain{}.Name())
	for _, c := range booking.Commands {
		commands = append(commands, c.Name())
	}
	if len(commands) < 60 {
		t.Fatalf("only %d commands were found", len(commands))
	}
	for _, c := range commands {
		if !reached[c] && !slices.Contains(notByPeople, c) && !slices.Contains(notHere, c) {
			t.Errorf("nobody can do %s on these pages", c)
		}
		delete(reached, c)
	}
	for c := range reached {
		t.Errorf("the action for %s becomes a command that is not listed", c)
	}
}

// TestEveryEventIsToldInWords holds that the history has a sentence for all that
// can happen.
func TestEveryEventIsToldInWords(t *testing.T) {
	t.Parallel()
	types := journey.Events.Types()
	if len(types) < 50 {
		t.Fatalf("only %d types of event were found", len(types))
	}
	for _, typ := range types {
		name := strings.TrimPrefix(typ, "journey.")
		name, _, _ = strings.Cut(name, "/")
		for _, code := range care.Languages {
			if !speak(code).has("staff.event." + name) {
				t.Errorf("%s: nothing says %s", code, typ)
			}
		}
	}
}
