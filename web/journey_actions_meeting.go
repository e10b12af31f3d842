package web

import (
	"net/url"
	"strconv"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// meetingActions call a meeting, take the call back, record it and answer what
// it decided.
var meetingActions = []action{
	{
		name: "call-meeting", command: journey.CallMeeting{}.Name(), on: "step",
		offered: onStep(pathway.Meeting),
		asks: func(s *scene, t thing) []ask {
			asks := []ask{
				momentOf("at").as("meeting-at").needed(),
				oneOf("way", s.ways(t)...),
				someOf("there", s.invited()...).needed().with("there"),
			}
			asks = append(asks, s.asksInterpreter(t)...)
			for _, r := range s.unbound() {
				asks = append(asks, lineOf("name-"+string(r)).called(s.p.T("staff.invite-outside", "role", s.role(r))))
			}
			return append(asks, lineOf("other-1").as("invite-other"), lineOf("other-2").as("invite-other-two"), wordsOf("despite").as("strain").with("strain"))
		},
		proposes: func(s *scene, t thing) url.Values {
			v := proposeTime(s, t)
			for _, c := range s.invited() {
				if c.value != string(care.PartyRelative) {
					v.Add("there", c.value)
				}
			}
			return v
		},
		makes: makeCall,
	},
	{
		name: "hold-meeting", command: journey.HoldMeeting{}.Name(), on: "meeting",
		elsewhere: "/journeys/{id}/meetings/{meeting}",
		offered:   called,
		asks:      meetingAsks,
		proposes:  proposePresence,
		makes:     makeHeld,
	},
	{
		name: "cancel-meeting", command: journey.CancelMeeting{}.Name(), on: "meeting",
		offered: called,
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("words").as("reason")} },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.CancelMeeting{Meeting: t.n, Words: f.text("words")}
		},
	},
	{
		name: "answer-decisions", command: journey.AnswerDecisions{}.Name(), on: "meeting", spoken: true,
		offered: func(s *scene, t thing) bool {
			m := s.v.State.Meetings[t.n-1]
			return m.State == journey.MeetingDone && m.Held != nil && !m.Held.AnswerBy.IsZero()
		},
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("answer", s.picks("decisions", "agrees", "objects", "no-answer-wanted")...).as("decisions-answer").needed(), wordsOf("words").as("said")}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.AnswerDecisions{Meeting: t.n, Answer: f.text("answer"), Words: f.text("words")}
		},
	},
}

func called(s *scene, t thing) bool {
	return s.v.State.Meetings[t.n-1].State == journey.MeetingPlanned
}

// invited are those who can be called to a meeting: the patient, a relative,
// and every role that is bound.
func (s *scene) invited() []choice {
	out := s.picks("party", string(care.PartyPatient), string(care.PartyRelative))
	for _, r := range s.v.Definition.Roles {
		if post := s.v.State.Roles[r.ID]; !post.IsZero() {
			out = append(out, choice{value: string(r.ID), label: s.role(r.ID) + ": " + s.post(post)})
		}
	}
	return out
}

// unbound are the roles of the pathway that nobody fills yet, such as NAV.
func (s *scene) unbound() []pathway.RoleID {
	var out []pathway.RoleID
	for _, r := range s.v.Definition.Roles {
		if s.v.State.Roles[r.ID].IsZero() {
			out = append(out, r.ID)
		}
	}
	return out
}

func makeCall(s *scene, t thing, f *filled) named {
	return journey.CallMeeting{
		Step: t.n, At: f.moment("at"), Way: pathway.Way(f.text("way")), Despite: f.text("despite"), Interpreter: interpreterAnswer(f), Participants: makeCallParties(s, f),
	}
}

// makeCallParties are those whom a form names to take part in a meeting.
func makeCallParties(s *scene, f *filled) []journey.Participant {
	var called []journey.Participant
	for _, id := range f.several("there") {
		p := journey.Participant{Party: care.Party{Kind: care.PartyKind(id)}}
		if post := s.v.State.Roles[pathway.RoleID(id)]; !post.IsZero() {
			p = journey.Participant{Party: care.Party{Kind: care.PartyUnit, Post: post}, Role: pathway.RoleID(id)}
		}
		called = append(called, p)
	}
	for _, r := range s.unbound() {
		if name := f.text("name-" + string(r)); name != "" {
			called = append(called, journey.Participant{Party: care.Party{Kind: care.PartyOther, Name: name}, Role: r})
		}
	}
	for _, field := range []string{"other-1", "other-2"} {
		if name := f.text(field); name != "" {
			called = append(called, journey.Participant{Party: care.Party{Kind: care.PartyOther, Name: name}})
		}
	}
	return called
}

