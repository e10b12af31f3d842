package web

import (
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

// delayCauses are the causes of a delay, for the form that plans a step.
func (s *scene) delayCauses() []choice {
	out := make([]choice, 0, len(journey.DelayCauses))
	for _, c := range journey.DelayCauses {
		out = append(out, choice{value: string(c), label: s.p.T("me.delay." + string(c))})
	}
	return out
}

// delayOf is a delay by the service in one line: what day was said before, why it
// is later now, and who decided. It is "" where nothing was delayed.
func delayOf(p page, v casework.JourneyView, st journey.Step) string {
	if st.Delay == "" || st.Planned.IsZero() {
		return ""
	}
	why := lowerFirst(p.T("me.delay." + string(st.Delay)))
	who := unitName(p, v, decidedBy(v, st))
	if st.Promised.IsZero() {
		return p.T("me.delay.late", "why", why, "who", who)
	}
	return p.T("me.delay.said", "date", p.lang.Date(v.Calendar.Date(st.Promised)), "why", why, "who", who)
}

// decidedBy is the post that planned the step last.
func decidedBy(v casework.JourneyView, st journey.Step) care.Post {
	by := st.Owner
	for _, r := range v.History {
		if e, ok := r.Event.(journey.StepPlanned); ok && e.Step == st.Step && !r.Post.IsZero() {
			by = r.Post
		}
	}
	return by
}

// knownWait says what was last known of the wait for a step at the unit that does
// it, where that is longer than the step may take: both stand on the page from
// the first day. A site names such a wait as a service for PATHWAY/steps/STEP.
func knownWait(p page, v casework.JourneyView, st journey.Step) string {
	if !st.Planned.IsZero() {
		return "" // there is a time
	}
	for _, s := range v.Directory().Services(v.Definition.ID + "/steps/" + string(st.ID)) {
		if s.Unit != st.Owner.Unit || s.Wait == nil {
			continue
		}
		begins := v.Calendar.Add(v.Calendar.Date(v.State.Received), *s.Wait)
		if !v.Calendar.LastDay(st.Latest).Before(begins) {
			return ""
		}
		return p.T("me.known-wait", "wait", p.lang.Span(*s.Wait), "date", p.lang.Date(s.Seen))
	}
	return ""
}

// calledBy is the last day on which the first contact phones where a date has
// passed; zero where the pathway does not say.
func calledBy(v casework.JourneyView, st journey.Step) care.Date {
	within := v.Definition.Overdue.Contact.Within
	if st.Clock == "" || within.IsZero() {
		return care.Date{}
	}
	// The limit runs out at the end of its last day: the day of the contact is
	// counted from the day after.
	return v.Calendar.Add(v.Calendar.Date(st.Latest), within)
}

// keptWords say what happens where the latest date passes.
func keptWords(p page, v casework.JourneyView, st journey.Step) string {
	by := calledBy(v, st)
	if by.IsZero() {
		return p.T("me.latest-followed", "who", contactName(p, v))
	}
	return strings.TrimSpace(p.T("me.latest-kept-by", "who", contactName(p, v), "date", p.lang.ShortDate(by)))
}
