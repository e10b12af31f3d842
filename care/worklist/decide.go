package worklist

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"forlop/care"
)

// Known is what a decision must know of others.
type Known struct {
	// Mine reports whether the list is the actor's own, or that of a unit whose
	// posts they answer for.
	Mine bool
	// Open is an item as it stands now, where it is open at a post of this list.
	Open func(Item) (care.Item, bool)
	// Day is the local date of an instant, for refusals.
	Day func(time.Time) care.Date
	// HasRole reports whether the unit has such a post.
	HasRole func(care.Role) bool
}

// How long a name and an address may be, in characters, and how many views a list
// keeps. Ours, no source.
const longestName, longestAddress, mostViews = 40, 500, 30

// mostCaseload is the highest limit that can be set. Ours, no source.
const mostCaseload = 9999

// Decide answers the events that c causes in s, or a refusal. It never changes s.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	if _, woken := c.(Wake); woken {
		return nil, nil
	}
	if !k.Mine {
		return nil, care.Deny("not-your-list", "This list belongs to others.")
	}
	switch c := c.(type) {
	case SaveView:
		return save(s, c)
	case DropView:
		if s.view(c.View) < 0 {
			return nil, care.Missing("view-unknown", "There is no such view any more.")
		}
		return one(ViewDropped(c)), nil
	case Sleep:
		return sleep(c, act, k)
	case WakeUp:
		if !slices.ContainsFunc(s.Asleep(act.At), func(x Sleeper) bool { return x.Item == c.Item }) {
			return nil, care.Missing("not-asleep", "It is awake already.")
		}
		return one(Woken(c)), nil
	case LimitCaseload:
		switch {
		case !k.HasRole(c.Role):
			return nil, care.Missing("no-such-post", "The unit has no such post.")
		case c.Most < 0 || c.Most > mostCaseload:
			return nil, care.Refuse("caseload-range", "Write a number of patients between 0 and {most}; 0 is no limit.", "most", strconv.Itoa(mostCaseload)).On("most")
		case s.Limits[c.Role] == c.Most:
			return nil, nil
		}
		return one(CaseloadLimited(c)), nil
	}
	return nil, care.Missing("no-such-action", "There is no such thing to do here.")
}

func one(e care.Event) []care.Made { return []care.Made{{Event: e}} }

func save(s State, c SaveView) ([]care.Made, error) {
	name := strings.TrimSpace(c.Called)
	n := s.view(c.View)
	switch {
	case name == "":
		return nil, care.Refuse("view-name", "Give the view a name.").On("called")
	case utf8.RuneCountInString(name) > longestName:
		return nil, care.Refuse("view-name-long", "A view's name has at most {most} characters.", "most", strconv.Itoa(longestName)).On("called")
	case numbers(name):
		return nil, care.Refuse("view-name-number", "A view's name is read by others and holds no number of a person.").On("called")
	case len(c.Address) > longestAddress || strings.ContainsAny(c.Address, " \n<>\"#?/\\:"):
		return nil, care.Refuse("view-address", "This is no view of a worklist.")
	case c.View != 0 && n < 0:
		return nil, care.Missing("view-unknown", "There is no such view any more.")
	case slices.ContainsFunc(s.Views, func(v View) bool { return v.Number != c.View && strings.EqualFold(v.Called, name) }):
		return nil, care.Refuse("view-name-taken", "There is a view of this name already: take another name, or save that one anew.").On("called")
	case c.View == 0 && len(s.Views) >= mostViews:
		return nil, care.Refuse("views-many", "There are {most} views already: take one away first.", "most", strconv.Itoa(mostViews))
	}
	e := ViewSaved{View: c.View, Called: name, Address: c.Address}
	if c.View == 0 {
		e.View = s.Newest + 1
	} else if s.Views[n].Called == name && s.Views[n].Address == c.Address {
		return nil, nil
	}
	return one(e), nil
}

// numbers reports whether a text holds so many digits in a row that they could be
// a date of birth or a national number.
func numbers(s string) bool {
	row := 0
	for _, r := range s {
		if !unicode.IsDigit(r) {
			row = 0
			continue
		}
		if row++; row > 4 {
			return true
		}
	}
	return false
}

// sleep puts an item aside until a day that is not after its own. What is late,
// and what has climbed, stays where it is seen (L7).
func sleep(c Sleep, act care.Act, k Known) ([]care.Made, error) {
	i, open := k.Open(c.Item)
	switch {
	case !open:
		return nil, care.Stale("item-gone", "This is no longer open.")
	case act.Seen != 0 && int(act.Seen) < i.Version:
		return nil, care.Stale("changed-meanwhile", "Someone else changed this at the same time. Look at it again.")
	case i.Kind == care.EscalationItem || i.Overdue > 0 || !i.Due.After(act.At):
		return nil, care.Refuse("sleep-late", "This is late, and what is late stays on the list. Do it, or plan it anew.")
	case c.Until.IsZero():
		return nil, care.Refuse("sleep-until", "Say until which day.").On("until")
	case !c.Until.After(act.At):
		return nil, care.Refuse("sleep-past", "That day has come already: choose a later one.").On("until")
	case c.Until.After(i.Due):
		return nil, care.Refuse("sleep-too-long", "It is due by {date}: it cannot sleep longer than that.", "date", k.Day(i.Due.Add(-time.Second)).String()).On("until")
	}
	return one(Slept{Item: c.Item, Version: i.Version, Until: c.Until}), nil
}
