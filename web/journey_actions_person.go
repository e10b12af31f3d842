package web

import (
	"net/url"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
)

// personHas reports whether the person has the thing.
func (s *scene) personHas(t thing) bool {
	p := s.v.Person.State
	switch t.kind {
	case "pause":
		return t.n >= 1 && t.n <= len(p.Pauses)
	case "finding":
		return t.n >= 1 && t.n <= len(p.Findings)
	case "matters":
		return slices.Contains(person.Topics, person.Topic(t.id))
	case "carrier":
		_, ok := p.Carriers[person.Carried(t.id)]
		return ok
	case "told":
		return slices.ContainsFunc(p.Words, func(w person.Words) bool { return w.Version == t.n })
	case "objection":
		return slices.ContainsFunc(p.Words, func(w person.Words) bool {
			return slices.ContainsFunc(w.Objections, func(o person.Objection) bool { return o.Version == t.n })
		})
	}
	return false
}

func texts[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

// personWordActions are the patient's and the relatives' own words.
var personWordActions = []action{
	{
		name: "say-what-matters", command: person.SayWhatMatters{}.Name(), group: "patient", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("topic", s.picks("topic", texts(person.Topics)...)...).needed(), wordsOf("words").as("said").needed().with("own-words")}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.SayWhatMatters{Topic: person.Topic(f.text("topic")), Words: f.text("words")}
		},
	},
	{
		name: "confirm-what-matters", command: person.ConfirmWhatMatters{}.Name(), on: "matters",
		offered: func(s *scene, t thing) bool { return s.v.Person.State.Matters[person.Topic(t.id)].Words > 0 },
		asks:    func(*scene, thing) []ask { return nil },
		spoken:  true,
		makes: func(_ *scene, t thing, _ *filled) named {
			return person.ConfirmWhatMatters{Topic: person.Topic(t.id)}
		},
	},
	{
		name: "tell-story", command: person.TellStory{}.Name(), group: "patient", spoken: true,
		asks:  func(*scene, thing) []ask { return []ask{wordsOf("words").as("story").needed().with("own-words")} },
		makes: func(_ *scene, _ thing, f *filled) named { return person.TellStory{Words: f.text("words")} },
	},
	{
		name: "object", command: person.Object{}.Name(), on: "told", spoken: true,
		asks: func(*scene, thing) []ask {
			return []ask{lineOf("sentence").needed(), wordsOf("objection").needed().with("own-words")}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return person.Object{To: t.n, Sentence: f.text("sentence"), Objection: f.text("objection")}
		},
	},
	{
		name: "withdraw-objection", command: person.WithdrawObjection{}.Name(), on: "objection", spoken: true,
		asks:  func(*scene, thing) []ask { return nil },
		makes: func(_ *scene, t thing, _ *filled) named { return person.WithdrawObjection{Objection: t.n} },
	},
}

