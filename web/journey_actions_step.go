package web

import (
	"net/url"
	"slices"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// stepActions are what can be done with a step.
var stepActions = []action{
	{
		name: "open", command: journey.Open{}.Name(), elsewhere: "/referrals/new",
		offered: func(*scene, thing) bool { return false },
	},
	{
		name: "answer", command: journey.Answer{}.Name(), on: "step", elsewhere: "/journeys/{id}/answer",
		offered: onStep(pathway.Answer),
	},
	{
		name: "complete", command: journey.CompleteStep{}.Name(), on: "step",
		offered: onStep(pathway.Task, pathway.Visit, pathway.Form),
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("words").as("done-words")} },
		proposes: func(s *scene, t thing) url.Values {
			v := url.Values{}
			if st := s.liveStep(t); st != nil && !st.Planned.IsZero() && st.Planned.Before(s.v.Now) {
				local := st.Planned.In(s.v.Calendar.Zone())
				v.Set("happened", care.DateOf(local, local.Location()).String())
				v.Set("happened-time", local.Format("15:04"))
			}
			return v
		},
		presses: doneAtOnce,
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.CompleteStep{Step: t.n, Words: f.text("words")}
		},
	},
	{
		name: "record-done", command: journey.CompleteStep{}.Name(), on: "step",
		offered: func(s *scene, t thing) bool {
			return s.liveStep(t, pathway.Task, pathway.Visit, pathway.Form) != nil && doneAtOnce(s, t)
		},
		asks: func(*scene, thing) []ask { return []ask{wordsOf("words").as("done-words")} },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.CompleteStep{Step: t.n, Words: f.text("words")}
		},
	},
	{
		name: "plan", command: journey.PlanStep{}.Name(), on: "step",
		offered: onStep(pathway.Task, pathway.Visit, pathway.Form, pathway.Answer, pathway.HandOver, pathway.Choosing),
		asks: func(s *scene, t thing) []ask {
			return slices.Concat([]ask{
				momentOf("at").needed(),
				oneOf("way", s.ways(t)...),
			}, s.asksInterpreter(t), []ask{
				oneOf("reason", s.picks("plan-reason", string(journey.Planned), string(journey.ByWish), string(journey.MovedIll), string(journey.ByService))...).as("plan-reason"),
				oneOf("cause", s.delayCauses()...).with("delay-cause"),
				wordsOf("words"),
				wordsOf("despite").as("strain").with("strain"),
			})
		},
		proposes: proposeTime,
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.PlanStep{
				Step: t.n, At: f.moment("at"), Way: pathway.Way(f.text("way")), Reason: journey.PlanReason(f.text("reason")), Words: f.text("words"),
				Cause: journey.DelayCause(f.text("cause")), Interpreter: interpreterAnswer(f),
				Despite: f.text("despite"),
			}
		},
	},
	{
		name: "miss", command: journey.MissStep{}.Name(), on: "step",
		offered: func(s *scene, t thing) bool { st := s.liveStep(t); return st != nil && !st.Planned.IsZero() },
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("reason", s.picks("miss", string(journey.MissedTooIll), string(journey.MissedNoShow), string(journey.MissedService))...).as("miss-reason").needed(),
				wordsOf("words"),
			}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.MissStep{Step: t.n, Reason: journey.MissReason(f.text("reason")), Words: f.text("words")}
		},
	},
	{
		name: "wish-to-wait", command: journey.WishToWait{}.Name(), on: "step", spoken: true,
		offered: func(s *scene, t thing) bool { return s.liveStep(t) != nil },
		asks: func(*scene, thing) []ask {
			return []ask{dayOf("until").needed().with("wish-to-wait"), wordsOf("words").as("said")}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.WishToWait{Step: t.n, Until: f.date("until"), Words: f.text("words")}
		},
	},
	{
		name: "drop", command: journey.DropStep{}.Name(), on: "step",
		offered: func(s *scene, t thing) bool { st := s.liveStep(t); return st != nil && st.Kind != pathway.Answer },
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("reason").needed().with("patient-reads")} },
		makes:   func(_ *scene, t thing, f *filled) named { return journey.DropStep{Step: t.n, Reason: f.text("reason")} },
	},
}

// doneAtOnce reports whether a step can be called done without more being said:
// plain work, and a visit whose time has come.
func doneAtOnce(s *scene, t thing) bool {
	st := s.liveStep(t)
	return st.Kind == pathway.Task || !st.Planned.IsZero() && st.Planned.Before(s.v.Now)
}

