package web

import (
	"net/url"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/booking"
	"forlop/pathway"
)

// bookingActions copy what the record system has booked, answer what the patient
// wishes, and find a common time.
var bookingActions = []action{
	{
		name: "copy-booking", command: booking.Copy{}.Name(), on: "step",
		offered: onStep(pathway.Visit, pathway.Meeting),
		asks: func(s *scene, t thing) []ask {
			return []ask{
				momentOf("at").needed(), lineOf("place").as("booking-place"), lineOf("reference").as("booking-reference").needed(),
				lineOf("source").as("booking-source").needed().with("booking-source"), numberOf("minutes").as("booking-minutes"),
				oneOf("way", s.ways(t)...), lineOf("with").as("booking-with"), lineOf("bring").as("booking-bring"),
				oneOf("interpreter", s.picks("interpreter", booking.InterpreterBooked, booking.InterpreterNotBooked)...).as("booking-interpreter"),
			}
		},
		proposes: proposeCopy,
		makes: func(s *scene, t thing, f *filled) named {
			return booking.Copy{
				Source: f.text("source"), Reference: f.text("reference"), At: f.moment("at"), Minutes: f.number("minutes"), Way: f.text("way"),
				Place: f.text("place"), With: f.text("with"), Bring: f.text("bring"), Interpreter: f.text("interpreter"), Journey: s.v.ID, Step: t.n, Reworded: true,
			}
		},
	},
	{
		name: "cancel-booking", command: booking.Cancel{}.Name(), on: "booking",
		offered: func(s *scene, t thing) bool { return !s.v.Bookings.State.Bookings[t.n-1].Off },
		asks:    func(*scene, thing) []ask { return nil },
		makes:   func(_ *scene, t thing, _ *filled) named { return booking.Cancel{Booking: t.n} },
	},
	{
		name: "keep-booking", command: booking.Keep{}.Name(), on: "booking",
		offered: func(s *scene, t thing) bool { return s.v.Bookings.State.Bookings[t.n-1].Asked != nil },
		asks:    func(*scene, thing) []ask { return nil },
		presses: func(*scene, thing) bool { return true },
		makes:   func(_ *scene, t thing, _ *filled) named { return booking.Keep{Booking: t.n} },
	},
	{
		name: "wish-appointment", command: booking.Wish{}.Name(), on: "step", spoken: true,
		offered: func(s *scene, t thing) bool {
			st := s.liveStep(t, pathway.Visit, pathway.Meeting)
			return st != nil && (!st.Planned.IsZero() || st.Missed > 0)
		},
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("kind", s.picks("wish", texts(booking.WishKinds)...)...).as("wish-kind").needed(),
				someOf("adaptations", s.adaptations()...).as("adaptations-visit"), wordsOf("words").as("said"),
			}
		},
		makes: func(s *scene, t thing, f *filled) named {
			w := booking.Wish{Journey: s.v.ID, Step: t.n, Kind: booking.WishKind(f.text("kind")), For: s.v.State.Steps[t.n-1].Planned, Words: f.text("words")}
			for _, a := range f.several("adaptations") {
				w.Adaptations = append(w.Adaptations, booking.Adaptation(a))
			}
			return w
		},
	},
	{
		name: "answer-wish", command: booking.AnswerWish{}.Name(), on: "wish",
		offered: func(s *scene, t thing) bool { return s.v.Bookings.State.Wishes[t.n-1].Open },
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("outcome", s.picks("wish-outcome", string(booking.WishDone), string(booking.WishNotPossible), string(booking.WishTalked))...).as("wish-outcome").needed(),
				wordsOf("words").as("wish-answer").with("wish-answer"),
			}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return booking.AnswerWish{Wish: t.n, Outcome: booking.Outcome(f.text("outcome")), Words: f.text("words")}
		},
	},
	{
		name: "take-back-wish", command: booking.TakeBack{}.Name(), on: "wish", spoken: true,
		offered: func(s *scene, t thing) bool { return s.v.Bookings.State.Wishes[t.n-1].Open },
		asks:    func(*scene, thing) []ask { return nil },
		makes:   func(_ *scene, t thing, _ *filled) named { return booking.TakeBack{Wish: t.n} },
	},
	{
		name: "propose-times", command: booking.ProposeTimes{}.Name(), on: "step",
		offered: func(s *scene, t thing) bool {
			return s.liveStep(t, pathway.Meeting) != nil && s.v.Bookings.State.OpenPoll(s.v.ID, t.n) == nil
		},
		asks: func(s *scene, t thing) []ask {
			asks := []ask{
				momentOf("time-1").needed(), momentOf("time-2").needed(), momentOf("time-3"), momentOf("time-4"),
				dayOf("by").as("times-by").with("times-by"), oneOf("way", s.ways(t)...),
				someOf("there", s.invited()...).needed().with("there"),
			}
			for _, r := range s.unbound() {
				asks = append(asks, lineOf("name-"+string(r)).called(s.p.T("staff.invite-outside", "role", s.role(r))))
			}
			return append(asks, lineOf("other-1").as("invite-other"), lineOf("other-2").as("invite-other-two"), wordsOf("despite").as("strain").with("strain"))
		},
		proposes: func(s *scene, t thing) url.Values {
			v := url.Values{}
			for _, c := range s.invited() {
				if c.value != string(care.PartyRelative) {
					v.Add("there", c.value)
				}
			}
			return v
		},
		makes: func(s *scene, t thing, f *filled) named {
			p := booking.ProposeTimes{Journey: s.v.ID, Step: t.n, Way: f.text("way"), By: f.date("by"), Despite: f.text("despite")}
			for n := 1; n <= 4; n++ {
				if at := f.moment("time-" + strconv.Itoa(n)); !at.IsZero() {
					p.Times = append(p.Times, at)
				}
			}
			for _, x := range makeCallParties(s, f) {
				p.People = append(p.People, x.Party)
			}
			return p
		},
	},
	{
		name: "answer-times", command: booking.AnswerTimes{}.Name(), on: "times",
		offered: openTimes,
		asks: func(s *scene, t thing) []ask {
			p := s.v.Bookings.State.Polls[t.n-1]
			var who []choice
			for i, x := range p.People {
				c := choice{value: strconv.Itoa(i + 1), label: s.who(x)}
				if _, answered := p.Answers[i+1]; answered {
					c.label += " (" + s.p.T("staff.times-answered") + ")"
				}
				who = append(who, c)
			}
			return []ask{radioOf("who", who...).as("times-who").needed(), someOf("can", s.proposedTimes(p)...).as("times-can").with("times-can"), wordsOf("words").as("said")}
		},
		proposes: func(s *scene, t thing) url.Values {
			if silent := s.v.Bookings.State.Polls[t.n-1].Silent(); len(silent) > 0 {
				return url.Values{"who": {strconv.Itoa(silent[0])}}
			}
			return nil
		},
		makes: func(_ *scene, t thing, f *filled) named {
			c := booking.AnswerTimes{Poll: t.n, Who: f.number("who"), Can: []int{}, Words: f.text("words")}
			for _, x := range f.several("can") {
				if n, err := strconv.Atoi(x); err == nil {
					c.Can = append(c.Can, n)
				}
			}
			return c
		},
	},
	{
		name: "set-time", command: booking.SetTime{}.Name(), on: "times",
		offered: openTimes,
		asks: func(s *scene, t thing) []ask {
			return []ask{radioOf("time", s.proposedTimes(s.v.Bookings.State.Polls[t.n-1])...).as("times-time").needed(), wordsOf("despite").as("strain").with("strain")}
		},
		proposes: func(s *scene, t thing) url.Values {
			p := s.v.Bookings.State.Polls[t.n-1]
			for i := range p.Times {
				if p.Enough(i + 1) {
					return url.Values{"time": {strconv.Itoa(i + 1)}}
				}
			}
			return nil
		},
		presses: func(s *scene, t thing) bool {
			p, enough := s.v.Bookings.State.Polls[t.n-1], 0
			for i := range p.Times {
				if p.Enough(i+1) && len(p.Times[i].Over) == 0 {
					enough++
				}
			}
			return enough == 1
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return booking.SetTime{Poll: t.n, Time: f.number("time"), Despite: f.text("despite")}
		},
	},
	{
		name: "withdraw-times", command: booking.WithdrawTimes{}.Name(), on: "times",
		offered: openTimes,
		asks:    func(*scene, thing) []ask { return nil },
		makes:   func(_ *scene, t thing, _ *filled) named { return booking.WithdrawTimes{Poll: t.n} },
	},
}