// personLimitActions are what the person can bear, needs and wishes, and the
// pauses of reminders.
var personLimitActions = []action{
	{
		name: "set-energy", command: person.SetEnergy{}.Name(), group: "person", spoken: true,
		asks: func(*scene, thing) []ask {
			return []ask{numberOf("perWeek"), numberOf("restDays"), numberOf("minutes").as("minutes-at-most")}
		},
		proposes: func(s *scene, _ thing) url.Values {
			v, e := url.Values{}, s.v.Person.State.Energy
			for name, n := range map[string]int{"perWeek": e.PerWeek, "restDays": e.RestDays, "minutes": e.Minutes} {
				if n > 0 {
					v.Set(name, strconv.Itoa(n))
				}
			}
			return v
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.SetEnergy{PerWeek: f.number("perWeek"), RestDays: f.number("restDays"), Minutes: f.number("minutes")}
		},
	},
	{
		name: "lift-energy", command: person.LiftEnergy{}.Name(), group: "person", spoken: true,
		offered: func(s *scene, _ thing) bool { return s.v.Person.State.Energy.Set() },
		asks:    func(*scene, thing) []ask { return nil },
		makes:   func(*scene, thing, *filled) named { return person.LiftEnergy{} },
	},
	{
		name: "set-adaptations", command: person.SetAdaptations{}.Name(), group: "person", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			return []ask{someOf("adaptations", s.picks("adaptation", texts(person.Adaptations)...)...), wordsOf("note")}
		},
		proposes: func(s *scene, _ thing) url.Values {
			return url.Values{"adaptations": texts(s.v.Person.State.Adaptations.List)}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			var list []person.Adaptation
			for _, a := range f.several("adaptations") {
				list = append(list, person.Adaptation(a))
			}
			return person.SetAdaptations{Adaptations: list, Note: f.text("note")}
		},
	},
	{
		name: "set-languages", command: person.SetLanguages{}.Name(), group: "person", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			var list []choice
			for _, code := range care.Languages {
				list = append(list, choice{value: string(code), label: speak(code).T("language.name"), lang: code})
			}
			return []ask{
				radioOf("reading", list...).needed(), lineOf("interpreter").with("interpreter"),
				someOf("no-interpreter", choice{value: "yes", label: s.p.T("staff.no-interpreter")}),
			}
		},
		proposes: func(s *scene, _ thing) url.Values {
			l := s.v.Person.State.Languages
			v := url.Values{"reading": {string(l.Reading)}, "interpreter": {l.Interpreter}}
			if l.NoInterpreter {
				v.Set("no-interpreter", "yes")
			}
			return v
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.SetLanguages{
				Reading: care.Language(f.text("reading")), Interpreter: f.text("interpreter"), NoInterpreter: len(f.several("no-interpreter")) > 0,
			}
		},
	},
	{
		name: "set-channel", command: person.SetChannel{}.Name(), group: "person", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("channel", s.picks("how", string(care.ByPage), string(care.ByLetter), string(care.ByPhone))...).as("told-by").needed(),
				someOf("sms", choice{value: "yes", label: s.p.T("staff.sms")}).as("sms"),
			}
		},
		proposes: func(s *scene, _ thing) url.Values {
			v := url.Values{"channel": {string(s.v.Person.State.Channel.Channel)}}
			if s.v.Person.State.Channel.SMS {
				v.Set("sms", "yes")
			}
			return v
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.SetChannel{Channel: care.Channel(f.text("channel")), SMS: f.yes("sms")}
		},
	},
	{
		name: "set-wishes", command: messaging.SetWishes{}.Name(), group: "person", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			f := wishFields(s.p, s.v.Wishes, s.v.Wishes.Wishes, "")
			return []ask{
				radioOf("nudge", s.picks("wishes", string(messaging.ByEmail), string(messaging.BySMS), string(messaging.OnPage))...).needed(),
				oneOf("quietFrom", f[2].choices...).needed(), oneOf("quietTo", f[3].choices...).needed(),
				someOf("more", choice{value: "daily", label: s.p.T("me.notices.daily")}, choice{value: "details", label: s.p.T("me.notices.details")}).as("more-wishes"),
			}
		},
		proposes: func(s *scene, _ thing) url.Values {
			v := url.Values{}
			for _, f := range wishFields(s.p, s.v.Wishes, s.v.Wishes.Wishes, "") {
				for _, c := range f.choices {
					if c.chosen && f.name != "channel" {
						v.Add(f.name, c.value)
					}
				}
			}
			return v
		},
		makes: func(s *scene, _ thing, f *filled) named {
			wishes, _ := wishesIn(f.text, f.several("more"), s.v.Wishes)
			return wishes
		},
	},
	{
		name: "came-back", command: messaging.Bounce{}.Name(), group: "person",
		offered: func(s *scene, _ thing) bool { return len(s.v.MayReturn) > 0 },
		asks: func(s *scene, _ thing) []ask {
			var sent []choice
			for _, x := range s.v.MayReturn {
				var about []string
				for _, a := range x.About {
					if w := lowerFirst(aboutWords(s.p, a)); !slices.Contains(about, w) {
						about = append(about, w)
					}
				}
				sent = append(sent, choice{value: strconv.Itoa(x.Sending), label: s.p.T("staff.came-back."+string(x.Channel),
					"n", strconv.Itoa(x.Sending), "what", s.p.lang.List(about), "date", s.p.lang.ShortDate(x.When))})
			}
			return []ask{radioOf("sending", sent...).as("came-back").needed().with("came-back")}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return messaging.Bounce{Sending: f.number("sending"), Code: "by-hand"}
		},
	},
	{
		name: "try-again", command: messaging.TryAgain{}.Name(), group: "person",
		offered: func(s *scene, _ thing) bool { return s.v.Undelivered },
		asks:    func(*scene, thing) []ask { return nil },
		makes:   func(*scene, thing, *filled) named { return messaging.TryAgain{} },
	},
	{
		name: "pause", command: person.Pause{}.Name(), group: "patient", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			return []ask{radioOf("why", s.picks("pause-why", string(person.TooIll), string(person.ByWish))...).as("pause-why").needed(), dayOf("from"), dayOf("until").with("pause-until")}
		},
		proposes: func(*scene, thing) url.Values { return url.Values{"why": {string(person.TooIll)}} },
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.Pause{Why: person.PauseWhy(f.text("why")), From: f.date("from"), Until: f.date("until")}
		},
	},
	{
		name: "review-pause", command: person.ReviewPause{}.Name(), on: "pause",
		offered: openPause,
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("note")} },
		makes:   func(_ *scene, t thing, f *filled) named { return person.ReviewPause{Pause: t.n, Note: f.text("note")} },
	},
	{
		name: "end-pause", command: person.EndPause{}.Name(), on: "pause", spoken: true,
		offered: func(s *scene, t thing) bool {
			p := s.v.Person.State.Pauses[t.n-1]
			return !p.Closed && s.v.Now.Before(p.Ends)
		},
		asks:  func(*scene, thing) []ask { return nil },
		makes: func(_ *scene, t thing, _ *filled) named { return person.EndPause{Pause: t.n} },
	},
}

