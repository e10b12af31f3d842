package web

import (
	"cmp"
	"slices"
	"strings"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// stepTable is the whole journey step by step: what is done, what is now, what
// is planned, what is not decided and what may come.
func (s *scene) stepTable() table {
	t := table{
		id: "step-table", cards: true, caption: s.p.T("staff.table-of-steps"),
		columns: []column{
			{name: s.p.T("staff.field.step-name")}, {name: s.p.T("staff.column.state")}, {name: s.p.T("staff.column.when")},
			{name: s.p.T("plan.latest")}, {name: s.p.T("staff.responsible")}, {name: s.p.T("staff.column.source")},
		},
	}
	steps := slices.Clone(s.v.State.Steps)
	slices.SortStableFunc(steps, func(a, b journey.Step) int {
		return cmp.Or(cmp.Compare(stepRank(a), stepRank(b)), stepTime(a).Compare(stepTime(b)))
	})
	for _, st := range steps {
		if st.State == journey.StepUndoing {
			continue
		}
		t.rows = append(t.rows, s.stepRow(st))
	}
	for id, outcome := range s.v.State.BroughtIn {
		t.rows = append(t.rows, []cell{{text: s.step(id)}, {text: s.p.T("staff.brought-in"), sub: outcome}, {}, {}, {}, {}})
	}
	for _, id := range s.v.Ahead {
		state := cell{text: s.p.T("staff.ahead")}
		if missing := s.v.Undecided[id]; len(missing) > 0 {
			var names []string
			for _, f := range missing {
				names = append(names, orElse(s.text.Facts[f], string(f)))
			}
			state = cell{text: s.p.T("state.undecided"), sub: s.p.T("staff.waits-to-learn", "what", s.p.lang.List(names))}
		}
		t.rows = append(t.rows, []cell{{text: s.step(id)}, state, {}, {}, {}, {}})
	}
	return t
}

// stepRank orders steps: done, now, dropped last.
func stepRank(st journey.Step) int {
	switch st.State {
	case journey.StepIsDone:
		return 0
	case journey.StepOpen, journey.StepFixed:
		return 1
	case journey.StepNoMore, journey.StepUndoing:
	}
	return 2
}

func stepTime(st journey.Step) care.Deadline {
	switch {
	case !st.Live():
		return st.Ended
	case st.Due.IsZero():
		return st.Latest
	default:
		return st.Due
	}
}

func (s *scene) stepRow(st journey.Step) []cell {
	state, when := cell{text: s.p.T("state.now"), tone: "now"}, cell{}
	switch {
	case st.State == journey.StepIsDone:
		state = cell{text: s.p.T("state.done"), tone: "done", sub: s.outcome(st)}
		when = cell{text: s.p.lang.ShortDate(s.v.Calendar.Date(st.Ended)), whole: true}
	case st.State == journey.StepNoMore:
		state = cell{text: s.p.T("state.dropped")}
		when = cell{text: s.p.lang.ShortDate(s.v.Calendar.Date(st.Ended)), whole: true}
	case st.Latest.Before(s.v.Now):
		state = cell{text: s.p.T("state.overdue", "n", s.last(st.Latest).DaysUntil(s.today)), tone: "past"}
	case st.State == journey.StepFixed:
		state = cell{text: s.p.T("state.planned"), tone: "ahead"}
	}
	if st.Live() && !st.Planned.IsZero() {
		when = cell{text: s.at(st.Planned)}
		if st.Way != "" {
			when.sub = s.p.T("staff.way." + string(st.Way))
		}
	}
	latest := cell{text: s.p.lang.ShortDate(s.last(st.Latest)), whole: true}
	if st.Live() {
		latest.sub = s.p.lang.UntilWeek(s.today, s.last(st.Latest))
	}
	return []cell{{text: s.stepAt(st.Step)}, state, when, latest, {text: s.post(st.Owner)}, {text: s.basis(st.Basis)}}
}

// outcome is how a step ended, where that says more than that it is done.
func (s *scene) outcome(st journey.Step) string {
	switch st.Kind {
	case pathway.Answer:
		return s.p.T("staff.answers." + st.Outcome)
	case pathway.Choosing:
		var names []string
		for id := range strings.SplitSeq(st.Outcome, ",") {
			if def := s.stepDef(st.ID); def != nil {
				names = append(names, orElse(s.text.Choices[def.Choice].Options[id].Title, id))
			}
		}
		return s.p.lang.List(names)
	}
	return ""
}

// clockTable is every limit with its ledger: started, limit, used, paused, plain
// time, and where it comes from.
func (s *scene) clockTable() table {
	t := table{
		id: "clock-table", cards: true, caption: s.p.T("staff.table-of-clocks"),
		columns: []column{
			{name: s.p.T("staff.column.due")}, {name: s.p.T("staff.column.limit")}, {name: s.p.T("staff.column.started")},
			{name: s.p.T("plan.latest")}, {name: s.p.T("staff.column.used"), number: true}, {name: s.p.T("staff.column.paused"), number: true},
			{name: s.p.T("staff.column.plain"), number: true}, {name: s.p.T("staff.column.state")}, {name: s.p.T("staff.column.source")},
		},
	}
	cal := s.v.Calendar
	for _, c := range s.v.State.Clocks {
		state := cell{text: s.p.T("staff.clock." + string(c.State))}
		switch c.State {
		case journey.ClockLate:
			state = cell{text: s.p.T("state.overdue", "n", max(1, s.last(c.Latest).DaysUntil(s.today))), tone: "past"}
		case journey.ClockMet:
			state.sub = s.p.lang.ShortDate(cal.Date(c.Stop))
			if c.Stop.After(c.Latest) {
				state.text = s.p.T("staff.clock.stopped-late")
			}
		case journey.ClockRunning, journey.ClockIsLeft:
		}
		name := cell{text: s.clock(c.ID)}
		if a := findAction("pause-clock"); c.Live() && s.can(a, thing{kind: "clock", id: string(c.ID)}) {
			name.body = clockName(name.text, s.p.T("staff.do.pause-clock"), actionAddress(s.v.ID, "pause-clock", "clock/"+string(c.ID)))
		}
		paused := c.PausedDays(s.today)
		t.rows = append(t.rows, []cell{
			name, {text: s.p.lang.Span(c.Limit), sub: s.p.T("staff.clock-kind." + string(c.Kind))},
			{text: s.p.lang.ShortDate(cal.Date(c.Start)), sub: s.milestone(c.From), whole: true},
			{text: s.p.lang.ShortDate(s.last(c.Latest)), whole: true},
			{text: s.p.lang.Days(c.UsedDays(cal, s.v.Now)), number: true}, {text: s.p.lang.Days(paused), number: true},
			{text: s.p.lang.Days(c.PlainDays(cal, s.v.Now)), number: true}, state, {text: s.basis(c.Basis)},
		})
	}
	return t
}
