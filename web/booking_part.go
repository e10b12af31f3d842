package web

import (
	"strconv"
	"strings"

	"forlop/care"
)

// hasBooking reports whether the person has a copy, a wish or proposed times that a
// thing names.
func (s *scene) hasBooking(t thing) bool {
	b := s.v.Bookings.State
	switch t.kind {
	case "booking":
		return t.n >= 1 && t.n <= len(b.Bookings) && b.Bookings[t.n-1].Journey == s.v.ID
	case "wish":
		return t.n >= 1 && t.n <= len(b.Wishes) && b.Wishes[t.n-1].Journey == s.v.ID
	case "times":
		return t.n >= 1 && t.n <= len(b.Polls) && b.Polls[t.n-1].Journey == s.v.ID
	}
	return false
}

// bookingVersion is the version of what a thing names in the person's bookings.
func (s *scene) bookingVersion(t thing) int {
	b := s.v.Bookings.State
	switch t.kind {
	case "booking":
		return b.Bookings[t.n-1].Version
	case "wish":
		return b.Wishes[t.n-1].Version
	case "times":
		return b.Polls[t.n-1].Version
	}
	return 0
}

// bookingGroup is what is open about the person's appointments in this journey.
func (s *scene) bookingGroup() (openGroup, bool) {
	g := openGroup{title: s.p.T("staff.open-group.booking")}
	seen := map[string]bool{}
	for _, i := range s.v.Bookings.State.Items() {
		t := bookingThing(i.Key)
		if i.Kind == care.EscalationItem || i.Kind == care.QuestionItem || !s.hasBooking(t) || seen[t.key()] {
			continue
		}
		seen[t.key()] = true
		due := s.last(i.Due)
		v := thingView{
			anchor: "booking-" + anchor(t.key()), title: itemWords(s.p, "booking", i.Ref, ""), late: i.Due.Before(s.v.Now),
			owner: s.p.T("plan.responsible", "who", s.owner(i.Post)), due: s.p.T("staff.by", "date", due, "relative", s.p.lang.Until(s.today, due)),
		}
		if days := due.DaysUntil(s.today); days > 0 {
			v.due = s.p.lang.ShortDate(due) + ". " + s.p.T("staff.overdue", "length", s.p.lang.length(days), "what", lowerFirst(v.title))
		}
		v.lines, v.said = s.aboutBooking(t)
		v.presses, v.links = s.does(t, v.title)
		g.things = append(g.things, v)
	}
	return g, len(g.things) > 0
}

// bookingThing is the thing behind an item's key: who owes an answer is part of the
// proposed times.
func bookingThing(key string) thing {
	parts := strings.Split(strings.TrimSuffix(key, "!"), "/")
	return parseThing(strings.Join(parts[:min(len(parts), 2)], "/"))
}

// aboutBooking is what there is to know of a copy, a wish or proposed times.
func (s *scene) aboutBooking(t thing) (lines []string, quotes []said) {
	b := s.v.Bookings
	switch t.kind {
	case "booking":
		x := b.State.Bookings[t.n-1]
		lines = append(lines, s.stepAt(x.Step)+", "+s.at(x.At), copiedWords(s.p, s.v, x))
	case "wish":
		w := b.State.Wishes[t.n-1]
		lines = append(lines, s.stepAt(w.Step))
		if !w.For.IsZero() {
			lines[0] += ", " + s.at(w.For)
		}
		var names []string
		for _, a := range w.Adaptations {
			names = append(names, s.p.T("appointment.adapt-"+string(a)))
		}
		if len(names) > 0 {
			lines = append(lines, s.p.lang.List(names))
		}
		if text := b.Text[w.Begun]["said"]; text != "" {
			quotes = append(quotes, said{by: s.day(w.Since), text: text, lang: s.theirs()})
		}
	case "times":
		p := b.State.Polls[t.n-1]
		lines = append(lines, s.stepAt(p.Step))
		for i, c := range s.proposedTimes(p) {
			var can []string
			for who, r := range p.Answers {
				if has(intTexts(r.Can), strconv.Itoa(i+1)) {
					can = append(can, s.who(p.People[who-1]))
				}
			}
			line := c.label
			if len(can) > 0 {
				sortNames(s.p.lang, can, func(x string) string { return x })
				line += " " + s.p.lang.List(can) + "."
			}
			lines = append(lines, line)
		}
		var silent []string
		for _, who := range p.Silent() {
			silent = append(silent, s.who(p.People[who-1]))
		}
		if len(silent) > 0 {
			lines = append(lines, s.p.T("staff.times-silent", "who", s.p.lang.List(silent)))
		}
		for who, r := range p.Answers {
			if text := b.Text[r.Version]["said"]; text != "" {
				quotes = append(quotes, said{by: s.who(p.People[who-1]) + ", " + s.day(r.At), text: text})
			}
		}
	}
	return lines, quotes
}

func intTexts(list []int) []string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return out
}
