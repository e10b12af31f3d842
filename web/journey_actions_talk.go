package web

import (
	"net/url"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// offerActions are what moves responsibility, plans and interventions from one
// to another: by an offer that is accepted, and by nothing else.
var offerActions = []action{
	{
		name: "offer", command: journey.OfferTo{}.Name(), on: "step",
		offered: func(s *scene, t thing) bool {
			return s.liveStep(t, pathway.HandOver) != nil && !s.offered(journey.OfResponsibility, 0)
		},
		asks: offerAsks,
		proposes: func(s *scene, t thing) url.Values {
			v := s.carriedNow()
			if def := s.stepDef(s.v.State.Steps[t.n-1].ID); def != nil {
				if to := s.v.State.Roles[def.To]; !to.IsZero() {
					v.Set("to", to.String())
				}
			}
			return v
		},
		presses: func(*scene, thing) bool { return false },
		makes:   makeOffer,
	},
	{
		name: "offer-responsibility", command: journey.OfferTo{}.Name(), group: "course",
		offered: func(s *scene, _ thing) bool { return !s.offered(journey.OfResponsibility, 0) },
		asks:    offerAsks, makes: makeOffer,
		proposes: func(s *scene, _ thing) url.Values { return s.carriedNow() },
	},
	{
		name: "offer-intervention", command: journey.OfferTo{}.Name(), on: "intervention",
		offered: func(s *scene, t thing) bool {
			return s.v.State.Interventions[t.n-1].State == journey.InterventionRunning && !s.offered(journey.OfIntervention, t.n)
		},
		asks: func(s *scene, _ thing) []ask {
			return []ask{oneOf("to", s.posts(nil)...).as("offer-to").needed(), dayOf("by").as("answer-by"), wordsOf("words")}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.OfferTo{Kind: journey.OfIntervention, Intervention: t.n, To: f.post("to"), By: f.date("by"), Words: f.text("words")}
		},
	},
	{
		name: "accept", command: journey.AcceptOffer{}.Name(), on: "offer",
		offered:  acceptable,
		asks:     func(*scene, thing) []ask { return []ask{wordsOf("words")} },
		proposes: func(s *scene, t thing) url.Values { return s.answersFor(s.v.State.Offers[t.n-1].To) },
		presses:  func(s *scene, t thing) bool { return s.v.State.Offers[t.n-1].To.Unit == s.c.who.Post.Unit },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.AcceptOffer{Offer: t.n, Words: f.text("words")}
		},
	},
	{
		name: "decline", command: journey.DeclineOffer{}.Name(), on: "offer",
		offered: acceptable,
		asks: func(*scene, thing) []ask {
			return []ask{wordsOf("reason").needed(), wordsOf("advice").with("decline-advice")}
		},
		proposes: func(s *scene, t thing) url.Values { return s.answersFor(s.v.State.Offers[t.n-1].To) },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.DeclineOffer{Offer: t.n, Reason: f.text("reason"), Advice: f.text("advice")}
		},
	},
	{
		name: "withdraw", command: journey.WithdrawOffer{}.Name(), on: "offer",
		offered: acceptable,
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(_ *scene, t thing, _ *filled) named { return journey.WithdrawOffer{Offer: t.n} },
	},
}

// acceptable reports whether an offer waits for an answer of its own; one that
// a referral carries is answered by answering the referral.
func acceptable(s *scene, t thing) bool {
	o := s.v.State.Offers[t.n-1]
	return o.State == journey.OfferOpen && !o.CarriedByStep()
}

// offered reports whether something of a kind is offered already.
func (s *scene) offered(kind journey.OfferKind, intervention int) bool {
	for _, o := range s.v.State.Offers {
		if o.State == journey.OfferOpen && o.Kind == kind && o.Intervention == intervention {
			return true
		}
	}
	return false
}

// offeredNow is the offer of a kind that waits for its answer; 0 where none does.
func (s *scene) offeredNow(kind journey.OfferKind) int {
	for _, o := range s.v.State.Offers {
		if o.State == journey.OfferOpen && o.Kind == kind {
			return o.Offer
		}
	}
	return 0
}

// answersFor fills in on whose behalf an answer is recorded, where the receiver
// is another unit than the reader's.
func (s *scene) answersFor(to care.Post) url.Values {
	v := url.Values{}
	if to.Unit != s.c.who.Post.Unit {
		v.Set("behalf", to.String())
		v.Set("how", string(care.ByPhone))
	}
	return v
}

func offerAsks(s *scene, _ thing) []ask {
	return append([]ask{
		oneOf("to", s.posts(nil)...).as("offer-to").needed().with("offer-to"),
		dayOf("by").as("answer-by"),
		wordsOf("words"),
	}, s.carrierAsks(true)...)
}

// carrierAsks ask who carries prescriptions and sick notes from now on, and
// until when.
func (s *scene) carrierAsks(must bool) []ask {
	a := []ask{partyOf("prescriptions", s.carriersToChoose()...), dayOf("prescriptions-until"), partyOf("sick-notes", s.carriersToChoose()...), dayOf("sick-notes-until").with("sick-notes-until")}
	a[0].must, a[2].must = must, must
	return a
}

