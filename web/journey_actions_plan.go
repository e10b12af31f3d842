package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
)

// planActions are interventions and choices.
var planActions = []action{
	{
		name: "agree", command: journey.Agree{}.Name(), group: "course",
		asks: func(s *scene, _ thing) []ask { return s.interventionAsks("") },
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.Agree{NewIntervention: f.intervention("")}
		},
	},
	{
		name: "end-intervention", command: journey.EndIntervention{}.Name(), on: "intervention",
		offered:  runs,
		asks:     endInterventionAsks,
		proposes: func(*scene, thing) url.Values { return url.Values{"outcome": {"done"}} },
		presses:  func(*scene, thing) bool { return true },
		makes:    makeEndIntervention,
	},
	{
		name: "drop-intervention", command: journey.EndIntervention{}.Name(), on: "intervention",
		offered:  runs,
		asks:     endInterventionAsks,
		proposes: func(*scene, thing) url.Values { return url.Values{"outcome": {"dropped"}} },
		makes:    makeEndIntervention,
	},
	{
		name: "report", command: journey.ReportIntervention{}.Name(), on: "intervention",
		offered: runs,
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("state", s.picks("report", "on-its-way", "hindered", "needs-help")...).as("report-state").needed(), dayOf("due").needed(), wordsOf("words")}
		},
		proposes: func(s *scene, t thing) url.Values {
			due := s.last(s.v.State.Interventions[t.n-1].Due)
			if due.Before(s.today) {
				due = s.v.Calendar.Add(s.today, care.Span{N: 10, Unit: care.WorkingDays})
			}
			return url.Values{"due": {due.String()}}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.ReportIntervention{Intervention: t.n, State: f.text("state"), Due: f.date("due"), Words: f.text("words")}
		},
	},
	{
		name: "lay-out", command: journey.LayOut{}.Name(), on: "options",
		offered: func(s *scene, t thing) bool {
			return !slices.ContainsFunc(s.v.State.Choices, func(c journey.Choice) bool { return string(c.ID) == t.id && c.Made == nil })
		},
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(_ *scene, t thing, _ *filled) named { return journey.LayOut{Choice: pathway.ChoiceID(t.id)} },
	},
	{
		name: "lay-out-step", command: journey.LayOut{}.Name(), on: "step",
		offered: func(s *scene, t thing) bool {
			st := s.liveStep(t, pathway.Choosing)
			return st != nil && !slices.ContainsFunc(s.v.State.Choices, func(c journey.Choice) bool { return c.Step == t.n && c.Made == nil })
		},
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes: func(s *scene, t thing, _ *filled) named {
			var id pathway.ChoiceID
			if def := s.stepDef(s.v.State.Steps[t.n-1].ID); def != nil {
				id = def.Choice
			}
			return journey.LayOut{Choice: id, Step: t.n}
		},
	},
	{
		name: "choose", command: journey.Choose{}.Name(), on: "choice", spoken: true,
		offered: func(s *scene, t thing) bool { return s.v.State.Choices[t.n-1].Made == nil },
		asks: func(s *scene, t thing) []ask {
			c := s.v.State.Choices[t.n-1]
			var options []choice
			for _, id := range c.Options {
				o := s.text.Choices[c.ID].Options[id]
				hint := o.Asks + " " + o.Gives
				if here := s.services(c.ID, id); len(here) > 0 {
					hint += " " + strings.Join(here, " ")
				}
				if slices.Contains(c.Gated, id) {
					hint += " " + s.p.T("staff.gated")
				} else if s.raises(c, id) && s.v.Person.State.Condition.Malaise != person.MalaiseNo {
					hint += " " + s.p.T("staff.raises")
				}
				options = append(options, choice{value: id, label: o.Title, hint: hint})
			}
			asks := []ask{someOf("chosen", options...).with("chosen"), dayOf("lookAgain").needed(), wordsOf("words").as("said"), wordsOf("despite").with("despite")}
			if s.asksMalaise(c) {
				known := s.picks("malaise", string(person.MalaiseYes), string(person.MalaiseNo), "unknown")
				asks = slices.Insert(asks, 0, radioOf("malaise", known...).needed().with("malaise-first"))
			}
			return asks
		},
		proposes: func(s *scene, t thing) url.Values {
			return url.Values{"lookAgain": {s.lookAgain(s.v.State.Choices[t.n-1]).String()}}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.Choose{
				Choice: t.n, Chosen: f.several("chosen"), LookAgain: f.date("lookAgain"), Words: f.text("words"), Despite: f.text("despite"), Malaise: f.text("malaise"),
			}
		},
	},
}

// raises reports whether an option asks more of the body.
func (s *scene) raises(c journey.Choice, id string) bool {
	def, _ := s.v.Definition.Choice(c.ID)
	return slices.Contains(c.Gated, id) || optionIn(def, id).RaisesActivity
}

