package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
)

// TestMessagesPage goes the whole way on pages: written, sent twice, answered from
// the list of what is to be done, taken back in time, written again, read.
func TestMessagesPage(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	ola, kari := h.visit(asPatient(p)), h.visit(coordinator.Actor)
	start := ola.get("/me/messages")
	for _, words := range []string{"leser den. Haster det, må du ringe.", "Ellers leser ingen dem."} {
		if !strings.Contains(start.text("main"), words) {
			t.Errorf("the page does not say %q:\n%s", words, start.text("main"))
		}
	}
	if ola.get("/me/message").path != "/me/messages" {
		t.Error("the old address leads nowhere")
	}
	form := start.form("/me/messages")
	form.Set("text", "Når er timen min? 🙂\nשלום")
	sent := ola.post("/me/messages", form)
	thread, _, _ := strings.Cut(sent.path, "?")
	if sent.status != http.StatusOK || !strings.HasPrefix(thread, "/me/messages/") || !strings.Contains(sent.text("main"), "svarer senest") {
		t.Fatalf("the message answers %d at %s:\n%s", sent.status, sent.path, sent.text("main"))
	}
	if again := ola.post("/me/messages", form); again.path != sent.path || len(h.words(id)) != 1 {
		t.Fatalf("sent twice it stands %d times, at %s", len(h.words(id)), again.path)
	}
	form.Set("text", "Noe annet")
	if other := ola.post("/me/messages", form); other.status != http.StatusConflict || other.form("/me/messages").Get("text") != "Noe annet" || other.form("/me/messages").Get("key") == form.Get("key") {
		t.Errorf("gone back and sent with other words, it answers %d:\n%s", other.status, other.text("main"))
	}
	row := kari.get("/work")
	if !strings.Contains(row.text("main"), "Svar på en melding") {
		t.Fatalf("the list says:\n%s", row.text("main"))
	}
	staff := "/journeys/" + id + strings.TrimPrefix(thread, "/me")
	open := kari.get("/work?open=" + url.QueryEscape("thread/"+strings.TrimPrefix(thread, "/me/messages/")+"!reply"))
	if text := open.text("section", "id", "open"); !strings.Contains(text, "Når er timen min? 🙂") || !strings.Contains(text, "שלום") {
		t.Fatalf("the open row says:\n%s", text)
	}
	answered := kari.send(open, staff, "text", "På mandag", "then", "next")
	if answered.status != http.StatusOK || !strings.HasPrefix(answered.path, "/work") || strings.Contains(answered.text("main"), "Svar på en melding") {
		t.Fatalf("answered in the list it leads to %d %s:\n%s", answered.status, answered.path, answered.text("main"))
	}
	if text := ola.get(thread).text("main"); strings.Contains(text, "På mandag") || !strings.Contains(text, "Lest av Kari") {
		t.Errorf("before it is shown, the patient reads:\n%s", text)
	}
	taken := kari.send(kari.get(staff), staff, "act", "back", "back", "2")
	if taken.status != http.StatusOK || !strings.Contains(taken.text("main"), "Meldingen er tatt tilbake.") {
		t.Fatalf("taking back answers %d:\n%s", taken.status, taken.text("main"))
	}
	if !strings.Contains(kari.get("/work").text("main"), "Svar på en melding") {
		t.Error("the answer was taken back, and nobody owes one")
	}
	kari.send(kari.get(staff), staff, "act", "say", "text", "På tirsdag")
	h.clock.set(h.clock.Now().Add(6 * time.Minute))
	h.wake()
	if plan := ola.get("/me"); !strings.Contains(plan.text("body"), "Meldinger (1 ny)") {
		t.Errorf("the plan does not say that there is something new:\n%s", plan.text("nav"))
	}
	read := ola.get(thread)
	if text := read.text("main"); !strings.Contains(text, "På tirsdag") || strings.Contains(text, "På mandag") {
		t.Errorf("the patient reads:\n%s", text)
	}
	if text := kari.get(staff).text("main"); !strings.Contains(text, "Lest av Bodil") {
		t.Errorf("staff do not see that it was read:\n%s", text)
	}
	call := ola.post(thread, url.Values{"key": {"quick"}, "quick": {string(messaging.CallMe)}})
	if !strings.Contains(call.text("main"), "Ring meg") {
		t.Errorf("a short reply answers %d:\n%s", call.status, call.text("main"))
	}
	closed := kari.send(kari.get(staff), staff, "act", "close", "why", string(messaging.ByTelephone), "words", "Vi snakket sammen.")
	if closed.status != http.StatusOK || !strings.Contains(ola.get(thread).text("main"), "Svart på telefon. «Vi snakket sammen.»") {
		t.Errorf("closed it answers %d:\n%s", closed.status, ola.get(thread).text("main"))
	}
}

// TestMessagesRefused: what cannot be sent is said with what was typed; what is
// urgent says whom to call; who has no access any more loses no word.
func TestMessagesRefused(t *testing.T) {
	t.Parallel()
	h, patient, id, relative := family(t, access.Plan, access.Messages)
	ola := h.visit(asPatient(patient))
	long := strings.Repeat("Jeg orker ikke mer av dette nå. 🙂", 40_000/33+1)
	refused := ola.send(ola.get("/me/messages"), "/me/messages", "text", long)
	kept := refused.form("/me/messages").Get("text")
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text("main"), "tegn. Én melding kan ha 20") || strings.TrimSpace(kept) != strings.TrimSpace(long) {
		t.Fatalf("40,000 characters answer %d and keep %d of %d", refused.status, len(kept), len(long))
	}
	if len(h.words(id)) != 0 {
		t.Error("a message was cut short")
	}
	urgent := ola.send(ola.get("/me/messages"), "/me/messages", "text", "Det haster", "urgent", "yes")
	if told := urgent.text("div", "class", "told"); !strings.Contains(urgent.text("main"), "ingen leser den med en gang") || !strings.Contains(urgent.text("main"), "116 117") {
		t.Errorf("what is urgent says %q:\n%s", told, urgent.text("main"))
	}
	thread, _, _ := strings.Cut(urgent.path, "?")
	siri := h.visit(asPatient(relative))
	siri.choose(patient)
	page := siri.get(thread)
	h.as(patientWho(patient), string(patient), access.RevokeProxy{Proxy: 1})
	over := siri.send(page, thread, "text", "Et siste ord fra meg.")
	if over.status != http.StatusForbidden || !strings.Contains(over.text("main"), "Et siste ord fra meg.") || strings.Contains(over.text("main"), "Det haster") {
		t.Errorf("after the end, a message answers %d:\n%s", over.status, over.text("main"))
	}
	nils := h.visit(care.Actor{Kind: care.Professional, ID: "nils", Unit: "clinic-b"})
	if no := nils.get("/journeys/" + id + "/messages"); no.status == http.StatusOK {
		t.Error("another clinic reads messages")
	}
}

// wake lets what time alone causes happen.
func (h *house) wake() {
	h.t.Helper()
	if _, err := h.s.WakeDue(context.Background(), "test", nil); err != nil {
		h.t.Fatal(err)
	}
}
