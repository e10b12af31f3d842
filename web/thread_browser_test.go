package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// threadPages are one address of every page of conversations.
func threadPages(w *walk, thread string) []string {
	return []string{"/me/messages", "/me/messages/" + thread, w.at("/messages"), w.at("/messages/" + thread)}
}

// TestMessagesInTheBrowser writes, presses send twice, goes back and sends again, in
// two windows, with a login that ends meanwhile, from right to left, and too long;
// staff answer and the patient reads. No word is lost and none stands twice.
func TestMessagesInTheBrowser(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	patient := asPatient(p)
	first := openTab(t, telephone)
	first.goTo(h.login(patient, "/me/messages"))
	const words = "Når er timen? 🙂 مرحبا שלום"
	first.choose("#text", words)
	twice := `var f = document.querySelector("main form"); f.requestSubmit(); f.requestSubmit();`
	if _, err := chromedp.RunResponse(first.ctx, chromedp.Evaluate[chromedp.Void](twice)); err != nil || !first.has(".told") {
		t.Fatalf("pressed twice, the page says %v: %s", err, first.text("main"))
	}
	if n := strings.Count(strings.Join(h.words(w.id), "\n"), words); n != 1 {
		t.Fatalf("pressed twice it stands %d times", n)
	}
	if _, err := chromedp.RunResponse(first.ctx, chromedp.Evaluate[chromedp.Void]("history.back()")); err != nil {
		t.Fatal(err)
	}
	first.choose("#text", words)
	if got := first.press("main form button[type=submit]"); got != http.StatusOK {
		t.Errorf("back, and sent again, it answers %d: %s", got, first.text("main"))
	}
	thread, _, _ := strings.Cut(strings.TrimPrefix(first.address(), h.url), "?")
	for _, path := range []string{"/me/messages", thread} {
		first.goTo(h.url + path)
		for _, v := range first.violations() {
			t.Errorf("%s: %s", path, v)
		}
	}
	staff := openTab(t, desk)
	staff.goTo(h.login(coordinator.Actor, w.at("/messages/"+strings.TrimPrefix(thread, "/me/messages/"))))
	for _, v := range staff.violations() {
		t.Errorf("staff: %s", v)
	}
	staff.choose("#text", "På mandag.")
	if got := staff.press("section[aria-labelledby=write] form button[type=submit]"); got != http.StatusOK {
		t.Fatalf("the answer gives %d", got)
	}
	h.clock.set(h.clock.Now().Add(6 * time.Minute))
	h.wake()
	if first.goTo(h.url + thread); !strings.Contains(first.text("main"), "På mandag.") {
		t.Errorf("the patient reads:\n%s", first.text("main"))
	}
	// Two windows: both words arrive.
	second := openTab(t, telephone)
	second.goTo(h.login(patient, thread))
	for n, x := range []*tab{first, second} {
		x.choose("#text", []string{"Fra den ene.", "Fra den andre."}[n])
	}
	for _, x := range []*tab{first, second} {
		x.press("section[aria-labelledby=write] form button[type=submit]")
	}
	all := strings.Join(h.words(w.id), "\n")
	if !strings.Contains(all, "Fra den ene.") || !strings.Contains(all, "Fra den andre.") {
		t.Errorf("of two windows there is %s", all)
	}
	long := strings.Repeat("ord ", 10_000)
	first.choose("#text", long)
	if got := first.press("section[aria-labelledby=write] form button[type=submit]"); got != http.StatusUnprocessableEntity || len(strings.TrimSpace(evaluate[string](first, `document.querySelector("#text").value`))) != len(strings.TrimSpace(long)) {
		t.Errorf("40,000 characters answer %d and keep %d", got, len(evaluate[string](first, `document.querySelector("#text").value`)))
	}
	for _, v := range first.violations() {
		t.Errorf("refused: %s", v)
	}
	// The login ends in the middle of a text.
	first.goTo(h.url + thread)
	first.choose("#text", "Skrevet da økten tok slutt.")
	h.clock.set(h.clock.Now().Add(31 * time.Minute))
	first.press("section[aria-labelledby=write] form button[type=submit]")
	first.goTo(h.login(patient, "/me"))
	if !strings.Contains(first.text("main"), "Skrevet da økten tok slutt.") {
		t.Errorf("after the login the page says:\n%s", first.text("main"))
	}
	first.press("button[value=send]")
	if n := strings.Count(strings.Join(h.words(w.id), "\n"), "Skrevet da økten tok slutt."); n != 1 {
		t.Errorf("what was kept arrived %d times", n)
	}
}
