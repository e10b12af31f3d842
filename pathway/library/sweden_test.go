package library_test

import (
	"slices"
	"strings"
	"testing"

	"forlop/pathway"
)

// The four limits of the Swedish health care guarantee, and what they stand still
// for: only the two of ninety days, for the patient's own wish and for medical
// reasons.
func TestGuarantee(t *testing.T) {
	t.Parallel()
	all := map[pathway.ClockID]string{"contact": "0 days", "medical-assessment": "3 days", "specialist-visit": "90 days", "treatment": "90 days"}
	for id, clocks := range map[string]int{"se.pain": 4, "se.mecfs": 3, "se.exhaustion": 3} {
		d := load(t, id)
		if len(d.Clocks) != clocks {
			t.Errorf("%s has %d clocks, want %d", id, len(d.Clocks), clocks)
		}
		for _, c := range d.Clocks {
			var pauses []string
			for _, p := range c.Pauses {
				pauses = append(pauses, p.Reason)
			}
			var want []string
			if all[c.ID] == "90 days" {
				want = []string{"patient-wish", "medical-reasons"}
			}
			if c.Kind != pathway.LawClock || c.Within.String() != all[c.ID] || !slices.Equal(pauses, want) {
				t.Errorf("%s: the clock %s is of kind %s, %s, and stands still for %v", id, c.ID, c.Kind, c.Within, pauses)
			}
		}
	}
}

// Only the national text in force is published. A draft says so to everyone.
func TestSwedishDrafts(t *testing.T) {
	t.Parallel()
	if d := load(t, "se.pain"); d.Status != pathway.Published {
		t.Errorf("se.pain is %s", d.Status)
	}
	draft := map[string]string{"nb": "utkast", "nn": "utkast", "sv": "utkast", "en": "draft"}
	nerves := map[string]string{"nb": "sykdom i nervesystemet", "nn": "sjukdom i nervesystemet", "sv": "sjukdom i nervsystemet", "en": "disease of the nervous system"}
	for _, id := range []string{"se.mecfs", "se.exhaustion"} {
		d := load(t, id)
		if d.Status != pathway.Draft {
			t.Errorf("%s is %s", id, d.Status)
		}
		for l, text := range d.Texts {
			if word := draft[string(l)]; !strings.Contains(text.Title, word) || !strings.Contains(text.Summary, word) {
				t.Errorf("%s, %s: title and summary do not both say %q", id, l, word)
			}
			if word := nerves[string(l)]; id == "se.mecfs" && (!strings.Contains(text.Summary, word) || !strings.Contains(text.Steps["assessment"].Why, word)) {
				t.Errorf("%s, %s: the patient does not read %q in the summary and at the assessment", id, l, word)
			}
		}
	}
}

// A journey that turns out to be something else moves on with what is done. What
// bears the same name is the same thing.
func TestSwedishPathwaysShareNames(t *testing.T) {
	t.Parallel()
	pain := load(t, "se.pain")
	for _, id := range []string{"se.mecfs", "se.exhaustion"} {
		shared := 0
		for _, s := range load(t, id).Steps {
			same, ok := pain.Step(s.ID)
			if !ok {
				continue
			}
			shared++
			if same.Kind != s.Kind || same.Sets != s.Sets || same.To != s.To {
				t.Errorf("the step %s means another thing in %s", s.ID, id)
			}
		}
		if shared < 15 {
			t.Errorf("%s shares %d steps with se.pain", id, shared)
		}
	}
}

// A stable journey rests: after "rest" one step comes back once a year, and the
// step that comes back more often does not open while it rests.
func TestRest(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"se.pain", "se.mecfs", "se.exhaustion"} {
		d := load(t, id)
		for _, s := range d.Steps {
			if s.Repeat == nil {
				continue
			}
			known := map[pathway.FactID]any{pathway.ReachedFact("settled"): true, pathway.OutcomeFact("settle"): "rest"}
			open, _ := s.If.Eval(known)
			if yearly := s.Repeat.Every.String() == "12 months"; yearly != (open == pathway.Yes) {
				t.Errorf("%s: at rest the step %s, every %s, opens: %v", id, s.ID, s.Repeat.Every, open == pathway.Yes)
			}
		}
	}
}

// What raises activity is warned of in ME/CFS whatever is known of the person.
func TestActivityIsWarnedOf(t *testing.T) {
	t.Parallel()
	d := load(t, "se.mecfs")
	raising := 0
	for _, c := range d.Choices {
		for _, o := range c.Options {
			if !o.RaisesActivity {
				continue
			}
			raising++
			for _, id := range o.Cautions {
				if caution, ok := d.Caution(id); !ok || caution.When != nil {
					t.Errorf("the option %s is not always warned of with %s", o.ID, id)
				}
			}
			if len(o.Cautions) == 0 {
				t.Errorf("the option %s has no warning", o.ID)
			}
		}
	}
	if raising == 0 {
		t.Error("no option raises activity, so nothing was looked at")
	}
}
