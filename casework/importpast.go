package casework

import (
	"slices"
	"strings"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// post reads UNIT/ROLE; where a role is given, the unit alone is enough.
func (x *reader) post(column, cell string, role care.Role) care.Post {
	if cell == "" {
		return care.Post{}
	}
	unit, after, named := strings.Cut(cell, "/")
	if named {
		role = care.Role(after)
	}
	p := care.Post{Unit: care.UnitID(unit), Role: role}
	u, ok := x.known.dir.Unit(p.Unit)
	if !ok {
		var ids []string
		for _, id := range x.known.dir.All() {
			ids = append(ids, string(id))
		}
		msg := "There is no unit " + unit + "."
		if near := pathway.Nearest(unit, ids); near != "" {
			msg += " Did you mean " + near + "?"
		}
		x.bad(column, "no-such-unit", "%s", msg)
		return care.Post{}
	}
	if role == "" || !x.known.dir.Exists(p) {
		var roles []string
		for _, r := range append([]care.Role{care.Desk, care.Lead}, u.Roles...) {
			roles = append(roles, unit+"/"+string(r))
		}
		x.bad(column, "no-such-post", "%s is no open post; there are %s.", cell, strings.Join(roles, ", "))
		return care.Post{}
	}
	return p
}

// sender is the unit that sent the referral, or what an outsider calls itself.
func (x *reader) sender(d *pathway.Definition) care.Party {
	unit, name := x.cells["sender"], x.cells["sender-name"]
	switch {
	case unit == "" && name == "":
		x.bad("sender", "missing", "Who sent the referral? Give the unit, or the name of somebody outside under sender-name.")
	case unit != "" && name != "":
		x.bad("sender", "sender-twice", "Give the unit or the name of somebody outside, not both.")
	case name != "":
		return care.Party{Kind: care.PartyOther, Name: name}
	default:
		role := care.Desk
		id, _, _ := strings.Cut(unit, "/")
		for _, r := range d.Roles {
			p := care.Post{Unit: care.UnitID(id), Role: care.Role(r.ID)}
			if x.known.dir.Exists(p) && slices.Contains(r.At, x.known.dir.Kind(p.Unit)) {
				role = p.Role
				break
			}
		}
		return care.Party{Kind: care.PartyUnit, Post: x.post("sender", unit, role)}
	}
	return care.Party{}
}

// past reads the milestones that were reached, each with its source, and the
// steps that were done.
func (x *reader) past(row *importRow, received care.Date) {
	cal := care.CalendarOf(row.def.Regime)
	last := received
	newest := 0
	for i, m := range row.def.Milestones {
		if m.ID == pathway.Received {
			continue
		}
		column := string(m.ID)
		at, source := x.date(column), x.cells[column+sourceSuffix]
		switch {
		case x.cells[column] == "" && source != "":
			x.bad(column, "missing", "There is a source, but no date.")
		case at.IsZero():
			continue
		case source == "":
			x.bad(column+sourceSuffix, "missing", "Where does the date come from? Such as the record system's appointment book.")
		case at.Before(last):
			x.bad(column, "date-order", "%s lies before %s, which comes earlier in the pathway.", at, last)
		case i > newest+1 && newest+1 < len(row.def.Milestones):
			x.bad(string(row.def.Milestones[newest+1].ID), "missing", "%s was reached, so this was reached before it: when?", column)
		}
		last, newest = at, i
		row.open.Past = append(row.open.Past, journey.PastMilestone{ID: m.ID, At: cal.StartOf(at), Source: source})
	}
	for _, s := range row.def.Steps {
		x.pastStep(row, s)
	}
	if len(x.found) == 0 {
		x.behind(row, newest)
	}
}

// pastStep reads how a step went before the import.
func (x *reader) pastStep(row *importRow, s pathway.Step) {
	column := stepPrefix + string(s.ID)
	outcome := x.cells[column]
	if s.Kind == pathway.Answer {
		var allowed []string
		reached := false
		for _, a := range s.Answers {
			if a.Sets == "" {
				continue
			}
			allowed = append(allowed, string(a.Kind))
			reached = reached || slices.ContainsFunc(row.open.Past, func(p journey.PastMilestone) bool { return p.ID == a.Sets })
		}
		switch {
		case reached && outcome == "":
			x.bad(column, "missing", "The referral was answered: how? %s.", strings.Join(allowed, " or "))
		case outcome != "" && !slices.Contains(allowed, outcome):
			x.bad(column, "no-such-answer", "%s is no answer; there are %s.", outcome, strings.Join(allowed, " and "))
		case outcome != "" && !reached:
			x.bad(column, "missing", "There is an answer, but no date for the milestone that it sets.")
		}
	} else if outcome != "" && outcome != "done" && s.Kind != pathway.Choosing {
		x.bad(column, "no-such-outcome", "%s is no outcome of this step; write done.", outcome)
	}
	if outcome != "" {
		row.open.PastSteps[s.ID] = outcome
	}
}

// behind marks the steps that the course has left behind: those that something
// earlier than the newest milestone would open, and that nobody waits for any
// more. What is next opens. A step with a condition is not touched: it opens
// when the condition is known to hold.
func (x *reader) behind(row *importRow, newest int) {
	stage := map[string]int{}
	for i, m := range row.def.Milestones {
		stage[string(m.ID)] = i
	}
	reached := func(n pathway.Need) bool {
		if n.Milestone != "" {
			return stage[string(n.Milestone)] <= newest
		}
		outcome, done := row.open.PastSteps[n.Step]
		for _, s := range row.def.Steps {
			if s.ID == n.Step && s.Sets != "" && stage[string(s.Sets)] <= newest {
				outcome, done = "done", true
			}
		}
		return done && (n.Outcome == "" || n.Outcome == outcome)
	}
	// Steps stand in the file in the order in which they can be reached, but a
	// chain may need several passes.
	for range row.def.Steps {
		before := len(row.open.PastSteps)
		for _, s := range row.def.Steps {
			_, given := row.open.PastSteps[s.ID]
			if given || s.If != nil || s.Sets != "" || s.Kind == pathway.Answer || stageOf(row.def, s, stage) >= newest || !all(s.After, reached) {
				continue
			}
			row.open.PastSteps[s.ID] = ""
		}
		if len(row.open.PastSteps) == before {
			return
		}
	}
}

func all(needs []pathway.Need, met func(pathway.Need) bool) bool {
	for _, n := range needs {
		if !met(n) {
			return false
		}
	}
	return true
}

// stageOf is the latest milestone that a step waits for, by its place in the
// pathway: through other steps, too.
func stageOf(d *pathway.Definition, s pathway.Step, stage map[string]int) int {
	at := 0
	for _, n := range s.After {
		at = max(at, needStage(d, n, stage))
	}
	return at
}

func needStage(d *pathway.Definition, n pathway.Need, stage map[string]int) int {
	if n.Milestone != "" {
		return stage[string(n.Milestone)]
	}
	for _, s := range d.Steps {
		if s.ID != n.Step {
			continue
		}
		if s.Sets != "" {
			return stage[string(s.Sets)]
		}
		for _, a := range s.Answers {
			if a.Sets != "" && (n.Outcome == "" || n.Outcome == string(a.Kind)) {
				return stage[string(a.Sets)]
			}
		}
		return stageOf(d, s, stage)
	}
	return 0
}

// foreign refuses a cell under a column that this row's pathway does not have.
func (x *reader) foreign(column string, d *pathway.Definition) {
	if x.cells[column] == "" || slices.Contains(importColumns, column) {
		return
	}
	name := strings.TrimSuffix(column, sourceSuffix)
	own := false
	switch {
	case strings.HasPrefix(column, stepPrefix):
		own = slices.ContainsFunc(d.Steps, func(s pathway.Step) bool { return stepPrefix+string(s.ID) == column })
	case strings.HasPrefix(column, rolePrefix):
		own = slices.ContainsFunc(d.Roles, func(r pathway.Role) bool { return rolePrefix+string(r.ID) == column })
	default:
		own = slices.ContainsFunc(d.Milestones, func(m pathway.Milestone) bool { return string(m.ID) == name })
	}
	if !own {
		x.bad(column, "column-of-another", "%s has no such column.", d.Ref)
	}
}
