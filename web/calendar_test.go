package web_test

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/care/booking"

	ics "github.com/arran4/golang-ical"
)

// calendarOf is a calendar's reading of what an address sends. It has nothing but
// when: each property is one of those that a neutral appointment needs, with one of
// the four neutral summaries.
func (v *visitor) calendarOf(path, language string) []*ics.VEvent {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", language)
	resp, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		v.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		v.t.Fatalf("%s answers %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	for line := range strings.Lines(string(body)) {
		if len(line) > 77 || !strings.HasSuffix(line, "\r\n") {
			v.t.Errorf("a line is not as RFC 5545 section 3.1 asks: %q", line)
		}
	}
	cal, err := ics.ParseCalendar(strings.NewReader(string(body)))
	if err != nil {
		v.t.Fatalf("%s is not read: %v\n%s", path, err, body)
	}
	var head []string
	for _, p := range cal.CalendarProperties {
		head = append(head, p.IANAToken+":"+p.Value)
	}
	if slices.Sort(head); !slices.Equal(head, []string{"METHOD:PUBLISH", "PRODID:-//Forlop//Calendar//EN", "VERSION:2.0"}) {
		v.t.Errorf("the calendar says of itself %v", head)
	}
	neutral := []string{"Avtale", "Avtalad tid", "Appointment"}
	for _, e := range cal.Events() {
		var names []string
		for _, p := range e.Properties {
			names = append(names, p.IANAToken)
		}
		if slices.Sort(names); !slices.Equal(names, []string{"CLASS", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "SEQUENCE", "STATUS", "SUMMARY", "UID", "URL"}) {
			v.t.Errorf("an appointment has %v", names)
		}
		if s := e.GetProperty(ics.ComponentPropertySummary).Value; !slices.Contains(neutral, s) {
			v.t.Errorf("an appointment is called %q", s)
		}
		if s := e.GetProperty(ics.ComponentPropertyUrl).Value; s != v.h.url+"/me" {
			v.t.Errorf("an appointment leads to %q", s)
		}
	}
	lower := strings.ToLower(string(body))
	for _, word := range []string{"bodil", "kari", "turid", "rom 3", "klini", "clinic", "smert", "smärt", "pain", "vårdförlopp", "lege", "utred", "kartlegg", "dips"} {
		if strings.Contains(lower, word) {
			v.t.Errorf("the calendar says %q:\n%s", word, body)
		}
	}
	return cal.Events()
}

// TestCalendarIsReadByACalendar reads the file and the feed of an appointment back
// with a calendar's own parser: copied, moved over the night in which summer time
// begins, and cancelled. It is one appointment all the way, each change above the
// one before, at the time that the clock on the wall shows.
func TestCalendarIsReadByACalendar(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, id := h.refer("Bodil Storlom")
	h.accept(id)
	visit := h.state(id).StepOf("start-assessment").Step
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	on := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 10, 0, 0, 0, oslo) }
	v := h.visit(asPatient(p))
	made := v.send(v.get("/me/calendar"), "/me/calendar")
	feed := strings.TrimSpace(made.text("code"))
	if !strings.HasPrefix(feed, h.url+"/calendar/") {
		t.Fatalf("the private address is %q", feed)
	}
	if list := v.calendarOf(feed, "nb"); len(list) != 0 {
		t.Errorf("before anything is booked the feed has %d", len(list))
	}
	copied := booking.Copy{Source: "DIPS", Reference: "A-17", At: on(time.March, 27), Minutes: 45, Way: "clinic", Place: "Rom 3", With: "Turid", Journey: id, Step: visit}
	uid, sequence := "", -1
	// check reads both, which agree, and holds them against what came before.
	check := func(at time.Time, utc string, status ics.ObjectStatus) {
		t.Helper()
		file := h.url + "/me/appointments/" + id + "/" + "start-assessment/calendar.ics"
		said := map[string]bool{}
		for _, language := range []string{"nb", "nn", "sv", "en"} {
			for _, address := range []string{file, feed} {
				list := v.calendarOf(address, language)
				if len(list) != 1 {
					t.Fatalf("%s has %d appointments", address, len(list))
				}
				e := list[0]
				said[e.GetProperty(ics.ComponentPropertySummary).Value] = true
				if uid == "" {
					uid = e.Id()
				}
				start, err := e.GetStartAt()
				if err != nil {
					t.Fatal(err)
				}
				end, err := e.GetEndAt()
				if err != nil {
					t.Fatal(err)
				}
				if e.Id() != uid || uid == "" {
					t.Errorf("the appointment is %q, and was %q", e.Id(), uid)
				}
				if !start.Equal(at) || start.In(oslo).Hour() != 10 || e.GetProperty(ics.ComponentPropertyDtStart).Value != utc || end.Sub(start) != 45*time.Minute {
					t.Errorf("it begins %s, ends %s, and is written %s", start, end, e.GetProperty(ics.ComponentPropertyDtStart).Value)
				}
				if s := e.GetProperty(ics.ComponentPropertyStatus).Value; s != string(status) {
					t.Errorf("its status is %s, not %s", s, status)
				}
			}
		}
		if len(said) != 3 {
			t.Errorf("in four languages it is called %v", said)
		}
		now, err := strconv.Atoi(v.calendarOf(feed, "nb")[0].GetProperty(ics.ComponentPropertySequence).Value)
		if err != nil || now <= sequence {
			t.Errorf("after a change its sequence is %d, and was %d: %v", now, sequence, err)
		}
		sequence = now
	}
	h.act(string(p), copied)
	check(on(time.March, 27), "20260327T090000Z", ics.ObjectStatusConfirmed)
	h.clock.set(h.clock.Now().Add(time.Minute))
	copied.At = on(time.March, 30)
	h.act(string(p), copied)
	check(on(time.March, 30), "20260330T080000Z", ics.ObjectStatusConfirmed)
	h.clock.set(h.clock.Now().Add(time.Minute))
	h.act(string(p), booking.Cancel{Booking: 1})
	check(on(time.March, 30), "20260330T080000Z", ics.ObjectStatusCancelled)
	// Booked again on the same step it is the same appointment, and stands.
	h.clock.set(h.clock.Now().Add(time.Minute))
	copied.Reference, copied.At = "A-18", on(time.April, 8)
	h.act(string(p), copied)
	check(on(time.April, 8), "20260408T080000Z", ics.ObjectStatusConfirmed)
	// The address can be ended.
	v.send(v.get("/me/calendar"), "/me/calendar/end")
	if gone := v.get(strings.TrimPrefix(feed, h.url)); gone.status != http.StatusNotFound {
		t.Errorf("an address that was ended answers %d", gone.status)
	}
}
