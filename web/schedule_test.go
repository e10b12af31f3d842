package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/booking"
	"forlop/casework"
)

// slotAsks is a form that opens a course.
var slotAsks = []string{
	"kind", "course", "title-nb", "Mestringskurs", "way", "place", "place", "Rom 2", "date-1", "2026-11-20", "time-1", "10:00",
	"minutes", "90", "seats", "40", "join", "open", "contact", "22 00 00 00",
}

// slotOf is a course of the clinic's that everybody can join; none where there is no
// clinic.
func slotOf(w *terrain) string {
	if w.slot == "" {
		w.slot = "none"
		r, err := w.s.Do(context.Background(), casework.Order{Who: coordinator, Key: w.key(), Command: openCourse(w.clock.Now(), 40)})
		if err == nil {
			w.slot = r.Target
		}
	}
	return w.slot
}

func openCourse(now time.Time, seats int) booking.OpenSlot {
	return booking.OpenSlot{Unit: "clinic", Slot: booking.Slot{
		Kind: booking.CourseSlot, Title: map[care.Language]string{care.Bokmal: "Mestringskurs"}, Way: booking.SlotAtPlace, Place: "Rom 2",
		Dates: []time.Time{now.AddDate(0, 0, 28)}, Minutes: 90, Seats: seats, Join: booking.JoinOpen, Contact: "22 00 00 00",
	}}
}

// slotPages are one address of every route of one slot that draws a page.
func slotPages(id string) []string { return []string{"/schedule/" + id, "/schedule/" + id + "/change"} }

// says reports whether a word stands on a page.
func says(p *sheet, word string) bool { return strings.Contains(p.text("main"), word) }

// TestCourseIsWalked: staff open a course, a patient takes a seat and gives it back,
// somebody waits, and what is called off stands on the page and in the letter.
func TestCourseIsWalked(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, _ := h.onPaper("Liv Berg", care.ByLetter, care.Bokmal)
	kari, liv := h.visit(coordinator.Actor), h.visit(asPatient(p))
	asks := append([]string{}, slotAsks...)
	bad := kari.send(kari.get("/schedule/new"), "/schedule/new", append(asks, "seats", "0")...)
	if bad.status != http.StatusUnprocessableEntity || !says(bad, "Skriv et antall plasser") {
		t.Fatalf("%d without seats", bad.status)
	}
	opened := kari.send(kari.get("/schedule/new"), "/schedule/new", append(asks, "seats", "1")...)
	if opened.status != http.StatusOK || !says(opened, "Mestringskurs") {
		t.Fatalf("opened: %d %s", opened.status, opened.path)
	}
	at, _, _ := strings.Cut(opened.path, "?")
	course := strings.Replace(at, "/schedule/", "/me/courses/", 1)
	if public := h.stranger().get("/learn"); !says(public, "Mestringskurs") || !says(public, "22 00 00 00") || !says(public, "1 av 1 plasser") {
		t.Fatal("the public list does not say it")
	}
	mine := liv.send(liv.get("/me/courses"), course, "do", "take")
	if mine.status != http.StatusOK || !says(mine, "Du har plass") {
		t.Fatalf("taken: %d", mine.status)
	}
	if list := kari.get(at); !says(list, "Liv Berg") {
		t.Fatal("the list of seats lacks who has one")
	}
	if left := liv.send(mine, course, "do", "give-back"); !says(left, "Plassen er gitt tilbake") || says(left, "Du har plass") {
		t.Fatal("not given back")
	}
	found := kari.get(at + "?q=Berg")
	if took := kari.send(found, at, "do", "take", "person", string(p)); !says(took, "Plassen er tatt") {
		t.Fatalf("taken for the patient: %d", took.status)
	}
	h.notified()
	if letters := kari.get("/letters"); !says(letters, "Liv Berg") {
		t.Fatal("no letter says it")
	}
	off := kari.send(kari.get(at), at, "do", "cancel", "next", "we-call")
	if off.status != http.StatusOK || !says(off, "Avlyst") {
		t.Fatalf("called off: %d", off.status)
	}
	if gone := liv.get("/me/courses"); !says(gone, "Avlyst") || !says(gone, "Vi ringer deg") {
		t.Fatal("the patient does not read that it is called off")
	}
	if says(h.stranger().get("/learn"), "Mestringskurs") {
		t.Fatal("what is called off stands on the public list")
	}
}
