package web

import (
	"net/url"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// consultActions are e-consults: ask, answer, say what was done, say how it went.
var consultActions = []action{
	{
		name: "ask-advice", command: journey.AskAdvice{}.Name(), group: "talk",
		asks: func(s *scene, _ thing) []ask {
			asks := []ask{partyOf("to", s.parties(false)...).as("ask-advice-to").needed(), wordsOf("question").as("advice-question").needed()}
			if list := s.checklist(); len(list) > 0 {
				asks = append(asks, someOf("known", list...).as("known-along").with("known-along"))
			}
			return append(asks, dayOf("by").as("answer-by"))
		},
		proposes: func(s *scene, _ thing) url.Values {
			known, _ := journey.Checked(s.v.Definition, nil)
			if s.v.State.Status == journey.Running {
				_, known = journey.Checked(s.v.Definition, s.v.State.Missing)
			}
			return url.Values{"known": known}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.AskAdvice{To: f.party("to"), Question: f.text("question"), By: f.date("by"), Known: f.several("known")}
		},
	},
	{
		name: "give-advice", command: journey.GiveAdvice{}.Name(), on: "consult",
		offered: inConsult(journey.ConsultOpen),
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				wordsOf("words").as("given-advice").needed(),
				radioOf("suggests", append([]choice{{label: s.p.T("staff.suggests.none")}}, s.picks("suggests", string(journey.SuggestJoint), string(journey.SuggestTake))...)...).as("suggests"),
			}
		},
		proposes: func(s *scene, t thing) url.Values { return s.speaksFor(s.v.State.Consults[t.n-1].To) },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.GiveAdvice{Consult: t.n, Words: f.text("words"), Suggests: journey.Suggests(f.text("suggests"))}
		},
	},
	{
		name: "use-advice", command: journey.UseAdvice{}.Name(), on: "consult",
		offered: inConsult(journey.ConsultAnswered),
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("did", s.picks("did", string(journey.Followed), string(journey.FollowedPartly), string(journey.NotFollowed))...).needed(),
				wordsOf("words").as("did-words"), dayOf("lookAgain").as("look-again").with("advice-look-again"),
			}
		},
		proposes: func(s *scene, _ thing) url.Values {
			return url.Values{"lookAgain": {s.v.Calendar.Add(s.today, care.Span{N: 4, Unit: care.Weeks}).String()}}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.UseAdvice{Consult: t.n, Did: journey.Did(f.text("did")), Words: f.text("words"), LookAgain: f.date("lookAgain")}
		},
	},
	{
		name: "close-advice", command: journey.CloseAdvice{}.Name(), on: "consult",
		offered: inConsult(journey.ConsultInUse),
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("outcome", s.picks("advice-outcome", "helped", "no-change", "worse", "not-known")...).as("advice-outcome").needed(), wordsOf("words").as("patient-says-so")}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.CloseAdvice{Consult: t.n, Outcome: f.text("outcome"), Words: f.text("words")}
		},
	},
	{
		name: "withdraw-advice", command: journey.CloseAdvice{}.Name(), on: "consult",
		offered: inConsult(journey.ConsultOpen),
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("words").as("why").needed().with("patient-reads")} },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.CloseAdvice{Consult: t.n, Outcome: "withdrawn", Words: f.text("words")}
		},
	},
	{
		name: "offer-after-advice", command: journey.OfferTo{}.Name(), on: "consult",
		offered: func(s *scene, t thing) bool {
			return inConsult(journey.ConsultAnswered)(s, t) && !s.offered(journey.OfResponsibility, 0)
		},
		asks: offerAsks,
		proposes: func(s *scene, t thing) url.Values {
			v := s.carriedNow()
			if to := s.v.State.Consults[t.n-1].To; to.Kind == care.PartyUnit {
				v.Set("to", to.Post.String())
			}
			return v
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.OfferTo{
				Kind: journey.OfResponsibility, To: f.post("to"), By: f.date("by"), Words: f.text("words"), Carriers: f.carriers(), Consult: t.n,
			}
		},
	},
}

func inConsult(state journey.ConsultState) func(*scene, thing) bool {
	return func(s *scene, t thing) bool {
		c := s.v.State.Consults[t.n-1]
		return c.State == state && c.Open()
	}
}

// checklist is the pathway's entry checklist to choose from.
func (s *scene) checklist() []choice {
	out := make([]choice, 0, len(s.v.Definition.For.Checklist))
	for _, id := range s.v.Definition.For.Checklist {
		out = append(out, choice{value: id, label: orElse(s.text.Checklist[id], id)})
	}
	return out
}

// speaksFor fills in on whose behalf something is recorded that a party said.
func (s *scene) speaksFor(p care.Party) url.Values {
	if p.Kind == care.PartyUnit {
		return s.answersFor(p.Post)
	}
	v := url.Values{"behalf": {string(p.Kind)}, "how": {string(care.ByPhone)}}
	if p.Kind == care.PartyOther {
		v.Set("behalf-name", p.Name)
	}
	return v
}