// hasNone is the choice that the patient has none to be carried.
const hasNone = "none"

// carriersToChoose are all who can carry prescriptions or sick notes, and that
// the patient has none.
func (s *scene) carriersToChoose() []choice {
	return append([]choice{{value: hasNone, label: s.p.T("staff.party.has-none")}}, s.parties(false)...)
}

func (f *filled) carriers() journey.Carriers {
	c := journey.Carriers{NoPrescriptions: f.text("prescriptions") == hasNone, NoSickNotes: f.text("sick-notes") == hasNone}
	if !c.NoPrescriptions {
		c.Prescriptions, c.PrescriptionsUntil = f.party("prescriptions"), f.date("prescriptions-until")
	}
	if !c.NoSickNotes {
		c.SickNotes, c.SickNotesUntil = f.party("sick-notes"), f.date("sick-notes-until")
	}
	return c
}

func makeOffer(_ *scene, t thing, f *filled) named {
	return journey.OfferTo{
		Kind: journey.OfResponsibility, Step: t.n, To: f.post("to"), By: f.date("by"), Words: f.text("words"), Carriers: f.carriers(),
	}
}

// talkActions are questions, tellings, contacts, notes and words.
var talkActions = []action{
	{
		name: "ask", command: journey.AskParty{}.Name(), group: "talk",
		asks: func(s *scene, _ thing) []ask {
			return []ask{partyOf("to", s.parties(true)...).as("ask-to").needed(), wordsOf("question").needed(), dayOf("by").as("answer-by")}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.AskParty{To: f.party("to"), Question: f.text("question"), By: f.date("by")}
		},
	},
	{
		name: "answer-question", command: journey.AnswerQuestion{}.Name(), on: "question",
		offered: func(s *scene, t thing) bool { return s.v.State.Questions[t.n-1].Open },
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("words").as("their-answer").needed()} },
		proposes: func(s *scene, t thing) url.Values {
			v := url.Values{}
			switch to := s.v.State.Questions[t.n-1].To; to.Kind {
			case care.PartyUnit:
				v = s.answersFor(to.Post)
			case care.PartyOther:
				v.Set("behalf", string(care.PartyOther))
				v.Set("behalf-name", to.Name)
				v.Set("how", string(care.ByPhone))
			case care.PartyPatient, care.PartyRelative:
				v.Set("behalf", string(to.Kind))
				v.Set("how", string(care.ByPhone))
			}
			return v
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.AnswerQuestion{Question: t.n, Words: f.text("words")}
		},
	},
	{
		name: "settle", command: journey.Settle{}.Name(), on: "decision",
		offered: func(s *scene, t thing) bool { return s.v.State.Decisions[t.n-1].Open },
		asks: func(s *scene, t thing) []ask {
			asks := []ask{wordsOf("words").as("decided").needed()}
			if s.v.State.Decisions[t.n-1].About == "answer-unknown" {
				known := radioOf("outcome", s.picks("answers", string(pathway.Accept), string(pathway.Advise))...).as("known-answer").needed()
				asks = append([]ask{known}, asks...)
			}
			return asks
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.Settle{Decision: t.n, Words: f.text("words"), Outcome: f.text("outcome")}
		},
	},
	{
		name: "tell-now", command: journey.Tell{}.Name(), on: "telling",
		offered:  func(s *scene, t thing) bool { return s.untold(t) && s.receipt(t).how != "" },
		asks:     tellAsks,
		proposes: func(s *scene, t thing) url.Values { return s.receipt(t).values() },
		presses:  func(*scene, thing) bool { return true },
		makes:    makeTell,
	},
	{
		name: "tell", command: journey.Tell{}.Name(), on: "telling",
		offered: func(s *scene, t thing) bool { return s.untold(t) },
		asks:    tellAsks,
		proposes: func(s *scene, t thing) url.Values {
			values := s.receipt(t).values()
			if s.v.State.Tellings[t.n-1].About == "moved" && s.v.State.Tellings[t.n-1].To.Kind == care.PartyPatient {
				values.Set("words", letterOf(s.p, s.v))
			}
			return values
		},
		makes: makeTell,
	},
	{
		name: "contact", command: journey.ContactPatient{}.Name(), on: "contact",
		offered: func(s *scene, t thing) bool { return s.v.State.Contacts[t.n-1].Open },
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("channel", s.channels()...).needed(), wordsOf("words").as("said-and-next").needed()}
		},
		proposes: func(*scene, thing) url.Values { return url.Values{"channel": {string(care.ByPhone)}} },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.ContactPatient{Contact: t.n, How: care.Channel(f.text("channel")), Words: f.text("words")}
		},
	},
	{
		name: "note", command: journey.NoteContact{}.Name(), group: "talk",
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("channel", s.channels()...).needed(), wordsOf("words").as("what-was-said").needed(), oneOf("step", s.stepsToMove()...), momentOf("at").as("moves-to")}
		},
		proposes: func(*scene, thing) url.Values { return url.Values{"channel": {string(care.ByPhone)}} },
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.NoteContact{How: care.Channel(f.text("channel")), Words: f.text("words"), Step: f.number("step"), Plan: f.moment("at")}
		},
	},
	{
		name: "words", command: journey.GiveWords{}.Name(), group: "patient", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("kind", s.picks("words-kind", "wish", "story")...).as("words-kind").needed(), wordsOf("text").as("said").needed().with("own-words")}
		},
		proposes: func(*scene, thing) url.Values { return url.Values{"kind": {"wish"}} },
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.GiveWords{Kind: f.text("kind"), Text: f.text("text")}
		},
	},
	{
		name: "object-to", command: journey.GiveWords{}.Name(), on: "event", spoken: true,
		offered: func(s *scene, t thing) bool { return len(s.v.Text[t.n]) > 0 },
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("text").as("objection").needed().with("own-words")} },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.GiveWords{Kind: "objection", Text: f.text("text"), About: t.n}
		},
	},
}