func openPause(s *scene, t thing) bool { return !s.v.Person.State.Pauses[t.n-1].Closed }

// personFactActions are findings, belongings, who carries what, condition and
// death.
var personFactActions = []action{
	{
		name: "record-finding", command: person.RecordFinding{}.Name(), group: "person",
		asks: func(s *scene, _ thing) []ask {
			return []ask{lineOf("kind").as("finding-kind").needed().with("finding-kind"), dayOf("examined").needed(), partyOf("by", s.parties(false)...).as("examined-by").needed(), wordsOf("showed").with("showed-or-file"), documentAsk}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.RecordFinding{Kind: f.text("kind"), Examined: f.date("examined"), By: f.party("by"), Showed: f.text("showed")}
		},
	},
	{
		name: "withdraw-finding", command: person.WithdrawFinding{}.Name(), on: "finding",
		offered: func(s *scene, t thing) bool { return !s.v.Person.State.Findings[t.n-1].Withdrawn },
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("reason").needed()} },
		makes: func(_ *scene, t thing, f *filled) named {
			return person.WithdrawFinding{Finding: t.n, Reason: f.text("reason")}
		},
	},
	{
		name: "plan-examination", command: person.PlanExamination{}.Name(), group: "person",
		asks: func(*scene, thing) []ask {
			return []ask{lineOf("kind").as("finding-kind").needed().with("finding-kind"), wordsOf("reason").as("repeat-reason")}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.PlanExamination{Kind: f.text("kind"), Reason: f.text("reason")}
		},
	},
	{
		name: "change-gp", command: person.ChangeGP{}.Name(), group: "person",
		asks: func(s *scene, _ thing) []ask {
			return []ask{partyOf("gp", append(s.posts([]string{"primary-care"}), s.picks("party", string(care.PartyOther))...)...).with("gp"), dayOf("since")}
		},
		proposes: func(s *scene, _ thing) url.Values {
			return partyValues("gp", s.v.Person.State.GP(s.today))
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.ChangeGP{GP: f.party("gp"), Since: f.date("since")}
		},
	},
	{
		name: "change-municipality", command: person.ChangeMunicipality{}.Name(), group: "person",
		asks: func(s *scene, _ thing) []ask {
			kinds := []string{"municipality", "municipal-coordination", "municipal-service"}
			return []ask{partyOf("municipality", append(s.posts(kinds, care.Desk), s.picks("party", string(care.PartyOther))...)...).needed(), dayOf("since")}
		},
		proposes: func(s *scene, _ thing) url.Values {
			return partyValues("municipality", s.v.Person.State.Municipality(s.today))
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.ChangeMunicipality{Municipality: f.party("municipality"), Since: f.date("since")}
		},
	},
	{
		name: "set-carrier", command: person.SetCarrier{}.Name(), group: "person",
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("what", s.picks("carried", string(person.Prescriptions), string(person.SickNote))...).as("carried").needed(),
				partyOf("by", s.parties(false)...).as("carried-by").needed(), dayOf("until").with("carried-until"),
				numberOf("ahead").with("ahead"),
			}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.SetCarrier{What: person.Carried(f.text("what")), By: f.party("by"), Until: f.date("until"), Ahead: f.number("ahead")}
		},
	},
	{
		name: "end-carrier", command: person.EndCarrier{}.Name(), on: "carrier",
		asks: func(*scene, thing) []ask { return []ask{wordsOf("reason").needed()} },
		makes: func(_ *scene, t thing, f *filled) named {
			return person.EndCarrier{What: person.Carried(t.id), Reason: f.text("reason")}
		},
	},
	{
		name: "report-condition", command: person.ReportCondition{}.Name(), group: "person", spoken: true,
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("malaise", s.picks("malaise", string(person.MalaiseYes), string(person.MalaiseNo))...).with("malaise"),
				oneOf("severity", s.picks("severity", string(person.Mild), string(person.Moderate), string(person.Severe), string(person.VerySevere))...),
			}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.ReportCondition{Malaise: person.Malaise(f.text("malaise")), Severity: person.Severity(f.text("severity"))}
		},
	},
	{
		name: "record-death", command: person.RecordDeath{}.Name(), group: "end",
		offered: func(s *scene, _ thing) bool { return !s.v.Person.State.Death.Recorded },
		asks:    func(*scene, thing) []ask { return []ask{dayOf("on").as("died-on").needed().with("death")} },
		makes:   func(_ *scene, _ thing, f *filled) named { return person.RecordDeath{On: f.date("on")} },
	},
	{
		name: "retract-death", command: person.RetractDeath{}.Name(), group: "end",
		offered: dead,
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("reason").needed()} },
		makes:   func(_ *scene, _ thing, f *filled) named { return person.RetractDeath{Reason: f.text("reason")} },
	},
	{
		name: "settle-death", command: person.Settle{}.Name(), group: "end",
		offered: func(s *scene, t thing) bool { return dead(s, t) && !s.v.Person.State.Death.Settled },
		asks:    func(*scene, thing) []ask { return nil },
		makes:   func(*scene, thing, *filled) named { return person.Settle{} },
	},
}

