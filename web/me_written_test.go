package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care/person"
	"forlop/journey"
)

// What the patient objects to in the referral stands beside it wherever staff
// read it, under their name, and their own story heads it (L9).
func TestObjectionTravels(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	h.as(patientWho(p), string(p), person.TellStory{Words: "Det begynte på jobb."})
	v := h.visit(asPatient(p))
	list := v.get("/me/written/" + id)
	if !strings.Contains(list.text("main"), "Svaret på henvisningen") {
		t.Fatalf("the answer is not there:\n%s", list.text("main"))
	}
	path := "/me/written/" + id + "/1"
	if got := v.send(v.get(path), path, "text", "Det er ryggen."); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an objection to nothing answers %d", got.status)
	}
	if got := v.send(v.get(path), path, "sentence", "Vondt i nakken", "text", "Det er ryggen."); !strings.Contains(got.path, "done=objection") {
		t.Fatalf("the objection answers %d: %s", got.status, got.text("main"))
	}
	const want = "Innvending til «Vondt i nakken»: Det er ryggen."
	if said := v.get("/me/written/" + id).text("main"); !strings.Contains(said, want) {
		t.Errorf("the patient does not see it:\n%s", said)
	}
	staff := h.visit(coordinator.Actor).get("/journeys/" + id).text("main")
	if !strings.Contains(staff, want) {
		t.Errorf("staff do not see it beside the referral")
	}
	story, reason := strings.Index(staff, "Det begynte på jobb."), strings.Index(staff, want)
	if story < 0 || story > reason {
		t.Errorf("the story stands at %d, the referral's objection at %d", story, reason)
	}
	if got := v.get("/me/written/" + id + "/999"); got.status != http.StatusNotFound {
		t.Errorf("no such text answers %d", got.status)
	}
}

// What was written before conversations had streams of their own is not gone.
func TestOldMessagesAreRead(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	h.as(patientWho(p), id, journey.GiveWords{Kind: "message", Text: "Ring meg etter klokka ett."})
	if said := h.visit(asPatient(p)).get("/me/written/" + id).text("main"); !strings.Contains(said, "Ring meg etter klokka ett.") {
		t.Errorf("an old message is nowhere:\n%s", said)
	}
}

// What patients ask when something does not go as said has an answer with a name
// and a day.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	said := h.visit(asPatient(p)).get("/me/what-if/" + id).text("main")
	for _, want := range []string{"Hva om ingen svarer?", "ringer Kari Bjørk innen", "Helfo", "Hva om jeg sier nei?", "Hva skjer etterpå?", "Hva står ikke her?"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q:\n%s", want, said)
		}
	}
}