// ways are the forms a step can take.
func (s *scene) ways(t thing) []choice {
	var out []choice
	if t.kind != "step" {
		return nil
	}
	def := s.stepDef(s.v.State.Steps[t.n-1].ID)
	if def == nil {
		return nil
	}
	for _, w := range def.Ways {
		out = append(out, choice{value: string(w), label: s.p.T("staff.way." + string(w))})
	}
	return out
}

// proposeTime proposes a time for a step: ten o'clock on a working day two weeks
// ahead, or on the last working day before the latest date where that comes
// first. Ours, no source: it is there to be changed.
func proposeTime(s *scene, t thing) url.Values {
	v := url.Values{}
	st := s.liveStep(t)
	if st == nil {
		return v
	}
	d := s.v.Calendar.Add(s.today, care.Span{N: 10, Unit: care.WorkingDays})
	for last := s.last(st.Latest); last.Before(d) && s.today.Before(d); {
		d = d.AddDays(-1)
	}
	for !s.v.Calendar.IsWorkingDay(d) && s.today.Before(d) {
		d = d.AddDays(-1)
	}
	if !s.today.Before(d) {
		d = s.v.Calendar.Add(s.today, care.Span{N: 1, Unit: care.WorkingDays})
	}
	v.Set("at", d.String())
	v.Set("at-time", "10:00")
	if def := s.stepDef(st.ID); st.Way != "" {
		v.Set("way", string(st.Way))
	} else if def != nil && len(def.Ways) > 0 {
		v.Set("way", string(def.Ways[0]))
	}
	return v
}

// courseActions are what can be done with the journey as a whole.
var courseActions = []action{
	{
		name: "too-ill", command: journey.TooIll{}.Name(), group: "patient", spoken: true,
		asks: func(*scene, thing) []ask { return []ask{dayOf("until").with("too-ill"), wordsOf("words").as("said")} },
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.TooIll{Until: f.date("until"), Words: f.text("words")}
		},
	},
	{
		name: "bind", command: journey.BindRole{}.Name(), on: "role",
		asks: func(s *scene, t thing) []ask {
			return []ask{oneOf("post", s.forRole(pathway.RoleID(t.id))...).with("bind")}
		},
		proposes: func(s *scene, t thing) url.Values {
			v := url.Values{}
			if post := s.v.State.Roles[pathway.RoleID(t.id)]; !post.IsZero() {
				v.Set("post", post.String())
			}
			return v
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.BindRole{Role: pathway.RoleID(t.id), Post: f.post("post")}
		},
	},
	{
		name: "fact", command: journey.RecordFact{}.Name(), on: "fact",
		asks: func(s *scene, t thing) []ask { return []ask{s.factAsk(s.factDef(t.id), "value").needed()} },
		makes: func(s *scene, t thing, f *filled) named {
			return journey.RecordFact{Fact: pathway.FactID(t.id), Value: factValue(s.factDef(t.id), f.text("value"))}
		},
	},
	{
		name: "pause-clock", command: journey.PauseClock{}.Name(), on: "clock",
		offered: func(s *scene, t thing) bool {
			c := s.v.State.ClockOf(pathway.ClockID(t.id))
			return c.Live() && len(c.Pauses) > 0
		},
		asks: func(s *scene, t thing) []ask {
			var reasons []choice
			for _, r := range s.v.State.ClockOf(pathway.ClockID(t.id)).Pauses {
				label := s.text.Pauses[r]
				if label == "" {
					label = r
				}
				reasons = append(reasons, choice{value: r, label: label})
			}
			return []ask{radioOf("reason", reasons...).as("pause-reason").needed(), dayOf("from").needed(), dayOf("until").needed(), wordsOf("words")}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.PauseClock{Clock: pathway.ClockID(t.id), Reason: f.text("reason"), From: f.date("from"), Until: f.date("until"), Words: f.text("words")}
		},
	},
	{
		name: "correct", command: journey.CorrectMilestone{}.Name(), on: "milestone",
		asks: func(*scene, thing) []ask {
			return []ask{momentOf("at").as("correct-at").needed(), wordsOf("why").needed().with("correct-why")}
		},
		proposes: func(s *scene, t thing) url.Values {
			local := s.v.State.Milestones[pathway.MilestoneID(t.id)].At.In(s.v.Calendar.Zone())
			return url.Values{"at": {care.DateOf(local, local.Location()).String()}, "at-time": {local.Format("15:04")}}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.CorrectMilestone{Milestone: pathway.MilestoneID(t.id), At: f.moment("at"), Why: f.text("why")}
		},
	},
	{
		name: "move", command: journey.Move{}.Name(), group: "course",
		asks: func(s *scene, _ thing) []ask {
			return []ask{oneOf("to", s.otherPathways()...).as("move-to").needed(), wordsOf("reason").needed().with("patient-reads")}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.Move{To: parseRef(f.text("to")), Reason: f.text("reason")}
		},
	},
	{
		name: "keep-plan", command: journey.KeepPlan{}.Name(), group: "course", spoken: true,
		offered: func(s *scene, _ thing) bool { return s.v.State.Keep != nil && s.v.Now.Before(s.v.State.Keep.Until) },
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("words").as("said")} },
		makes:   func(_ *scene, _ thing, f *filled) named { return journey.KeepPlan{Words: f.text("words")} },
	},
	{
		name: "end", command: journey.EndJourney{}.Name(), on: "end",
		offered:  func(s *scene, _ thing) bool { return s.v.State.Status == journey.Running },
		asks:     endAsks,
		proposes: proposeEnd,
		makes:    makeEnd,
	},
	{
		name: "come-back", command: journey.ComeBack{}.Name(), group: "end",
		offered: func(s *scene, _ thing) bool { return s.v.State.Status == journey.Closed },
		asks: func(s *scene, _ thing) []ask {
			return []ask{wordsOf("why").as("come-back-why").needed(), oneOf("to", s.posts(nil)...).as("come-back-to").needed()}
		},
		proposes: func(s *scene, _ thing) url.Values { return url.Values{"to": {s.c.who.Post.String()}} },
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.ComeBack{To: f.post("to"), Why: f.text("why")}
		},
	},
	{
		name: "note-death", command: journey.NoteDeath{}.Name(), group: "end",
		offered: func(s *scene, _ thing) bool {
			return s.v.Person.State.Death.Recorded && !slices.ContainsFunc(s.v.State.Decisions, func(d journey.Decision) bool { return d.About == "died" })
		},
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(*scene, thing, *filled) named { return journey.NoteDeath{} },
	},
	{
		name: "undo", command: journey.Undo{}.Name(), on: "event",
		offered: func(s *scene, t thing) bool {
			return slices.ContainsFunc(s.v.State.Acts, func(a journey.Act) bool { return a.First == t.n && s.v.State.CanUndo(a) })
		},
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(_ *scene, t thing, _ *filled) named { return journey.Undo{Version: t.n} },
	},
}