func dead(s *scene, _ thing) bool { return s.v.Person.State.Death.Recorded }

// partyValues fill a field for a party.
func partyValues(name string, p care.Party) url.Values {
	v := url.Values{}
	switch p.Kind {
	case care.PartyUnit:
		if p.Post.Role == "" {
			p.Post.Role = care.Desk
		}
		v.Set(name, p.Post.String())
	case care.PartyOther:
		v.Set(name, string(care.PartyOther))
		v.Set(name+"-name", p.Name)
	case care.PartyPatient, care.PartyRelative:
		v.Set(name, string(p.Kind))
	}
	return v
}

// personContactActions move the first contact, by the same rule as
// responsibility: an offer that is accepted.
var personContactActions = []action{
	{
		name: "appoint-contact", command: person.AppointContact{}.Name(), group: "contact",
		offered: func(s *scene, t thing) bool { return noContactOffer(s, t) && !s.v.Person.State.Contact.Unwanted },
		asks: func(s *scene, _ thing) []ask {
			var own []choice
			for _, u := range s.unitsOpen() {
				if u.Unit == s.v.Person.State.Contact.Post.Unit {
					own = postChoices(s.p, s.unitsOpen(string(u.Kind)), u.Roles...)
					own = slices.DeleteFunc(own, func(c choice) bool { return parsePost(c.value).Unit != u.Unit })
				}
			}
			return []ask{oneOf("post", own...).as("contact-post").needed()}
		},
		makes: func(_ *scene, _ thing, f *filled) named { return person.AppointContact{Post: f.post("post")} },
	},
	{
		name: "offer-contact", command: person.OfferContact{}.Name(), group: "contact",
		offered: func(s *scene, t thing) bool { return noContactOffer(s, t) && !s.v.Person.State.Contact.Unwanted },
		asks: func(s *scene, _ thing) []ask {
			return []ask{oneOf("to", s.posts(nil)...).as("offer-to").needed(), dayOf("by").as("answer-by"), wordsOf("message")}
		},
		makes: func(_ *scene, _ thing, f *filled) named {
			return person.OfferContact{To: f.post("to"), By: f.date("by"), Message: f.text("message")}
		},
	},
	{
		name: "accept-contact", command: person.AcceptContact{}.Name(), group: "contact",
		offered:  contactOffered,
		asks:     func(*scene, thing) []ask { return nil },
		proposes: answerContact,
		presses: func(s *scene, _ thing) bool {
			o, _ := s.v.Person.State.Contact.OpenOffer()
			return o.To.Unit == s.c.who.Post.Unit
		},
		makes: func(s *scene, _ thing, _ *filled) named { return person.AcceptContact{Offer: s.contactOffer()} },
	},
	{
		name: "decline-contact", command: person.DeclineContact{}.Name(), group: "contact",
		offered:  contactOffered,
		asks:     func(*scene, thing) []ask { return []ask{wordsOf("reason").needed()} },
		proposes: answerContact,
		makes: func(s *scene, _ thing, f *filled) named {
			return person.DeclineContact{Offer: s.contactOffer(), Reason: f.text("reason")}
		},
	},
	{
		name: "withdraw-contact", command: person.WithdrawContact{}.Name(), group: "contact",
		offered: contactOffered,
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(s *scene, _ thing, _ *filled) named { return person.WithdrawContact{Offer: s.contactOffer()} },
	},
	{
		name: "keep-contact", command: person.KeepContact{}.Name(), group: "contact",
		offered: func(s *scene, _ thing) bool {
			return s.v.Person.State.Contact.Task.About != "" && s.v.Person.State.Contact.Named
		},
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(*scene, thing, *filled) named { return person.KeepContact{} },
	},
	{
		name: "refuse-contact", command: person.RefuseContact{}.Name(), group: "contact", spoken: true,
		offered: func(s *scene, _ thing) bool { return !s.v.Person.State.Contact.Unwanted },
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("reason").as("said")} },
		makes:   func(_ *scene, _ thing, f *filled) named { return person.RefuseContact{Reason: f.text("reason")} },
	},
	{
		name: "want-contact", command: person.WantContact{}.Name(), group: "contact", spoken: true,
		offered: func(s *scene, _ thing) bool { return s.v.Person.State.Contact.Unwanted },
		asks:    func(*scene, thing) []ask { return nil },
		makes:   func(*scene, thing, *filled) named { return person.WantContact{} },
	},
}

func contactOffered(s *scene, _ thing) bool {
	_, open := s.v.Person.State.Contact.OpenOffer()
	return open
}

func noContactOffer(s *scene, t thing) bool { return !contactOffered(s, t) }

// contactOffer is the newest offer of the first contact: the one that waits for
// an answer, or that has just had one.
func (s *scene) contactOffer() int { return len(s.v.Person.State.Contact.Offers) }

func answerContact(s *scene, _ thing) url.Values {
	o, _ := s.v.Person.State.Contact.OpenOffer()
	return s.answersFor(o.To)
}
