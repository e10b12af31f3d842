package journey_test

import (
	"fmt"
	"sync"

	"forlop/care"
	"forlop/pathway"
)

func span(n int, u care.SpanUnit) care.Span { return care.Span{N: n, Unit: u} }

var ours = pathway.Basis{Tag: pathway.Proposed}

// made is a small pathway that has one of everything. Its numbers are made up:
// they are there to be counted, not to be followed.
var made = sync.OnceValue(func() *pathway.Definition { return makePathway("2026.1") })

// newer is the next version of it: shorter limits, one step less, one more.
var newer = sync.OnceValue(func() *pathway.Definition {
	d := makePathway("2026.2")
	d.KeepOld = &pathway.KeepOld{Within: span(4, care.Weeks), Basis: ours}
	d.Clocks[2].Within = span(8, care.Weeks)
	for i := range d.Steps {
		switch d.Steps[i].ID {
		case "draft-plan":
			d.Steps[i].By.Within = span(6, care.Weeks)
		case "explain-advice":
			d.Steps[i].ID = "explain-more"
		}
	}
	return d
})

func makePathway(version string) *pathway.Definition {
	d := &pathway.Definition{
		Ref: pathway.Ref{ID: "no.made", Version: version, Hash: "made-" + version}, Regime: care.Norway, Status: pathway.Draft,
		For: pathway.Audience{Opens: []pathway.Opening{{ID: "two-help", Basis: ours}}},
		Facts: []pathway.Fact{
			{ID: "several", Type: pathway.BoolFact},
			{ID: "visits", Type: pathway.IntFact},
			{ID: "ill-since", Type: pathway.DateFact},
			{ID: "burden", Type: pathway.TextFact, Values: []string{"light", "heavy"}},
		},
		Roles: []pathway.Role{
			{ID: "gp", At: []string{"primary-care"}},
			{ID: "team", At: []string{"pain-clinic"}},
			{ID: "coordinator", At: []string{"pain-clinic"}, Contact: true},
			{ID: "municipality", At: []string{"municipal-service"}},
			{ID: "nav", At: []string{"work-and-welfare"}},
		},
		Clocks: []pathway.Clock{
			{ID: "answer", Kind: pathway.LawClock, From: pathway.Received, To: "referral-answered", Within: span(10, care.WorkingDays), Basis: pathway.Basis{Source: "right"}},
			{
				ID: "start", Kind: pathway.PathwayClock, From: pathway.Received, To: "assessment-started", Within: span(12, care.Weeks), Basis: ours,
				Pauses: []pathway.Pause{{Reason: "patient-wish", Basis: ours}, {Reason: "abroad", Basis: ours}},
			},
			{ID: "assessment", Kind: pathway.PathwayClock, From: "assessment-started", To: "meeting-held", Within: span(12, care.Weeks), Basis: ours},
		},
		Choices: []pathway.Choice{{ID: "help", Options: []pathway.Option{{ID: "pacing"}, {ID: "training", RaisesActivity: true}}}},
		Ends: []pathway.End{
			{ID: "handed-over", After: []pathway.Need{{Step: "hand-over"}}, CarriesOn: "gp", Asks: []string{"prescriptions", "sick-notes", "next-check", "come-back", "safety-net"}},
			{ID: "transferred", CarriesOn: "team", Asks: []string{"reason"}},
			{ID: "advised", After: []pathway.Need{{Step: "follow-advice"}}, CarriesOn: "gp"},
			{ID: "leaves", Asks: []string{"reason"}},
			{ID: "died", Asks: []string{"reason"}},
		},
	}
	for _, id := range []pathway.MilestoneID{pathway.Received, "referral-answered", "assessment-started", "meeting-held"} {
		d.Milestones = append(d.Milestones, pathway.Milestone{ID: id, Basis: ours})
	}
	d.Overdue.Contact.Who, d.Overdue.Contact.Within = "coordinator", span(2, care.WorkingDays)
	d.Overdue.Ladder = []pathway.Rung{
		{After: span(0, care.Days), To: "owner"}, {After: span(2, care.WorkingDays), To: "coordinator"}, {After: span(5, care.WorkingDays), To: "lead"},
	}
	by := func(n int, u care.SpanUnit) pathway.By { return pathway.By{Within: span(n, u), Basis: ours} }
	after := func(steps ...pathway.StepID) (needs []pathway.Need) {
		for _, s := range steps {
			needs = append(needs, pathway.Need{Step: s})
		}
		return needs
	}
	accepted := []pathway.Need{{Step: "assess-referral", Outcome: "accept"}}
	received := []pathway.Need{{Milestone: pathway.Received}}
	d.Steps = []pathway.Step{
		{
			ID: "assess-referral", Kind: pathway.Answer, Who: "team", After: received, By: pathway.By{Clock: "answer"},
			Answers: []pathway.AnswerRule{
				{Kind: pathway.Accept, Sets: "referral-answered", Asks: []string{"right", "latest-legal-date", "reasons", "how-to-complain", "message"}},
				{Kind: pathway.Advise, Sets: "referral-answered", Asks: []string{"right", "plan", "owner", "reasons"}},
				{Kind: pathway.Redirect, Asks: []string{"receiver", "reasons"}, AnswerWithin: span(5, care.WorkingDays)},
				{Kind: pathway.Ask, Asks: []string{"question"}, AnswerWithin: span(5, care.WorkingDays)},
			},
		},
		{ID: "help-meanwhile", Kind: pathway.Task, Who: "gp", After: received, By: by(10, care.WorkingDays)},
		{ID: "start-date", Kind: pathway.Task, Who: "coordinator", After: accepted, By: by(0, care.Days)},
		{ID: "start-assessment", Kind: pathway.Visit, Who: "team", After: accepted, By: pathway.By{Clock: "start"}, Sets: "assessment-started"},
		{ID: "wishes", Kind: pathway.Form, Who: pathway.PatientRole, Follower: "coordinator", After: after("start-assessment"), By: by(6, care.Weeks)},
		{ID: "draft-plan", Kind: pathway.Task, Who: "team", After: after("start-assessment"), By: by(10, care.Weeks)},
		{ID: "choose-help", Kind: pathway.Choosing, Who: "team", After: after("start-assessment"), By: by(4, care.Weeks), Choice: "help"},
		{
			ID: "meeting", Kind: pathway.Meeting, Who: "team", After: after("start-assessment"), By: pathway.By{Clock: "assessment"}, Sets: "meeting-held",
			Agenda:       []pathway.AgendaItem{{ID: "opening", Without: []pathway.RoleID{"nav"}}, {ID: "work", With: []pathway.RoleID{"nav"}}},
			AnswerWithin: span(10, care.WorkingDays),
		},
		{ID: "talk", Kind: pathway.Visit, Who: "coordinator", After: after("meeting"), By: by(2, care.Weeks), Repeat: &pathway.Repeat{Every: span(4, care.Weeks), Times: 1, Basis: ours}},
		{ID: "hand-over", Kind: pathway.HandOver, Who: "coordinator", To: "gp", After: after("meeting"), By: by(10, care.WorkingDays)},
		{ID: "joint-plan", Kind: pathway.Task, Who: "municipality", After: received, By: by(4, care.Weeks)},
		{ID: "youth-talk", Kind: pathway.Visit, Who: "coordinator", After: accepted, By: by(4, care.Weeks)},
		{ID: "explain-advice", Kind: pathway.Visit, Who: "coordinator", After: []pathway.Need{{Step: "assess-referral", Outcome: "advise"}}, By: by(10, care.WorkingDays)},
		{ID: "follow-advice", Kind: pathway.Visit, Who: "gp", After: []pathway.Need{{Step: "assess-referral", Outcome: "advise"}}, By: by(4, care.Weeks)},
	}
	for id, text := range map[pathway.StepID]string{
		"help-meanwhile": `!reached("assessment-started")`,
		"start-date":     `!reached("assessment-started")`,
		"wishes":         `!reached("meeting-held")`,
		"draft-plan":     `!reached("meeting-held")`,
		"joint-plan":     `several`,
		"youth-talk":     `age < 25 && pem`,
	} {
		condition, err := d.Condition(text)
		if err != nil {
			panic(err)
		}
		for i := range d.Steps {
			if d.Steps[i].ID == id {
				d.Steps[i].If = condition
			}
		}
	}
	return d
}

// shelf finds the two versions, and one for Sweden.
func shelf(r pathway.Ref) (*pathway.Definition, error) {
	switch r.String() {
	case "no.made@2026.1":
		return made(), nil
	case "no.made@2026.2":
		return newer(), nil
	case "se.made@2026.1":
		d := *made()
		d.ID, d.Regime = "se.made", care.Sweden
		return &d, nil
	}
	return nil, care.Missing("no-such-pathway", fmt.Sprintf("There is no pathway %s.", r))
}

// oneDefinition is a shelf with one definition.
func oneDefinition(d *pathway.Definition) func(pathway.Ref) (*pathway.Definition, error) {
	return func(pathway.Ref) (*pathway.Definition, error) { return d, nil }
}
