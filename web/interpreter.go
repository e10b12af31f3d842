package web

import (
	"net/url"
	"slices"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// interpreterActions say whether an interpreter is booked for a planned time: by
// one press where none was, and by a form for what was said before.
var interpreterActions = []action{
	{
		name: "interpreter-booked", command: journey.NoteInterpreter{}.Name(), on: "interpreter",
		offered: lacksInterpreter,
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes: func(_ *scene, t thing, _ *filled) named {
			return journey.NoteInterpreter{Step: t.n, Interpreter: journey.InterpreterBooked}
		},
	},
	{
		name: "interpreter-not-needed", command: journey.NoteInterpreter{}.Name(), on: "interpreter",
		offered: lacksInterpreter,
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes: func(_ *scene, t thing, _ *filled) named {
			return journey.NoteInterpreter{Step: t.n, Interpreter: journey.InterpreterNotNeeded}
		},
	},
	{
		name: "note-interpreter", command: journey.NoteInterpreter{}.Name(), on: "step",
		offered: func(s *scene, t thing) bool {
			st := s.liveStep(t, pathway.Visit, pathway.Meeting)
			return st != nil && !st.Planned.IsZero() && (s.needsInterpreter() || st.Interpreter != "")
		},
		asks: func(s *scene, _ thing) []ask { return []ask{s.interpreterAsk()} },
		proposes: func(s *scene, t thing) url.Values {
			return url.Values{"interpreter-booked": {string(s.v.State.Steps[t.n-1].Interpreter)}}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.NoteInterpreter{Step: t.n, Interpreter: interpreterAnswer(f)}
		},
	},
}

func lacksInterpreter(s *scene, t thing) bool { return s.v.State.Steps[t.n-1].LacksInterpreter() }

func (s *scene) needsInterpreter() bool { return s.v.Person.State.Languages.Interpreter != "" }

// asksInterpreter is the one question that planning an appointment adds for
// somebody who needs an interpreter; none for everybody else.
func (s *scene) asksInterpreter(t thing) []ask {
	if !s.needsInterpreter() || s.liveStep(t, pathway.Visit, pathway.Meeting) == nil {
		return nil
	}
	return []ask{s.interpreterAsk()}
}

func (s *scene) interpreterAsk() ask {
	return radioOf("interpreter-booked", s.picks("interpreting", texts(journey.InterpreterAnswers)...)...).needed()
}

func interpreterAnswer(f *filled) journey.Interpreting {
	return journey.Interpreting(f.text("interpreter-booked"))
}

// A remark is one line above a form, with where to do something about it.
type remark struct {
	text string
	link link
}

// interpreterUnknown remarks, where an appointment is planned for somebody who
// reads another language than the country's, that nobody has said whether they
// need an interpreter.
func (s *scene) interpreterUnknown(a *action, t thing) *remark {
	l := s.v.Person.State.Languages
	plans := a.command == journey.PlanStep{}.Name() || a.command == journey.CallMeeting{}.Name()
	if !plans || l.Interpreter != "" || l.NoInterpreter || l.Reading == "" || slices.Contains(languagesOf(s.v.State.Regime), l.Reading) ||
		s.liveStep(t, pathway.Visit, pathway.Meeting) == nil {
		return nil
	}
	return &remark{
		text: s.p.T("staff.interpreter-unknown", "language", speak(l.Reading).T("language.name")),
		link: link{text: s.p.T("staff.interpreter-record"), href: actionAddress(s.v.ID, "set-languages", "")},
	}
}

// languagesOf are the languages of a country that pages are written in.
func languagesOf(r care.Regime) []care.Language {
	if r == care.Sweden {
		return []care.Language{care.Swedish}
	}
	return []care.Language{care.Bokmal, care.Nynorsk}
}

// interpreterLine is what is known of the interpreter for a planned time; "" where
// none is needed and nobody has said anything.
func (s *scene) interpreterLine(st journey.Step) string {
	switch {
	case st.Planned.IsZero() || st.Kind != pathway.Visit && st.Kind != pathway.Meeting:
		return ""
	case st.Interpreter != "":
		return s.p.T("staff.interpreter-is." + string(st.Interpreter))
	case s.needsInterpreter():
		return s.p.T("staff.interpreter-is.not-asked")
	}
	return ""
}
