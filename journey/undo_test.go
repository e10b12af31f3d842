package journey_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// essence is what matters of a journey, without ordinals and versions: who is
// responsible, what is open with whom and by when, which steps are done, which
// milestones are reached, how the clocks run, what is known. Two states with one
// essence read the same to everyone.
func essence(s *journey.State) map[string][]string {
	e := map[string][]string{}
	put := func(kind string, v any) {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		e[kind] = append(e[kind], string(b))
	}
	put("journey", []any{s.Status, s.Responsible, s.Desk, s.Pathway, s.End, s.Roles, s.Facts, s.BroughtIn, len(s.Words), s.Answer})
	for id, m := range s.Milestones {
		put("milestone", []any{id, m.At})
	}
	for _, i := range s.Items {
		put("item", []any{i.Kind, i.Ref, i.Post, i.Due, i.Latest, !i.Late.IsZero()})
	}
	for _, st := range s.Steps {
		if st.State != journey.StepUndoing {
			put("step", []any{st.ID, st.State, st.Owner, st.Latest, st.Planned, st.Outcome, st.Reason, st.Missed, st.Round, st.Clock, st.Basis})
		}
	}
	for _, c := range s.Clocks {
		if c.State != journey.ClockIsLeft {
			put("clock", []any{c.ID, c.State, c.Start, c.Latest, c.Stop, len(c.Paused)})
		}
	}
	for _, o := range s.Offers {
		if o.State == journey.OfferOpen {
			put("offer", []any{o.Kind, o.From, o.To, o.By, o.Intervention})
		}
	}
	for _, w := range s.Waits {
		if w.Open {
			put("wait", []any{w.For, w.Reason, w.Owner, w.Review, w.Step})
		}
	}
	for _, m := range s.Meetings {
		if m.State != journey.MeetingOff {
			put("meeting", []any{m.Step, m.At, m.State, m.Participants})
		}
	}
	for _, iv := range s.Interventions {
		if iv.Outcome != journey.ReasonUndone {
			put("intervention", []any{iv.State, iv.Owner, iv.Due, iv.Outcome})
		}
	}
	for _, list := range e {
		slices.Sort(list)
	}
	return e
}

func same(t *testing.T, what string, before, after map[string][]string) {
	t.Helper()
	for kind := range before {
		if !slices.Equal(before[kind], after[kind]) {
			t.Errorf("%s: %s was\n  %v\nand is\n  %v", what, kind, before[kind], after[kind])
		}
	}
	for kind := range after {
		if before[kind] == nil {
			t.Errorf("%s: there is %s %v, and was none", what, kind, after[kind])
		}
	}
}

func (l *life) version() int { return l.s.Version }

