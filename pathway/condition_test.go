package pathway

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"forlop/care"
)

func TestConditionAnswers(t *testing.T) {
	t.Parallel()
	d := good(t)
	day, err := care.ParseDate("2025-03-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		source string
		known  map[FactID]any
		want   Truth
		waits  []FactID
	}{
		{"age >= 18", map[FactID]any{"age": 18}, Yes, nil},
		{"age >= 18", map[FactID]any{"age": 17}, No, nil},
		{"age >= 18", nil, NotYetKnown, []FactID{"age"}},
		{"age > 17.5", map[FactID]any{"age": int64(18)}, Yes, nil},
		{"age >= 18", map[FactID]any{"age": "18"}, NotYetKnown, []FactID{"age"}},
		{"age >= 18", map[FactID]any{"age": 18.0}, Yes, nil},
		{"age >= 18", map[FactID]any{"age": 18.5}, NotYetKnown, []FactID{"age"}},
		{"sick-listed && age >= 18", map[FactID]any{"sick-listed": false}, No, nil},
		{"sick-listed && age >= 18", map[FactID]any{"age": 20}, NotYetKnown, []FactID{"sick-listed"}},
		{"sick-listed && age >= 18", nil, NotYetKnown, []FactID{"sick-listed", "age"}},
		{"sick-listed || age >= 18", map[FactID]any{"sick-listed": true}, Yes, nil},
		{"!pem", map[FactID]any{"pem": nil}, NotYetKnown, []FactID{"pem"}},
		{"work == 'on-leave'", map[FactID]any{"work": "none"}, No, nil},
		{"work in ['on-leave', \"none\"]", map[FactID]any{"work": "none"}, Yes, nil},
		{`reached("meeting-held")`, nil, No, nil},
		{`reached("meeting-held")`, map[FactID]any{ReachedFact("meeting-held"): true}, Yes, nil},
		{`outcome("choose") == "calm-days"`, map[FactID]any{OutcomeFact("choose"): "calm-days,move-more"}, Yes, nil},
		{`outcome("choose") == "move-more"`, map[FactID]any{OutcomeFact("choose"): "calm-days,move-more"}, Yes, nil},
		{`outcome("choose") != "move-more"`, map[FactID]any{OutcomeFact("choose"): "calm-days,move-more"}, No, nil},
		{`"move-more" == outcome("choose")`, map[FactID]any{OutcomeFact("choose"): "calm-days"}, No, nil},
		{`outcome("choose") != "move-more"`, map[FactID]any{OutcomeFact("choose"): ""}, Yes, nil},
		{`outcome("choose") in ["move-more", "calm-days"]`, map[FactID]any{OutcomeFact("choose"): "calm-days"}, Yes, nil},
		{`outcome("choose") in ["move-more"]`, map[FactID]any{OutcomeFact("choose"): "calm-days"}, No, nil},
		{`"calm-days" in outcome("choose")`, map[FactID]any{OutcomeFact("choose"): "calm-days,move-more"}, Yes, nil},
		{`outcome("choose") == "calm-days" || sick-listed`, map[FactID]any{"sick-listed": false}, NotYetKnown, []FactID{OutcomeFact("choose")}},
		{`outcome("choose") in ["move-more", "calm-days"]`, nil, NotYetKnown, []FactID{OutcomeFact("choose")}},
		{`outcome("assess-referral") == "accept"`, nil, NotYetKnown, []FactID{OutcomeFact("assess-referral")}},
		{`outcome("assess-referral") == "accept"`, map[FactID]any{OutcomeFact("assess-referral"): "advise"}, No, nil},
		{`onset < date("2025-04-01")`, map[FactID]any{"onset": day}, Yes, nil},
		{`onset < date("2025-04-01")`, map[FactID]any{"onset": "2025-04-01"}, No, nil},
		{`onset < date("2025-04-01")`, map[FactID]any{"onset": care.Date{}}, NotYetKnown, []FactID{"onset"}},
		{"days-away - 5 > 2", map[FactID]any{"days-away": 8}, Yes, nil},
		{"days-away + 9223372036854775807 > 0", map[FactID]any{"days-away": 1}, NotYetKnown, []FactID{"days-away"}},
		{"true", nil, Yes, nil},
	} {
		c, err := d.Condition(tt.source)
		if err != nil {
			t.Errorf("%s: %v", tt.source, err)
			continue
		}
		got, waits := c.Eval(tt.known)
		if got != tt.want || !slices.Equal(waits, tt.waits) {
			t.Errorf("%s with %v is %s waiting for %v, want %s waiting for %v", tt.source, tt.known, got, waits, tt.want, tt.waits)
		}
	}
}

