package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

// wishesOf are how somebody wishes to be told, as they read it themselves.
func (h *house) wishesOf(p care.PersonKey) casework.WishView {
	h.t.Helper()
	v, err := casework.View(context.Background(), h.s, casework.Who{Actor: asPatient(p), Login: casework.Login{At: h.clock.Now(), Level: "substantial"}}, casework.MyNotices{})
	if err != nil {
		h.t.Fatal(err)
	}
	return v.Wishes
}

// TestHowOneIsTold: the page says what holds now, keeps what is wished, refuses what
// nobody could follow without changing anything, and lets reminders rest and come
// again.
func TestHowOneIsTold(t *testing.T) {
	t.Parallel()
	h, p, _ := walkOf(t)
	v := h.visit(asPatient(p))
	if !strings.Contains(v.get("/me").text("main"), "Hvordan du får beskjed") {
		t.Error("no link of the plan leads to the page")
	}
	page := v.get("/me/notices")
	if text := page.text("main"); !strings.Contains(text, "kl. 21.00") || !strings.Contains(text, "ringer koordinatoren deg") {
		t.Fatalf("the page says %s", text)
	}
	before := h.wishesOf(p)
	refused := v.send(page, "/me/notices", "channel", "letter", "nudge", "sms", "quietFrom", "17", "quietTo", "14")
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text("main"), "minst åtte timer") {
		t.Errorf("quiet hours of 21 hours are answered %d: %s", refused.status, refused.text("main"))
	}
	if now := h.wishesOf(p); now != before {
		t.Errorf("a refused form changed %+v to %+v", before, now)
	}
	kept := v.send(v.get("/me/notices"), "/me/notices", "channel", "letter", "nudge", "sms", "quietFrom", "20", "quietTo", "9", "more", "daily")
	if kept.status != http.StatusOK || !strings.Contains(kept.text("main"), "Vi gjør som du ønsker") {
		t.Fatalf("wishes are answered %d: %s", kept.status, kept.text("main"))
	}
	now := h.wishesOf(p)
	want := messaging.Wishes{Nudge: messaging.BySMS, QuietFrom: 20, QuietTo: 9, Daily: true}
	if now.Wishes != want || now.Told.Channel != care.ByLetter || !now.Told.SMS {
		t.Errorf("kept is %+v", now)
	}
	// Sent again from an old page, it is the same wish, and one that differs is not lost
	// over a newer one.
	if again := v.send(page, "/me/notices", "channel", "phone", "nudge", "page", "quietFrom", "22", "quietTo", "8"); again.status != http.StatusOK && again.status != http.StatusConflict {
		t.Errorf("an old page is answered %d", again.status)
	}

	page = v.get("/me/notices")
	if none := v.send(page, "/me/notices/rest", "until", ""); none.status != http.StatusUnprocessableEntity {
		t.Errorf("a rest without a day is answered %d", none.status)
	}
	rest := v.send(page, "/me/notices/rest", "until", norway.Date(h.clock.Now()).AddDays(4).String())
	if !strings.Contains(rest.text("main"), "Påminnelser hviler til og med") {
		t.Fatalf("a rest is answered %d: %s", rest.status, rest.text("main"))
	}
	if woken := v.send(rest, "/me/notices/rest", "do", "end"); !strings.Contains(woken.text("main"), "Påminnelser kommer igjen") || strings.Contains(woken.text("main"), "hviler til og med") {
		t.Errorf("the end of a rest is answered %d: %s", woken.status, woken.text("main"))
	}
}

// TestWishesAreWrittenDownForWhoNeverLogsIn: the coordinator records the same for a
// patient who calls, with who said it and how.
func TestWishesAreWrittenDownForWhoNeverLogsIn(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	w.does("set-wishes", "", "nudge", "email", "quietFrom", "22", "quietTo", "10", "more", "daily", "whose", "patient", "how", "phone")
	if got := h.wishesOf(p).Wishes; got != (messaging.Wishes{Nudge: messaging.ByEmail, QuietFrom: 22, QuietTo: 10, Daily: true}) {
		t.Errorf("kept is %+v", got)
	}
}

// TestRelativesReadHowOneIsTold: whoever acts for an adult reads it and may let
// reminders rest; the way itself is the person's own to say.
func TestRelativesReadHowOneIsTold(t *testing.T) {
	t.Parallel()
	h, p, _, to := family(t, access.Plan, access.Acts)
	v := h.visit(asPatient(to))
	v.choose(p)
	page := v.get("/me/notices")
	text := page.text("main")
	if page.status != http.StatusOK || !strings.Contains(text, "Bare den det gjelder, kan endre dette") || page.has("form", "action", "/me/notices") {
		t.Errorf("a relative reads (%d) %s", page.status, text)
	}
	rest := v.send(page, "/me/notices/rest", "until", norway.Date(h.clock.Now()).AddDays(2).String())
	if !strings.Contains(rest.text("main"), "hviler til og med") {
		t.Errorf("a rest that a relative asks for is answered %d: %s", rest.status, rest.text("main"))
	}
}