// agreedRows is how many agreed interventions one record holds; more are agreed
// afterwards, one by one.
const agreedRows = 6

// meetingAsks are the record of a meeting, in the order of the protocol: the
// patient first, item by item, then what was agreed.
func meetingAsks(s *scene, t thing) []ask {
	m := s.v.State.Meetings[t.n-1]
	asks := []ask{
		radioOf("patientPresent", s.picks("present", "yes", "no")...).as("patient-present").needed(),
		wordsOf("patientWords").as("patient-words").with("patient-words"),
	}
	for _, item := range m.Agenda {
		asks = append(asks, someOf("first-"+item, choice{value: "yes", label: s.p.T("staff.patient-first")}).called(s.agenda(item)))
		if roles := s.presentFor(m, item); len(roles) > 0 {
			asks = append(asks, someOf("present-"+item, roles...).called(s.p.T("staff.present-for", "item", lowerFirst(s.agenda(item)))))
		}
	}
	asks = append(asks, wordsOf("minutes"), wordsOf("summary").with("summary"))
	for n := 1; n <= agreedRows; n++ {
		suffix := "-" + strconv.Itoa(n)
		for _, a := range s.interventionAsks(suffix) {
			a.must = false
			if a.kind == askLine && a.name == "what"+suffix {
				a = a.called(s.p.T("staff.agreed-row", "row", n))
			}
			asks = append(asks, a)
		}
	}
	return asks
}

// proposePresence ticks those who were called, each for their own part. That the
// patient was first is never proposed: it is what the record is for.
func proposePresence(s *scene, t thing) url.Values {
	v := url.Values{}
	m := s.v.State.Meetings[t.n-1]
	for _, item := range m.Agenda {
		for _, r := range s.rolesFor(m, item) {
			v.Add("present-"+item, string(r))
		}
	}
	return v
}

// agenda is an item of an agenda in words.
func (s *scene) agenda(item string) string {
	if t := s.text.Agenda[item]; t != "" {
		return t
	}
	return item
}

// agendaItem is the rule of an item of a meeting's agenda.
func (s *scene) agendaItem(m journey.Meeting, item string) pathway.AgendaItem {
	if def := s.stepDef(s.v.State.Steps[m.Step-1].ID); def != nil {
		for _, a := range def.Agenda {
			if a.ID == item {
				return a
			}
		}
	}
	return pathway.AgendaItem{ID: item}
}

// presentFor are the roles that may be present for an item: never one that the
// protocol keeps out of it.
func (s *scene) presentFor(m journey.Meeting, item string) []choice {
	var out []choice
	for _, r := range s.rolesFor(m, item) {
		out = append(out, choice{value: string(r), label: s.role(r)})
	}
	return out
}

// rolesFor are the roles called to a meeting that are present for an item.
func (s *scene) rolesFor(m journey.Meeting, item string) []pathway.RoleID {
	rule := s.agendaItem(m, item)
	var out []pathway.RoleID
	for _, p := range m.Participants {
		if p.Role == "" || has(rule.Without, p.Role) || has(out, p.Role) || len(p.Items) > 0 && !has(p.Items, item) {
			continue
		}
		out = append(out, p.Role)
	}
	return out
}

func has[S ~string](list []S, x S) bool {
	for _, v := range list {
		if v == x {
			return true
		}
	}
	return false
}

func makeHeld(s *scene, t thing, f *filled) named {
	m := s.v.State.Meetings[t.n-1]
	held := journey.HoldMeeting{
		Meeting: t.n, PatientPresent: f.yes("patientPresent"), PatientWords: f.text("patientWords"),
		Minutes: f.text("minutes"), Summary: f.text("summary"),
	}
	for _, item := range m.Agenda {
		p := journey.ItemProtocol{Item: item, PatientFirst: f.yes("first-" + item)}
		for _, r := range f.several("present-" + item) {
			p.Present = append(p.Present, pathway.RoleID(r))
		}
		held.Items = append(held.Items, p)
	}
	for n := 1; n <= agreedRows; n++ {
		if iv := f.intervention("-" + strconv.Itoa(n)); iv.What != "" {
			f.agreedWhole(n)
			held.Agreed = append(held.Agreed, iv)
		}
	}
	return held
}

// agreedWhole holds that what was agreed has an owner and a date.
func (f *filled) agreedWhole(n int) {
	suffix := "-" + strconv.Itoa(n)
	if f.text("for"+suffix) == "" {
		f.fault("for"+suffix, f.p.T("form.unchosen", "label", f.p.T("staff.field.for-whom")))
	}
	if f.text("due"+suffix) == "" {
		f.fault("due"+suffix, f.p.T("form.missing", "label", f.p.T("staff.field.due")))
	}
}