func openTimes(s *scene, t thing) bool { return s.v.Bookings.State.Polls[t.n-1].Open }

func (s *scene) adaptations() []choice {
	var out []choice
	for _, a := range booking.Adaptations {
		out = append(out, choice{value: string(a), label: s.p.T("appointment.adapt-" + string(a))})
	}
	return out
}

// proposedTimes are the times of a proposal, each with how many can.
func (s *scene) proposedTimes(p booking.Poll) []choice {
	var out []choice
	for i, t := range p.Times {
		label := s.at(t.At) + ". " + s.p.T("staff.times-count", "n", p.Can(i+1), "of", len(p.People))
		if len(t.Over) > 0 {
			label += " " + s.p.T("staff.times-strain")
		}
		out = append(out, choice{value: strconv.Itoa(i + 1), label: label})
	}
	return out
}

// proposeCopy fills the form with the newest copy of a step's booking.
func proposeCopy(s *scene, t thing) url.Values {
	for _, b := range slices.Backward(s.v.Bookings.State.Bookings) {
		if b.Journey != s.v.ID || b.Step != t.n {
			continue
		}
		text, at := s.v.Bookings.Text[b.Text], b.At.In(s.v.Calendar.Zone())
		v := url.Values{
			"at": {s.v.Calendar.Date(at).String()}, "at-time": {at.Format("15:04")}, "source": {b.Source}, "reference": {b.Reference},
			"way": {b.Way}, "place": {text["place"]}, "with": {text["with"]}, "bring": {text["bring"]}, "interpreter": {b.Interpreter},
		}
		if b.Minutes > 0 {
			v.Set("minutes", strconv.Itoa(b.Minutes))
		}
		return v
	}
	if st := s.liveStep(t); st != nil && st.Way != "" {
		return url.Values{"way": {string(st.Way)}}
	}
	return nil
}