// undos holds one case for every event type that can be undone: how the journey
// comes to where it can be done, what is done, and what depends on it later.
var undos = map[string]struct {
	first   func(*life)
	do      func(*life)
	depends func(*life)
}{
	journey.StepDone{}.Type(): {
		first: func(l *life) {
			l.refer()
			l.accept()
			l.do(journey.OpenWait{For: thePatient, Reason: "patient-wish", Review: day("2026-02-01"), Step: l.n("start-assessment")})
		},
		do:      func(l *life) { l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team)) },
		depends: func(l *life) { l.do(journey.PlanStep{Step: l.n("draft-plan"), At: l.now.Add(time.Hour)}, by(team)) },
	},
	journey.StepPlanned{}.Type(): {
		first: func(l *life) {
			l.assess()
			l.do(journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-03 10:00"), Participants: []journey.Participant{{Party: thePatient}}})
		},
		do:      func(l *life) { l.do(journey.PlanStep{Step: l.n("meeting"), At: instant("2026-02-05 10:00")}) },
		depends: func(l *life) { l.do(journey.PlanStep{Step: l.n("meeting"), At: instant("2026-02-06 10:00")}) },
	},
	journey.StepDropped{}.Type(): {
		first: func(l *life) {
			l.assess()
			l.do(journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-03 10:00"), Participants: []journey.Participant{{Party: thePatient}}})
			l.do(journey.OpenWait{For: thePatient, Reason: "patient-wish", Review: day("2026-02-01"), Step: l.n("meeting")})
		},
		do:      func(l *life) { l.do(journey.DropStep{Step: l.n("meeting"), Reason: "Alle har møtt hverandre."}) },
		depends: func(l *life) { l.do(journey.Move{To: newer().Ref, Reason: "Ny versjon."}) },
	},
	journey.RoleBound{}.Type(): {
		first: func(l *life) {
			l.refer()
			l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Sykmelding.", For: thePatient, Due: day("2026-02-02")}}, by(gp))
		},
		do:      func(l *life) { l.do(journey.BindRole{Role: "gp", Post: otherGP}) },
		depends: func(l *life) { l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(otherGP)) },
	},
	journey.WaitOpened{}.Type(): {
		first:   func(l *life) { l.refer() },
		do:      func(l *life) { l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-02-01")}) },
		depends: func(l *life) { l.do(journey.ReviewWait{Wait: 1, Review: day("2026-03-01")}) },
	},
	journey.WaitEnded{}.Type(): {
		first: func(l *life) {
			l.refer()
			l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-02-01")})
		},
		do:      func(l *life) { l.do(journey.EndWait{Wait: 1}) },
		depends: func(l *life) { l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."}) },
	},
	journey.MeetingCalled{}.Type(): {
		first: func(l *life) {
			l.assess()
			l.do(journey.PlanStep{Step: l.n("meeting"), At: instant("2026-02-02 10:00")})
		},
		do: func(l *life) {
			l.do(journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-03 10:00"), Participants: []journey.Participant{{Party: thePatient}}})
		},
		depends: func(l *life) { l.do(journey.CancelMeeting{Meeting: 1}) },
	},
	journey.InterventionAgreed{}.Type(): {
		first: func(l *life) { l.assess() },
		do: func(l *life) {
			l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: party("municipality", "municipality"), Due: day("2026-03-02")}})
		},
		depends: func(l *life) { l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(municipal)) },
	},
	journey.InterventionEnded{}.Type(): {
		first: func(l *life) {
			l.assess()
			l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: party("municipality", "municipality"), Due: day("2026-03-02")}})
		},
		do:      func(l *life) { l.do(journey.EndIntervention{Intervention: 1, Outcome: "done"}) },
		depends: func(l *life) { l.do(journey.Move{To: newer().Ref, Reason: "Ny versjon."}) },
	},
	journey.Offered{}.Type(): {
		first:   func(l *life) { l.assess() },
		do:      func(l *life) { l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp}) },
		depends: func(l *life) { l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(gp)) },
	},
	journey.ConsultAsked{}.Type(): {
		first:   func(l *life) { l.assess() },
		do:      func(l *life) { l.do(journey.AskAdvice{To: party("clinic-b", "team"), Question: "Hva nå?"}) },
		depends: func(l *life) { l.do(journey.GiveAdvice{Consult: 1, Words: "Vent."}, by(teamB)) },
	},
	journey.JointCalled{}.Type(): {
		first:   func(l *life) { l.assess() },
		do:      func(l *life) { l.joint() },
		depends: func(l *life) { l.do(journey.Contribute{Contribution: 1, Words: "Normal."}, by(team)) },
	},
	journey.FactRecorded{}.Type(): {
		first: func(l *life) { l.refer() },
		do: func(l *life) {
			l.do(journey.RecordFact{Fact: "several", Value: journey.FactValue{Type: pathway.BoolFact, Text: "true"}})
		},
		depends: func(l *life) { l.do(journey.PlanStep{Step: l.n("joint-plan"), At: l.now.Add(time.Hour)}) },
	},
	journey.Told{}.Type(): {
		first: func(l *life) { l.refer() },
		do: func(l *life) {
			n := slices.IndexFunc(l.s.Tellings, func(x journey.Telling) bool { return x.To == thePatient && x.Open() })
			l.do(journey.Tell{Telling: n + 1, How: care.ByPhone})
		},
		depends: func(l *life) { l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."}) },
	},
	journey.Ended{}.Type(): {
		first: func(l *life) {
			l.refer()
			l.do(journey.PauseClock{Clock: "start", Reason: "abroad", From: day("2026-01-10"), Until: day("2026-01-12")})
			l.accept()
			l.do(journey.PlanStep{Step: l.n("start-assessment"), At: instant("2026-03-10 10:00")}, by(team))
			l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-03-01")})
			l.do(journey.AskParty{To: party("practice", "gp"), Question: "Medisiner?", By: day("2026-03-01")})
			l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp, By: day("2026-03-01")})
			l.do(journey.GiveWords{Kind: "message", Text: "Hei."}, bySelf)
		},
		do:      func(l *life) { l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."}) },
		depends: func(l *life) { l.do(journey.ComeBack{Why: "Har det verre."}) },
	},
}

