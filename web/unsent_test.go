package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What somebody wrote is there when their login had ended: they log in, see it, and
// send it with one press, once. Nobody else sees it.
func TestAnExpiredLoginCostsNoWord(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	const words = "Jeg klarer ikke reisen på torsdag."
	count := func() (n int) {
		t.Helper()
		for _, text := range h.words(id) {
			if text == words {
				n++
			}
		}
		return n
	}
	v := h.visit(asPatient(p))
	form := v.get("/me/messages").form("/me/messages")
	for name := range form {
		if name != "key" && strings.Join(form[name], "") == "" {
			form.Set(name, words)
		}
	}
	h.clock.set(h.clock.Now().Add(31 * time.Minute))
	late := v.post("/me/messages", form)
	if late.status != http.StatusOK || !strings.HasPrefix(late.path, "/login?") || !strings.Contains(late.path, "kept=1") || !strings.Contains(late.text("main"), "tatt vare på") {
		t.Fatalf("sent too late it leads to %d %s: %s", late.status, late.path, late.text("main"))
	}
	if count() != 0 {
		t.Fatal("it was sent without a login")
	}
	// Somebody else on the same device sees nothing of it.
	other, _ := h.refer("Eva Annen")
	eva := &visitor{t: t, h: h, who: asPatient(other), client: v.client}
	resp, err := eva.client.Get(h.login(eva.who, "/unsent"))
	if page := eva.page(resp, err); page.path != "/unsent" || strings.Contains(page.text("body"), "reisen") {
		t.Errorf("another person sees at %s: %s", page.path, page.text("main"))
	}
	resp, err = v.client.Get(h.login(asPatient(p), "/me"))
	back := v.page(resp, err)
	if back.path != "/unsent" || !strings.Contains(back.text("blockquote"), words) {
		t.Fatalf("after the login the page is %s: %s", back.path, back.text("main"))
	}
	send := back.form("/unsent")
	send.Set("do", "send")
	if sent := v.post("/unsent", send); sent.status != http.StatusOK || !strings.Contains(sent.path, "done=sent") {
		t.Fatalf("sending leads to %d %s: %s", sent.status, sent.path, sent.text("main"))
	}
	if n := count(); n != 1 {
		t.Errorf("the words arrived %d times", n)
	}
	if again := v.post("/unsent", send); again.status != http.StatusNotFound || count() != 1 {
		t.Errorf("the second press answers %d, and the words arrived %d times", again.status, count())
	}
	// Sent once more as it was, with its own key, nothing happens twice.
	v.post("/me/messages", form)
	if n := count(); n != 1 {
		t.Errorf("the same form again arrived: %d", n)
	}
	// Nobody was ever logged in here: whoever logs in next on this device has it.
	fresh := h.visit(asPatient(p))
	fresh.post("/logout", url.Values{})
	form.Set("key", "another-key")
	if page := fresh.post("/me/messages", form); !strings.Contains(page.path, "kept=1") {
		t.Fatalf("without a login it leads to %s", page.path)
	}
	resp, err = fresh.client.Get(h.login(asPatient(p), "/me"))
	page := fresh.page(resp, err)
	if page.path != "/unsent" || !strings.Contains(page.text("blockquote"), words) {
		t.Fatalf("after the login the page is %s: %s", page.path, page.text("main"))
	}
	drop := page.form("/unsent")
	drop.Set("do", "drop")
	if page = fresh.post("/unsent", drop); strings.Contains(page.text("main"), "reisen") || count() != 1 {
		t.Errorf("thrown away, the page says %s", page.text("main"))
	}
}

// Everyone sees where they are logged in, and ends it from there.
func TestSessionsPage(t *testing.T) {
	t.Parallel()
	h, p, _ := waiting(t)
	here, there := h.visit(asPatient(p)), h.visit(asPatient(p))
	page := here.get("/sessions")
	// A demo's link is a login of its own, beside the one it leads to.
	if page.status != http.StatusOK || len(page.nodes("section", "class", "card")) != 4 || !strings.Contains(page.text("main"), "denne") {
		t.Fatalf("the page answers %d: %s", page.status, page.text("main"))
	}
	if done := here.post("/sessions", url.Values{}); done.status != http.StatusOK || len(done.nodes("section", "class", "card")) != 1 {
		t.Errorf("after ending the others: %d %s", done.status, done.text("main"))
	}
	if gone := there.get("/me"); !strings.HasPrefix(gone.path, "/login") {
		t.Errorf("the other device is at %s", gone.path)
	}
	worker := h.visit(coordinator.Actor)
	page = worker.get("/sessions")
	if page.status != http.StatusOK || len(page.nodes("section", "class", "card")) != 2 {
		t.Fatalf("a professional's page answers %d: %s", page.status, page.text("main"))
	}
	theirs := page.nodes("input", "name", "id")
	if no := here.post("/sessions", url.Values{"id": {value(theirs[0], "value")}}); no.status != http.StatusNotFound {
		t.Errorf("ending another's session answers %d", no.status)
	}
	if still := worker.get("/work"); still.path != "/work" {
		t.Errorf("the other was logged out: %s", still.path)
	}
}