func TestConditionRefuses(t *testing.T) {
	t.Parallel()
	d := good(t)
	for source, want := range map[string]string{
		"":                                       "the condition is empty",
		"age":                                    "this gives a number",
		"sick-listd":                             `at character 1: no fact is called "sick-listd"; did you mean "sick-listed"?`,
		"age >= 'x'":                             `">=" does not go with a number and a text`,
		"age >= ":                                "stops before it is finished",
		"age > 3 sick-listed":                    "not expected here",
		`reached("meeting-hold")`:                `at character 9: there is no milestone "meeting-hold"; did you mean "meeting-held"?`,
		`reached(work)`:                          "takes the name of a milestone in quotes",
		`outcome("assess-referral") == "reject"`: `is never "reject"`,
		`outcome("choose") == "calm"`:            `is never "calm". Expected one of: calm-days, move-more`,
		`"calm" in outcome("choose")`:            `at character 1: outcome(choose) is never "calm". Expected one of: calm-days, move-more`,
		`outcome("choose") in ["calm"]`:          `is never "calm". Expected one of: calm-days, move-more`,
		`outcome("choose") < "calm"`:             `"<" does not go with a list and a text`,
		`outcome("nothing") == "x"`:              `there is no step "nothing"`,
		"work == 'ill'":                          `work is never "ill"`,
		"work in ['none', 'ill']":                `work is never "ill"`,
		`onset < date("2025-02-30")`:             "no such date",
		`onset < timestamp("2025-02-01")`:        `write a date as date("2026-05-17")`,
		"size(work) > 2":                         `"size" is not part of the condition language`,
		"work.matches('a+')":                     `"matches" is not part`,
		"['a'].exists(x, x == 'a')":              `"exists" is not part`,
		"{'a': 1}['a'] == 1":                     "is not part of the condition language",
		"sick_listed":                            "names are written with hyphens",
		"age-5 > 3":                              `no fact is called "age-5"`,
		"age > 3 ? true : false":                 "is not part of the condition language",
		strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300): "",
		strings.Repeat("age > 1 && ", 400) + "true":                  "",
	} {
		c, err := d.Condition(source)
		if err == nil {
			t.Errorf("%q compiled to %v", source, c)
			continue
		}
		var bad *ConditionError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", source, err, want)
		}
	}
}

func TestConditionInParallel(t *testing.T) {
	t.Parallel()
	c, err := good(t).Condition(`sick-listed && age >= 18 && reached("meeting-held")`)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for age := range 40 {
				want := No
				if age >= 18 {
					want = Yes
				}
				got, _ := c.Eval(map[FactID]any{"sick-listed": true, "age": age, ReachedFact("meeting-held"): true})
				if got != want {
					t.Errorf("goroutine %d: age %d gives %s, want %s", i, age, got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestNoConditionIsYes(t *testing.T) {
	t.Parallel()
	var none *Condition
	if got, _ := none.Eval(nil); got != Yes {
		t.Errorf("no condition answers %s, want yes", got)
	}
	if got, _ := new(Condition).Eval(nil); got != NotYetKnown {
		t.Errorf("an empty condition answers %s, want not yet known", got)
	}
}

func BenchmarkConditionEval(b *testing.B) {
	c, err := good(b).Condition(`sick-listed && age >= 18`)
	if err != nil {
		b.Fatal(err)
	}
	known := map[FactID]any{"sick-listed": true, "age": 40}
	for b.Loop() {
		c.Eval(known)
	}
}