// asksMalaise reports whether a choice must first ask whether effort makes the
// patient worse: nobody has said, and an option asks more of the body.
func (s *scene) asksMalaise(c journey.Choice) bool {
	return s.v.Person.State.Condition.Malaise == "" && slices.ContainsFunc(c.Options, func(id string) bool { return s.raises(c, id) })
}

func runs(s *scene, t thing) bool {
	return s.v.State.Interventions[t.n-1].State == journey.InterventionRunning
}

func endInterventionAsks(s *scene, _ thing) []ask {
	return []ask{radioOf("outcome", s.picks("outcome", "done", "dropped")...).needed(), wordsOf("words").with("patient-reads")}
}

func makeEndIntervention(_ *scene, t thing, f *filled) named {
	return journey.EndIntervention{Intervention: t.n, Outcome: f.text("outcome"), Words: f.text("words")}
}

// interventionAsks ask for something agreed: what, who and when. suffix tells
// several in one form from each other.
func (s *scene) interventionAsks(suffix string) []ask {
	return []ask{
		lineOf("what" + suffix).as("what").needed(),
		partyOf("for"+suffix, s.parties(true)...).as("for-whom").needed().with("for-whom"),
		dayOf("due" + suffix).as("due").needed(),
		someOf("raises"+suffix, choice{value: "yes", label: s.p.T("staff.raises-activity")}).as("raises"),
		lineOf("despite" + suffix).as("despite").with("despite"),
	}
}

func (f *filled) intervention(suffix string) journey.NewIntervention {
	return journey.NewIntervention{
		What: f.text("what" + suffix), For: f.party("for" + suffix), Due: f.date("due" + suffix),
		RaisesActivity: f.yes("raises" + suffix), Despite: f.text("despite" + suffix),
	}
}

// endDef is the ending a thing names.
func (s *scene) endDef(t thing) pathway.End {
	for _, e := range s.v.Definition.Ends {
		if string(e.ID) == t.id {
			return e
		}
	}
	return pathway.End{}
}

// endAsks ask for what the ending must say, and no more.
func endAsks(s *scene, t thing) []ask {
	def := s.endDef(t)
	var asks []ask
	if def.CarriesOn == "" && !slices.Contains(def.Asks, "prescriptions") {
		return append(asks, endAsk("reason"))
	}
	if def.CarriesOn == "" {
		asks = append(asks, partyOf("carriesOn", s.parties(true)...).as("carries-on"))
	}
	for _, a := range def.Asks {
		switch a {
		case "prescriptions":
			asks = append(asks, partyOf("prescriptions", s.carriersToChoose()...).needed(), dayOf("prescriptions-until"))
		case "sick-notes":
			asks = append(asks, partyOf("sick-notes", s.carriersToChoose()...).needed(), dayOf("sick-notes-until").with("sick-notes-until"))
		case "next-check":
			asks = append(asks, dayOf("next-check").needed())
		default:
			asks = append(asks, endAsk(a))
		}
	}
	return asks
}

func endAsk(name string) ask { return wordsOf(name).needed().with("patient-reads") }

// proposeEnd fills an ending with who carries on and the pathway's own words on
// how to come back.
func proposeEnd(s *scene, t thing) url.Values {
	v := s.carriedNow()
	v.Set("come-back", s.text.Ends[pathway.EndID(t.id)].ComeBack)
	v.Set("next-check", s.v.Calendar.Add(s.today, care.Span{N: 3, Unit: care.Months}).String())
	return v
}

func makeEnd(_ *scene, t thing, f *filled) named {
	return journey.EndJourney{
		End: pathway.EndID(t.id), CarriesOn: f.party("carriesOn"), Carriers: f.carriers(), NextCheck: f.date("next-check"),
		ComeBack: f.text("come-back"), Reason: f.text("reason"), SafetyNet: f.text("safety-net"),
	}
}

// stepsToMove are the open steps, for a note or a wait that is about one.
func (s *scene) stepsToMove() []choice {
	var out []choice
	for _, st := range s.v.State.Steps {
		if st.Live() {
			out = append(out, choice{value: strconv.Itoa(st.Step), label: s.stepAt(st.Step)})
		}
	}
	return out
}

// lookAgain is the day that is proposed for looking at a choice again: when its
// step comes back by itself, and otherwise in three months, which are ours.
func (s *scene) lookAgain(c journey.Choice) care.Date {
	wait := care.Span{N: 3, Unit: care.Months}
	if c.Step > 0 {
		if def, ok := s.v.Definition.Step(s.v.State.Steps[c.Step-1].ID); ok && def.Repeat != nil {
			wait = def.Repeat.Every
		}
	}
	return s.v.Calendar.Add(s.today, wait)
}
