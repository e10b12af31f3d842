package pathway

import (
	"strings"
	"testing"

	"forlop/care"
)

func TestDiffSaysWhatChanged(t *testing.T) {
	t.Parallel()
	before := good(t)
	for _, tt := range []struct {
		name, edit string
		want       []string
		not        string
	}{
		{"nothing", "pathway.yaml\n-regime: NO\n+regime: NO # Norway", []string{"Nothing has changed."}, "Changed"},
		{
			"a tighter limit", "pathway.yaml\n-  start: {kind: pathway, from: referral-received, to: assessment-started, within: 12 weeks, share: 80, source: plan}\n+  start: {kind: pathway, from: referral-received, to: assessment-started, within: 10 weeks, share: 80, source: plan}",
			[]string{
				"Changed: First visit (clocks/start)", "within 12 weeks", "within 10 weeks",
				"Changed: First visit (steps/first-visit)", "At the latest: 12 weeks after “The referral has come” (First visit) [plan] → 10 weeks after",
			},
			"New",
		},
		{"an ending taken away", "pathway.yaml\n-  died: {asks: [reason], tag: proposed}", []string{"Taken away: The person has died (ends/died)"}, "New"},
		{"a role more", "pathway.yaml\n-  gp: {at: [primary-care], professions: [physician]}\n+  gp: {at: [primary-care], professions: [physician]}\n+  nurse: {at: [primary-care]}", []string{"New: nurse (roles/nurse)", "+ - nurse: primary care"}, "Changed"},
		{"another word", "text.en.yaml\n-    no: You say who is there.\n+    no: You choose who is there.", []string{"Changed: Meeting about the plan", "Saying no: You say who is there. → You choose who is there."}, "New"},
		{"a draft that is published", "pathway.yaml\n-status: draft\n+status: published", []string{"Draft: no national text", "→", "Follows a published national text"}, "New"},
	} {
		after, _ := Load(edited(t, tt.edit))
		got := Diff(before, after, care.English)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: it does not say %q:\n%s", tt.name, want, got)
			}
		}
		if strings.Contains(got, tt.not) {
			t.Errorf("%s: it says %q:\n%s", tt.name, tt.not, got)
		}
	}
}

// A step put in between changes the numbers of the steps behind it, and nothing
// is said of those.
func TestDiffOfAStepInBetween(t *testing.T) {
	t.Parallel()
	before := good(t)
	after := good(t)
	after.Steps = append(after.Steps[:1:1], append([]Step{{ID: "new-step", Kind: Task, Who: "team"}}, after.Steps[1:]...)...)
	got := Diff(before, after, care.Bokmal)
	if !strings.Contains(got, "Nytt: new-step (steps/new-step)") || strings.Contains(got, "Endret") {
		t.Errorf("got\n%s", got)
	}
	moved := good(t)
	moved.Steps[1], moved.Steps[2] = moved.Steps[2], moved.Steps[1]
	if got := Diff(before, moved, care.Nynorsk); !strings.Contains(got, "Rekkjefølgja er ei anna.") {
		t.Errorf("got\n%s", got)
	}
}
