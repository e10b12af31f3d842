package questionnaire

import (
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// The refs of a form's items.
const (
	alertRef, sentRef, quietRef = "form-alert", "form-sent", "form-quiet"
)

// Due is when time alone next changes the form: its day passes, or an item that
// somebody must see to is too late.
func Due(s State) (time.Time, bool) {
	var next time.Time
	at := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	if s.Status == Open && !s.Quiet.Noted {
		at(s.By)
	}
	for _, i := range s.open() {
		if _, climbed := s.Climbed[i.Key]; !climbed && i.Ref != quietRef {
			at(i.Due)
		}
	}
	return next, !next.IsZero()
}

// wake does what time alone causes. A form that was not answered gets one note,
// which nobody is reminded of; what must be seen to climbs to the lead, who is a
// named person (L7). It ends nothing (L5).
func (d decision) wake() []care.Made {
	var made []care.Made
	if d.s.Status == Open && !d.s.Quiet.Noted && !d.s.By.After(d.act.At) {
		made = append(made, care.Made{Event: Quiet{d.deadline(toLook)}})
	}
	for _, i := range d.s.open() {
		if _, climbed := d.s.Climbed[i.Key]; !climbed && i.Ref != quietRef && !i.Due.After(d.act.At) {
			made = append(made, care.Made{Event: Overdue{i.Key, care.Post{Unit: i.Post.Unit, Role: care.Lead}}})
		}
	}
	return made
}

// Items are the open things, ordered by key. One that climbed stands on the
// lead's list as well.
func (s State) Items() []care.Item {
	var items []care.Item
	for _, i := range s.open() {
		c, climbed := s.Climbed[i.Key]
		if climbed {
			i.Overdue = 1
		}
		items = append(items, i)
		if climbed && c.To != i.Post {
			up := i
			up.Key, up.Kind, up.Post, up.Since = i.Key+"!", care.EscalationItem, c.To, c.At
			items = append(items, up)
		}
	}
	return items
}

// open lists what is open, without what climbed.
func (s State) open() []care.Item {
	var items []care.Item
	for _, a := range s.Alerts {
		if a.Done == 0 {
			items = append(items, care.Item{
				Key: "alert/" + a.Item, Kind: care.DecisionItem, Ref: alertRef, Post: a.Post, Since: a.Since, Due: a.Due, Version: a.Version,
			})
		}
	}
	if s.Status == HandedIn && !s.WasRead {
		items = append(items, care.Item{
			Key: "sent", Kind: care.ReviewItem, Ref: sentRef, Post: s.Reader, Since: s.Closed, Due: s.ReadBy, Version: s.ClosedVersion,
		})
	}
	if s.Quiet.Open {
		items = append(items, care.Item{
			Key: "quiet", Kind: care.ReviewItem, Ref: quietRef, Post: s.Reader, Since: s.Quiet.Since, Due: s.Quiet.Due, Version: s.Quiet.Version,
		})
	}
	slices.SortFunc(items, func(a, b care.Item) int { return strings.Compare(a.Key, b.Key) })
	return items
}
