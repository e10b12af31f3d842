package journey_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"forlop/care"
	"forlop/journey"
)

// covered is what all lives of these tests have been through together.
var covered = struct {
	sync.Mutex
	refusals, events, lines, commands map[string]bool
}{refusals: map[string]bool{}, events: map[string]bool{}, lines: map[string]bool{}, commands: map[string]bool{}}

// TestMain runs the tests and then, where all of them ran, holds that between
// them every refusal was given, every event happened, every command was carried
// out and every line of the life cycles was walked.
func TestMain(m *testing.M) {
	code := m.Run()
	if all := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""; all && code == 0 {
		missing, err := uncovered()
		if err != nil {
			missing = append(missing, err.Error())
		}
		for _, what := range missing {
			fmt.Println(what)
			code = 1
		}
	}
	os.Exit(code)
}

func uncovered() (missing []string, err error) {
	codes, err := refusalCodes()
	if err != nil || len(codes) < 60 {
		return nil, fmt.Errorf("%d refusals found: %w", len(codes), err)
	}
	for _, code := range codes {
		if !covered.refusals[code] {
			missing = append(missing, "no test is refused with "+code)
		}
	}
	for _, typ := range journey.Events.Types() {
		if !covered.events[typ] {
			missing = append(missing, "in no test does "+typ+" happen")
		}
	}
	for _, c := range journey.Commands {
		if !covered.commands[c.Name()] {
			missing = append(missing, "no test carries out "+c.Name())
		}
	}
	for _, line := range journey.Lifecycle() {
		if typ, _, _ := strings.Cut(line.Event, " "); !covered.lines[fmt.Sprintf("%s|%s|%s|%s", line.Of, line.From, typ, line.To)] {
			missing = append(missing, fmt.Sprintf("no test walks the line of a %s from %q by %s to %q", line.Of, line.From, line.Event, line.To))
		}
	}
	return missing, nil
}

var refusing = regexp.MustCompile(`care\.(?:Refuse|Deny|Missing|Stale)\(\s*"([a-z-]+)"(\+?)`)

// refusalCodes lists the codes in the package's source. One that is put together
// stands for each field it can name.
func refusalCodes() ([]string, error) {
	asked := map[string][]string{
		"answer-lacks-": {"right", "latest-legal-date", "reasons", "how-to-complain", "plan", "owner", "message", "receiver", "question"},
		"end-lacks-":    {"prescriptions", "sick-notes", "next-check", "come-back", "reason", "safety-net"},
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, m := range refusing.FindAllStringSubmatch(string(source), -1) {
			if m[2] == "" {
				codes = append(codes, m[1])
				continue
			}
			if asked[m[1]] == nil {
				return nil, fmt.Errorf("%s: which refusals does %s… stand for?", file, m[1])
			}
			for _, field := range asked[m[1]] {
				codes = append(codes, m[1]+field)
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes), nil
}

// note keeps what an event did to the life cycles: for each thing that it was
// about, from where to where.
func note(before, after *journey.State, r care.Recorded) {
	covered.Lock()
	defer covered.Unlock()
	typ := r.Event.Type()
	covered.events[typ] = true
	walk := func(of, from, to string) { covered.lines[fmt.Sprintf("%s|%s|%s|%s", of, from, typ, to)] = true }
	walk("journey", string(before.Status), string(after.Status))
	for i, x := range after.Steps {
		if x.Version == r.Version {
			walk("step", stateAt(before.Steps, i, func(x journey.Step) string { return string(x.State) }), string(x.State))
		}
	}
	for i, x := range after.Offers {
		if x.Version == r.Version {
			walk("offer", stateAt(before.Offers, i, func(x journey.Offer) string { return string(x.State) }), string(x.State))
		}
	}
	for i, x := range after.Clocks {
		if x.Version == r.Version {
			walk("clock", stateAt(before.Clocks, i, func(x journey.Clock) string { return string(x.State) }), string(x.State))
		}
	}
	for i, x := range after.Waits {
		if x.Version == r.Version {
			walk("wait", stateAt(before.Waits, i, waitState), waitState(x))
		}
	}
	for i, x := range after.Meetings {
		if x.Version == r.Version {
			walk("meeting", stateAt(before.Meetings, i, func(x journey.Meeting) string { return string(x.State) }), string(x.State))
		}
	}
	for i, x := range after.Consults {
		if x.Version == r.Version {
			walk("e-consult", stateAt(before.Consults, i, func(x journey.Consult) string { return string(x.State) }), string(x.State))
		}
	}
	for i, x := range after.Joints {
		if x.Version == r.Version {
			walk("joint assessment", stateAt(before.Joints, i, func(x journey.Joint) string { return string(x.State) }), string(x.State))
		}
	}
	for i, x := range after.Contributions {
		if x.Version == r.Version {
			walk("contribution", stateAt(before.Contributions, i, func(x journey.Contribution) string { return string(x.State) }), string(x.State))
		}
	}
	for i, x := range after.Interventions {
		if x.Version == r.Version {
			walk("intervention", stateAt(before.Interventions, i, func(x journey.Intervention) string { return string(x.State) }), string(x.State))
		}
	}
}

func waitState(w journey.Wait) string {
	if w.Open {
		return "waiting"
	}
	return "over"
}

func stateAt[T any](list []T, i int, state func(T) string) string {
	if i >= len(list) {
		return ""
	}
	return state(list[i])
}
