package casework_test

import (
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway/publication"
)

// TestEveryCommandHasAPolicy fails when a command stands in no row of the
// access policy, and when somebody may do what nobody of their kind should.
func TestEveryCommandHasAPolicy(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range journey.Commands {
		names = append(names, c.Name())
	}
	for _, c := range person.Commands {
		names = append(names, c.Name())
	}
	for _, c := range questionnaire.Commands {
		names = append(names, c.Name())
	}
	for _, c := range directory.Commands {
		names = append(names, c.Name())
	}
	for _, c := range publication.Commands {
		names = append(names, c.Name())
		for _, b := range access.Shipped().Bases(care.Professional, c.Name()) {
			if b != access.Approves && c.Name() != "pathway.note-source" {
				t.Errorf("%s is allowed on %s", c.Name(), b)
			}
		}
	}
	for _, c := range rollout.Commands {
		names = append(names, c.Name())
		for _, b := range access.Shipped().Bases(care.Professional, c.Name()) {
			if settles := c.Name() == "campaign.retry" || c.Name() == "campaign.let-be"; b != access.Approves && !settles {
				t.Errorf("%s is allowed on %s", c.Name(), b)
			}
		}
	}
	mayPatient := map[string]bool{}
	for _, n := range strings.Fields(`journey.words journey.too-ill journey.wish-to-wait journey.choose journey.answer-decisions journey.answer-summary journey.keep-plan journey.complete
		person.say-what-matters person.record-finding person.confirm-what-matters person.tell-story person.object person.withdraw-objection person.set-energy person.lift-energy
		person.set-adaptations person.set-languages person.set-channel person.pause person.end-pause person.refuse-contact person.want-contact person.report-condition
		form.answer form.send form.decline`) {
		mayPatient[n] = true
	}
	if len(names) < 90 {
		t.Fatalf("only %d commands were found", len(names))
	}
	for _, n := range names {
		anyone := false
		for _, kind := range []care.ActorKind{care.Patient, care.Relative, care.Professional, care.System} {
			bases := access.Shipped().Bases(kind, n)
			anyone = anyone || len(bases) > 0
			if may := len(bases) > 0; kind == care.Patient && may != mayPatient[n] {
				t.Errorf("a patient may %s: %v, should be %v", n, may, mayPatient[n])
			}
			if kind == care.Relative && len(bases) > 0 && !mayPatient[n] {
				t.Errorf("a relative may %s, which a patient may not", n)
			}
		}
		if !anyone && n != "person.open" {
			t.Errorf("nobody may %s", n)
		}
	}
	if got := access.Shipped().Bases(care.Professional, "journey.no-such-thing"); len(got) > 0 {
		t.Errorf("what stands in no row is allowed on %v", got)
	}
}
