package booking

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// The bounds of a slot (ours, no source).
const (
	mostDates, mostSeats = 30, 500
	longestAbout         = 2000
)

// slot reads what a unit offers, and refuses what nobody could act on.
func (d *slotDraft) slot(c Slot) (Slot, error) {
	c.Title, c.About = written(c.Title), written(c.About)
	c.Place, c.Contact = strings.TrimSpace(c.Place), strings.TrimSpace(c.Contact)
	if c.Kind == MeetingSlot {
		c.Seats, c.Minimum, c.Join = 1, 0, JoinReferral
	}
	long := func(texts map[care.Language]string, most int) bool {
		for _, t := range texts {
			if care.Longer(t, most) {
				return true
			}
		}
		return false
	}
	switch {
	case !slices.Contains(SlotKinds, c.Kind):
		return c, care.Refuse("slot-kind", "Say whether it is a course or a collaboration meeting.").On("kind")
	case c.Kind == CourseSlot && len(c.Title) == 0:
		return c, care.Refuse("slot-title", "Give it a title, in at least one language.").On("title")
	case long(c.Title, longestLine) || care.Longer(c.Place, longestLine) || care.Longer(c.Contact, longestLine):
		return c, care.Refuse("copy-long", "A line has at most {most} characters.", "most", fmt.Sprint(longestLine)).On("title")
	case long(c.About, longestAbout):
		return c, care.Refuse("slot-about", "What it is takes at most {most} characters in each language.", "most", fmt.Sprint(longestAbout)).On("about")
	case c.Way != SlotAtPlace && c.Way != SlotByVideo || c.Place == "":
		return c, care.Refuse("slot-place", "Say where it is, or by which video program.").On("place")
	case c.Minutes < 1 || c.Minutes > mostMinutes:
		return c, care.Refuse("copy-length", "A length is given in minutes, at most a day.").On("minutes")
	case c.Seats < 1 || c.Seats > mostSeats:
		return c, care.Refuse("slot-seats", "There are between 1 and {most} seats.", "most", fmt.Sprint(mostSeats)).On("seats")
	case c.Minimum < 0 || c.Minimum > c.Seats:
		return c, care.Refuse("slot-minimum", "The fewest cannot be more than the seats.").On("minimum")
	case !slices.Contains(Joinings, c.Join):
		return c, care.Refuse("slot-join", "Say who may take a seat.").On("join")
	case c.Kind == CourseSlot && c.Contact == "":
		return c, care.Refuse("slot-contact", "Give a telephone number: some people log in nowhere.").On("contact")
	}
	var err error
	if c.Dates, err = d.dates(c.Dates); err != nil {
		return c, err
	}
	if c.Deadline = care.Instant(c.Deadline); !c.Deadline.IsZero() && c.Deadline.After(c.Starts()) {
		return c, care.Refuse("slot-deadline-late", "The last day to join is after the first date.").On("deadline")
	}
	return c, nil
}

// dates are the dates in order. One that has passed can stay, and none be added.
func (d *slotDraft) dates(dates []time.Time) ([]time.Time, error) {
	var out []time.Time
	for _, t := range dates {
		t = care.Instant(t)
		switch {
		case slices.ContainsFunc(out, t.Equal):
			continue
		case !t.After(d.act.At) && !slices.ContainsFunc(d.s.Slot.Dates, t.Equal):
			return nil, care.Refuse("slot-past", "Choose dates that have not passed.").On("dates")
		case t.After(d.act.At.AddDate(5, 0, 0)):
			return nil, care.Refuse("planned-too-far", "That is more than five years ahead. Check the year.").On("dates")
		}
		out = append(out, t)
	}
	slices.SortFunc(out, time.Time.Compare)
	if len(out) < 1 || len(out) > mostDates || !out[len(out)-1].After(d.act.At) {
		return nil, care.Refuse("slot-dates", "Give between 1 and {most} dates, one of them to come.", "most", fmt.Sprint(mostDates)).On("dates")
	}
	return out, nil
}

// written are the texts that say something.
func written(texts map[care.Language]string) map[care.Language]string {
	var out map[care.Language]string
	for l, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			if out == nil {
				out = map[care.Language]string{}
			}
			out[l] = t
		}
	}
	return out
}