// channels are the ways in which people are reached by people.
func (s *scene) channels() []choice {
	return s.picks("how", string(care.ByPhone), string(care.ByLetter), string(care.ByMessage), string(care.ByMeeting))
}

func (s *scene) untold(t thing) bool { return s.v.State.Tellings[t.n-1].Open() }

// A receipt is how somebody would be told by what is known of them.
type receipt struct {
	how      care.Channel
	expected care.Date
}

// toArrive is how long a letter is taken to need. Ours, no source.
var toArrive = care.Span{N: 4, Unit: care.WorkingDays}

// receipt proposes how to tell: a patient in the way they asked for, others by a
// message. It is empty for a patient who reads pages: opening the page is the
// receipt, and nobody else can give it.
func (s *scene) receipt(t thing) receipt {
	if s.v.State.Tellings[t.n-1].To.Kind != care.PartyPatient {
		return receipt{how: care.ByMessage}
	}
	switch s.v.Person.State.Channel.Channel {
	case care.ByLetter:
		return receipt{how: care.ByLetter, expected: s.v.Calendar.Add(s.today, toArrive)}
	case care.ByPhone:
		return receipt{how: care.ByPhone}
	}
	return receipt{}
}

func (r receipt) values() url.Values {
	v := url.Values{}
	if r.how != "" {
		v.Set("channel", string(r.how))
	}
	if !r.expected.IsZero() {
		v.Set("expected", r.expected.String())
	}
	return v
}

func tellAsks(s *scene, _ thing) []ask {
	return []ask{radioOf("channel", s.channels()...).needed(), dayOf("expected").with("expected"), wordsOf("words")}
}

func makeTell(_ *scene, t thing, f *filled) named {
	tell := journey.Tell{Telling: t.n, How: care.Channel(f.text("channel")), Words: f.text("words")}
	if tell.How == care.ByLetter {
		tell.Expected = f.date("expected")
	}
	return tell
}

// waitActions say who has the ball.
var waitActions = []action{
	{
		name: "wait", command: journey.OpenWait{}.Name(), group: "course",
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				partyOf("for", s.parties(true)...).as("wait-for").needed(),
				oneOf("reason", s.picks("wait-reason", waitReasons...)...).as("wait-reason").needed(),
				dayOf("review").needed().with("review"),
				oneOf("step", s.stepsToMove()...).as("wait-step"),
				wordsOf("words"),
			}
		},
		proposes: func(s *scene, _ thing) url.Values {
			return url.Values{"review": {s.v.Calendar.Add(s.today, care.Span{N: 10, Unit: care.WorkingDays}).String()}}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return journey.OpenWait{For: f.party("for"), Reason: f.text("reason"), Review: f.date("review"), Step: f.number("step"), Words: f.text("words")}
		},
	},
	{
		name: "end-wait", command: journey.EndWait{}.Name(), on: "wait",
		offered: openWaitThing,
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("words")} },
		presses: func(*scene, thing) bool { return true },
		makes:   func(_ *scene, t thing, f *filled) named { return journey.EndWait{Wait: t.n, Words: f.text("words")} },
	},
	{
		name: "review-wait", command: journey.ReviewWait{}.Name(), on: "wait",
		offered: openWaitThing,
		asks:    func(*scene, thing) []ask { return []ask{dayOf("review").needed().with("review"), wordsOf("words")} },
		proposes: func(s *scene, _ thing) url.Values {
			return url.Values{"review": {s.v.Calendar.Add(s.today, care.Span{N: 10, Unit: care.WorkingDays}).String()}}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.ReviewWait{Wait: t.n, Review: f.date("review"), Words: f.text("words")}
		},
	},
}

// waitReasons is what can be waited for. It is a closed list, because what is
// free text is sealed and a reason stands on lists.
var waitReasons = []string{"answer", "information", "result", "treatment", "capacity", "decision", "patient-better", "patient-wish", "other"}

func openWaitThing(s *scene, t thing) bool { return s.v.State.Waits[t.n-1].Open }