// consultLines say where an e-consult stands, and what it brought along.
func (s *scene) consultLines(c journey.Consult) []string {
	lines := []string{s.p.T("staff.consult.from-to", "from", s.owner(c.Owner), "to", s.who(c.To), "date", s.last(c.By))}
	there, missing := journey.Checked(s.v.Definition, c.Known)
	if len(there) > 0 {
		lines = append(lines, s.p.T("staff.consult.known", "what", s.p.lang.List(s.checklistWords(there))))
	}
	if len(missing) > 0 && len(there) > 0 {
		lines = append(lines, s.p.T("staff.consult.missing", "what", s.p.lang.List(s.checklistWords(missing))))
	}
	if c.Suggests != "" {
		lines = append(lines, s.p.T("staff.consult.suggests", "what", lowerFirst(s.p.T("staff.suggests."+string(c.Suggests)))))
	}
	if c.Did != "" {
		lines = append(lines, s.p.T("staff.did."+string(c.Did)))
	}
	if c.State == journey.ConsultInUse {
		lines = append(lines, s.p.T("staff.consult.look-again", "date", s.last(c.LookAgain)))
	}
	if c.Outcome != "" && s.p.lang.has("staff.advice-outcome."+c.Outcome) {
		lines = append(lines, s.p.T("staff.advice-outcome."+c.Outcome))
	}
	return lines
}

func (s *scene) checklistWords(ids []string) []string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = lowerFirst(orElse(s.text.Checklist[id], id))
	}
	return words
}

// consultSaid are the words of an e-consult in order: the question, the advice,
// what was done, how it went.
func (s *scene) consultSaid(n int) []said {
	var out []said
	for _, r := range s.v.History {
		mine := false
		switch e := r.Event.(type) {
		case journey.ConsultAsked:
			mine = e.Consult == n
		case journey.ConsultAdvised:
			mine = e.Consult == n
		case journey.ConsultUsed:
			mine = e.Consult == n
		case journey.ConsultClosed:
			mine = e.Consult == n
		}
		if mine {
			out = append(out, s.signed(r)...)
		}
	}
	return out
}

// signed are the words of an event under the name of who wrote them, or of whom
// they were written down for.
func (s *scene) signed(r care.Recorded) []said {
	by := s.actor(r.Actor, r.Post)
	if r.For != nil {
		by = s.who(r.For.Of)
	}
	q := s.quotes(r.Version)
	for i := range q {
		q[i].by = q[i].by + " – " + by + ", " + s.day(r.Happened)
	}
	return q
}

// talksPart is every e-consult and joint assessment, open or done.
func (s *scene) talksPart() pagePart {
	x := pagePart{id: "advice", title: s.p.T("staff.section.advice"), links: []link{s.formLink("ask-advice"), s.formLink("call-joint")}}
	if s.v.State.Status != journey.Running {
		x.links = nil
	}
	for _, c := range s.v.State.Consults {
		tone := "waiting"
		if !c.Open() {
			tone = "done"
		}
		x.things = append(x.things, thingView{
			title: s.p.T("staff.item.consult.to", "who", s.whoIn(c.To)), state: s.p.T("staff.consult-state." + string(c.State)), tone: tone,
			lines: s.consultLines(c), said: s.consultSaid(c.Consult),
		})
	}
	for _, j := range s.v.State.Joints {
		x.things = append(x.things, s.jointThing(j))
	}
	return x
}

// carriedNow fills a form with who is recorded to carry prescriptions and sick
// notes. Nothing is filled in that nobody has said.
func (s *scene) carriedNow() url.Values {
	v := url.Values{}
	put := func(field string, p care.Party, until care.Date) {
		switch p.Kind {
		case care.PartyUnit:
			v.Set(field, p.Post.String())
		case care.PartyOther:
			v.Set(field, string(care.PartyOther))
			v.Set(field+"-name", p.Name)
		default:
			return
		}
		if !until.IsZero() && !until.Before(s.today) {
			v.Set(field+"-until", until.String())
		}
	}
	for what, k := range s.v.Person.State.Carriers {
		field := "prescriptions"
		if what == "sick-note" {
			field = "sick-notes"
		}
		put(field, k.By, k.Until)
	}
	return v
}

// handOverKnown is what stands on every hand-over as it was recorded, by whom and
// when: malaise after effort, severity, adaptations. Nothing is worked out.
func (s *scene) handOverKnown() []string {
	st := s.v.Person.State
	var lines []string
	say := func(text, by string) { lines = append(lines, text+" ("+by+")") }
	if m := st.Condition.Malaise; m != "" {
		say(s.p.T("staff.hand-over.malaise-"+string(m)), s.speaker(st.Condition.MalaiseBy, st.Condition.MalaiseAt))
	} else {
		lines = append(lines, s.p.T("staff.hand-over.malaise-unsaid"))
	}
	if sev := st.Condition.Severity; sev != "" {
		say(s.p.T("staff.hand-over.severity", "degree", lowerFirst(s.p.T("staff.severity."+string(sev)))), s.speaker(st.Condition.SeverityBy, st.Condition.SeverityAt))
	} else {
		lines = append(lines, s.p.T("staff.hand-over.severity-unsaid"))
	}
	var adapted []string
	for _, a := range st.Adaptations.List {
		adapted = append(adapted, lowerFirst(s.p.T("staff.adaptation."+string(a))))
	}
	if len(adapted) > 0 {
		lines = append(lines, s.p.T("staff.hand-over.adaptations", "what", s.p.lang.List(adapted)))
	}
	return lines
}

// disciplines are the professions to choose from.
func (s *scene) disciplines() []choice { return s.picks("discipline", pathway.Professions...) }
