package publication

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// How long an open thing may stand before it is late. Tag: proposed.
const (
	daysToAnswer = 14
	daysToLook   = 28
)

// The words that items and worklists name these things by.
const (
	RefApprove = "pathway-approve"
	RefConfirm = "pathway-confirm"
	RefReview  = "pathway-review"
	RefSource  = "pathway-source"
	RefBase    = "pathway-base"
)

// Due is when time alone next changes the pathway: when the day of a review has
// passed.
func Due(s State) (next time.Time, ok bool) {
	for _, v := range s.Versions {
		if due := v.reviewDue(); !due.IsZero() && (!ok || due.Before(next)) {
			next, ok = due, true
		}
	}
	return next, ok
}

// reviewDue is the midnight that ends the review day of a version that nobody
// has said of that it is due; zero where none.
func (e Edition) reviewDue() time.Time {
	if e.Stands == StandsRetired || e.Due || e.ReviewBy.IsZero() {
		return time.Time{}
	}
	due := care.CalendarOf(e.Regime).EndOf(e.ReviewBy)
	if due.Before(e.At) {
		// It was published after its own review day: it is due at once.
		due = e.At
	}
	return due.UTC()
}

// Items are what authors and approvers must do next, what is due first first:
// approvals and confirmations that are asked for, reviews, sources that changed,
// layers whose base has a new version. Each stands with the post for pathways of
// the unit that must act.
func (s State) Items() []care.Item {
	var out []care.Item
	add := func(kind care.ItemKind, key, ref string, unit care.UnitID, since time.Time, days, version int) {
		post := care.Post{Unit: unit, Role: care.PathwayApprover}
		due := since
		if days > 0 {
			cal := care.CalendarOf(s.Regime)
			due = cal.EndOf(cal.Date(since).AddDays(days)).UTC()
		}
		out = append(out, care.Item{Key: key, Kind: kind, Ref: ref, Post: post, Since: since, Due: due, Version: version})
	}
	for _, v := range s.Versions {
		if v.Stands == StandsPublished {
			add(care.DecisionItem, "approve/"+v.Ref.Version, RefApprove, v.Unit, v.At, daysToAnswer, v.Event)
		}
		if v.Due && v.Stands != StandsRetired {
			add(care.ReviewItem, "review/"+v.Ref.Version, RefReview, v.Unit, v.DueSince, 0, v.DueEvent)
		}
	}
	for _, p := range s.Proposals {
		if p.Open() {
			unit := p.Unit
			if unit == "" {
				unit = p.By.Post.Unit
			}
			add(care.DecisionItem, "confirm/"+strconv.Itoa(p.Proposal), RefConfirm, unit, p.By.At, daysToAnswer, p.Event)
		}
	}
	for _, n := range s.Notices {
		v, _ := s.Edition(n.Version)
		if !n.Open() || v.Stands == StandsRetired {
			continue
		}
		ref := RefSource
		if n.Kind == OfBase {
			ref = RefBase
		}
		add(care.ReviewItem, "notice/"+strconv.Itoa(n.Notice), ref, v.Unit, n.Since, daysToLook, n.Event)
	}
	slices.SortStableFunc(out, func(a, b care.Item) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key)) })
	return out
}

// fromDefinition is what a version says of itself.
func fromDefinition(d *pathway.Definition) Published {
	return Published{Ref: d.Ref, TextHash: d.TextHash, Regime: d.Regime, Status: d.Status, Extends: d.Extends, ReviewBy: d.Review.By}
}

// About says what an item is about: the version, and the number of the proposal
// or the notice, where it is one.
func (s State) About(i care.Item) (version string, proposal, notice int) {
	what, which, _ := strings.Cut(i.Key, "/")
	n, err := strconv.Atoi(which)
	switch {
	case what == "confirm" && err == nil && n >= 1 && n <= len(s.Proposals):
		return s.Proposals[n-1].Version, n, 0
	case what == "notice" && err == nil && n >= 1 && n <= len(s.Notices):
		return s.Notices[n-1].Version, 0, n
	}
	return which, 0, 0
}

// DidFirst reports whether somebody did the first half of what an item asks for,
// so that another must do the second.
func (s State) DidFirst(i care.Item, who string) bool {
	version, proposal, _ := s.About(i)
	if proposal > 0 {
		return s.Proposals[proposal-1].By.By == who
	}
	v, _ := s.Edition(version)
	return i.Ref == RefApprove && slices.Contains(v.behind(), who)
}

// Concerns reports whether an event is about a version.
func (s State) Concerns(e care.Event, version string) bool {
	proposed := func(n int) bool { return n >= 1 && n <= len(s.Proposals) && s.Proposals[n-1].Version == version }
	switch e := e.(type) {
	case Published:
		return e.Ref.Version == version
	case ApprovalGiven:
		return e.Version == version
	case Approved:
		return e.Version == version
	case Proposed:
		return e.Version == version
	case Withdrawn:
		return proposed(e.Proposal)
	case Activated:
		return e.Version == version
	case RolledBack:
		return e.Version == version || proposed(e.Proposal)
	case Retired:
		return e.Version == version
	case Reworded:
		return e.Version == version
	case ReviewFellDue:
		return e.Version == version
	case Reviewed:
		return e.Version == version
	case Noticed:
		return e.Version == version
	case NoticeSettled:
		return e.Notice >= 1 && e.Notice <= len(s.Notices) && s.Notices[e.Notice-1].Version == version
	}
	return false
}