// Doing and undoing leaves everything that matters as it was, an hour later as
// well as at once, and is refused when something has come to depend on it.
func TestUndo(t *testing.T) {
	t.Parallel()
	for _, typ := range journey.Events.Types() {
		c, ok := undos[typ]
		if can := journey.UndoOf(typ) != "none"; can != ok {
			t.Errorf("%s can be undone: %t, has a case: %t", typ, can, ok)
		}
		if !ok {
			continue
		}
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			c.first(l)
			l.now = l.now.Add(time.Hour)
			before, first := essence(l.s), l.version()+1
			c.do(l)
			act := l.s.Acts[len(l.s.Acts)-1]
			if act.Primary.Type() != typ || act.First != first {
				t.Fatalf("the act is %s", act.Primary.Type())
			}
			if !l.s.CanUndo(act) {
				t.Error("it is said that this cannot be undone")
			}
			l.now = l.now.Add(time.Hour)
			l.do(journey.Undo{Version: first})
			same(t, "undone", before, essence(l.s))
			l.refuse("undone-already", journey.Undo{Version: first})
			if l.s.CanUndo(l.s.Acts[len(l.s.Acts)-1]) || l.s.CanUndo(l.s.Acts[len(l.s.Acts)-2]) {
				t.Error("it is said that an undoing can be undone")
			}

			l = newLife(t)
			c.first(l)
			l.now = l.now.Add(time.Hour)
			c.do(l)
			act = l.s.Acts[len(l.s.Acts)-1]
			l.now = l.now.Add(time.Hour)
			c.depends(l)
			act = l.s.Acts[slices.IndexFunc(l.s.Acts, func(a journey.Act) bool { return a.First == act.First })]
			if l.s.CanUndo(act) {
				t.Error("it is said that this can be undone although something depends on it")
			}
			l.refuse("undo-too-late", journey.Undo{Version: act.First})
		})
	}
}

func TestWhatCannotBeUndone(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.refuse("no-undo", journey.Undo{Version: 1})
	l.refuse("no-such-act", journey.Undo{Version: 2})
	l.accept()
	l.refuse("no-undo", journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
	l.do(journey.GiveWords{Kind: "story", Text: "Det begynte i 2019."}, bySelf)
	l.refuse("no-undo", journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
	if len(l.s.Words) != 1 {
		t.Error("a contribution is gone")
	}
}

// A milestone that was corrected since is not taken back silently.
func TestUndoAfterACorrection(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	done := l.s.Acts[len(l.s.Acts)-1].First
	l.now = l.now.Add(time.Hour)
	l.do(journey.CorrectMilestone{Milestone: "assessment-started", At: instant("2026-01-05 09:30"), Why: "Timeboken."})
	l.refuse("undo-too-late", journey.Undo{Version: done})
}

// A clock that was late is late again after the undoing, and nobody is owed the
// same call twice.
func TestUndoOfALateStart(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	l.pass("2026-04-08 09:00")
	contacts := len(l.s.Contacts)
	l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team))
	l.do(journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
	if c := l.s.ClockOf("start"); c.State != journey.ClockLate {
		t.Errorf("the limit is %s", c.State)
	}
	l.pass("2026-04-09 09:00")
	if len(l.s.Contacts) != contacts {
		t.Error("the patient is owed the same contact twice")
	}
}

// Who was told that it ended is told that it goes on; who was not, is not told
// that it ended.
func TestUndoneEndingIsUntold(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."})
	end := l.s.Acts[len(l.s.Acts)-1].First
	for _, tell := range l.s.Tellings {
		if tell.About == "ended" && tell.To == thePatient {
			l.do(journey.Tell{Telling: tell.Telling, How: care.ByPhone})
		}
	}
	l.do(journey.Undo{Version: end})
	open := map[string]int{}
	for _, tell := range l.s.Tellings {
		if tell.Open() {
			open[tell.About]++
		}
		if tell.Off {
			l.refuse("telling-not-open", journey.Tell{Telling: tell.Telling, How: care.ByPhone})
		}
	}
	if open["ended"] != 0 || open["reopened"] != 1 {
		t.Errorf("still to be told: %v", open)
	}
}