func (s *scene) factDef(id string) pathway.Fact {
	for _, f := range s.v.Definition.Facts {
		if string(f.ID) == id {
			return f
		}
	}
	return pathway.Fact{}
}

// factAsk asks for a value that conditions may read, by its type.
func (s *scene) factAsk(f pathway.Fact, name string) ask {
	return factAsk(s.p, s.text, f, name)
}

func factAsk(p page, text *pathway.Text, f pathway.Fact, name string) ask {
	label := text.Facts[f.ID]
	if label == "" {
		label = string(f.ID)
	}
	switch f.Type {
	case pathway.BoolFact:
		return radioOf(name, choice{value: "true", label: p.T("form.yes")}, choice{value: "false", label: p.T("form.no")}).called(label)
	case pathway.IntFact:
		return numberOf(name).called(label)
	case pathway.DateFact:
		return dayOf(name).called(label)
	case pathway.TextFact:
	}
	if len(f.Values) == 0 {
		return lineOf(name).called(label)
	}
	var list []choice
	for _, v := range f.Values {
		list = append(list, choice{value: v, label: v})
	}
	return radioOf(name, list...).called(label)
}

func factValue(f pathway.Fact, text string) journey.FactValue {
	return journey.FactValue{Type: f.Type, Text: text}
}

// otherPathways are the versions and pathways of the same law that the journey
// could move to: approved, and not retired.
func (s *scene) otherPathways() []choice {
	defs, err := s.c.s.service.Pathways(s.c.r.Context())
	if err != nil {
		return nil
	}
	var out []choice
	for _, def := range defs {
		if def.Regime != s.v.State.Regime || def.Hash == s.v.State.Pathway.Hash {
			continue
		}
		if s.c.s.service.MayMoveTo(s.c.r.Context(), def.Ref, s.v.State.Responsible.Unit) == nil {
			out = append(out, choice{value: def.Ref.String(), label: s.p.T("staff.version-of", "what", textOf(s.p, def).Title, "version", def.Version)})
		}
	}
	return out
}

func parseRef(s string) pathway.Ref {
	for i := len(s) - 1; i > 0; i-- {
		if s[i] == '@' {
			return pathway.Ref{ID: s[:i], Version: s[i+1:]}
		}
	}
	return pathway.Ref{ID: s}
}
