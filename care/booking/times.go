package booking

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"forlop/care"
)

// proposeTimes asks everybody for a common time. Each proposed time is held against
// what the person can bear: one that breaks a limit, or stands on a day beside
// something else, needs a reason.
func (d decision) proposeTimes(c ProposeTimes) ([]care.Made, error) {
	st, err := d.meeting(c)
	if err != nil {
		return nil, err
	}
	e := TimesProposed{Poll: len(d.s.Polls) + 1, Journey: c.Journey, Step: c.Step, Way: c.Way, Owner: st.Owner, By: d.deadline(toAnswerTimes)}
	if d.act.Actor.Kind == care.Professional && !d.act.Post.IsZero() {
		e.Owner = d.act.Post // who asks waits for the answers
	}
	if !c.By.IsZero() {
		e.By = d.cal.EndOf(c.By).UTC()
	}
	times := slices.Clone(c.Times)
	slices.SortFunc(times, func(a, b time.Time) int { return a.Compare(b) })
	times = slices.CompactFunc(times, func(a, b time.Time) bool { return a.Equal(b) })
	if len(times) < fewestTimes || len(times) > mostTimes {
		return nil, care.Refuse("times-count", "Propose two to four different times.").On("time-1")
	}
	for i, at := range times {
		field := "time-" + strconv.Itoa(i+1)
		if !at.After(d.act.At) {
			return nil, care.Refuse("planned-in-past", "Plan a time that has not passed. What has happened is recorded as done.").On(field)
		}
		if at.After(d.act.At.AddDate(5, 0, 0)) {
			return nil, care.Refuse("planned-too-far", "That is more than five years ahead. Check the year.").On(field)
		}
		over := d.k.Energy.Strains(d.cal, at, st.Minutes, d.k.Demands(c.Journey, c.Step))
		if len(over) > 0 && c.Despite == "" {
			return nil, d.k.Energy.Refuse(over[0])
		}
		e.Times = append(e.Times, Proposal{At: care.Instant(at), Over: over})
	}
	// Who has not answered by then is asked while there is time: the first meeting
	// must not come before the answers.
	if first := e.Times[0].At; !e.By.Before(first) {
		if !c.By.IsZero() {
			return nil, care.Refuse("times-by", "The answers are due after the first of the times. Choose an earlier day.").On("by")
		}
		e.By = d.cal.StartOf(d.cal.Date(first)).UTC()
		if !e.By.After(d.act.At) {
			e.By = d.act.At.Add(first.Sub(d.act.At) / 2).UTC().Truncate(time.Microsecond)
		}
	}
	if !e.By.After(d.act.At) {
		return nil, care.Refuse("date-past", "That day is over.").On("by")
	}
	if e.People, err = people(c.People); err != nil {
		return nil, err
	}
	return one(e, "despite", c.Despite), nil
}

func (d decision) meeting(c ProposeTimes) (Step, error) {
	st, ok := d.k.Step(c.Journey, c.Step)
	switch {
	case !ok:
		return st, care.Missing("no-such-step", "There is no such step in this journey.")
	case !st.Live:
		return st, care.Stale("appointment-over", "This appointment is over. You can write a message about it.")
	case !st.Meeting:
		return st, care.Refuse("times-meeting", "A common time is looked for where several meet.")
	case d.s.OpenPoll(c.Journey, c.Step) != nil:
		return st, care.Stale("times-open", "Times are proposed for this meeting already. Set one of them, or take them back first.")
	}
	return st, nil
}

// people are those who are asked, the patient first.
func people(asked []care.Party) ([]care.Party, error) {
	out := []care.Party{{Kind: care.PartyPatient}}
	for _, p := range asked {
		if slices.Contains(out, p) {
			continue
		}
		if p.Kind == care.PartyOther && (p.Name == "" || care.Longer(p.Name, longestLine)) {
			return nil, care.Refuse("party-name", "Name them, in at most {most} characters.", "most", fmt.Sprint(longestLine)).On("people")
		}
		out = append(out, p)
	}
	if len(out) < 2 || len(out) > mostPeople {
		return nil, care.Refuse("times-people", "Say who is to meet, at most twenty.").On("people")
	}
	return out, nil
}

func (d decision) openPoll(n int) (Poll, error) {
	if n < 1 || n > len(d.s.Polls) {
		return Poll{}, care.Missing("no-such-times", "No such times are proposed.")
	}
	p := d.s.Polls[n-1]
	if !p.Open {
		return p, care.Stale("times-closed", "The time is set or taken back already. Look at what holds now.")
	}
	return p, nil
}

// answerTimes records an answer. Who answers again means the newer answer. A
// patient answers for the patient, and a professional for their own unit or, with
// who said it and how, for somebody else.
func (d decision) answerTimes(c AnswerTimes) ([]care.Made, error) {
	p, err := d.openPoll(c.Poll)
	if err != nil {
		return nil, err
	}
	if c.Who < 1 || c.Who > len(p.People) {
		return nil, care.Missing("times-who", "That one is not asked.")
	}
	who := p.People[c.Who-1]
	home := d.act.Actor.Kind == care.Patient || d.act.Actor.Kind == care.Relative
	if home && who.Kind != care.PartyPatient && !(d.act.Actor.Kind == care.Relative && who.Kind == care.PartyRelative) {
		return nil, care.Deny("times-not-yours", "That answer is somebody else's to give.")
	}
	can := []int{}
	for i := range p.Times {
		if slices.Contains(c.Can, i+1) {
			can = append(can, i+1)
		}
	}
	if len(can) != len(c.Can) {
		return nil, care.Refuse("times-unknown", "Choose among the times that are proposed.").On("can")
	}
	if care.Longer(c.Words, longestWords) {
		return nil, care.Refuse("wish-long", "That is too long to send at once. Send it in parts.").On("words")
	}
	return one(TimesAnswered{c.Poll, c.Who, can}, "said", c.Words), nil
}

// setTime sets one of the times. The patient is never called to a time they have
// said they cannot come.
func (d decision) setTime(c SetTime) ([]care.Made, error) {
	p, err := d.openPoll(c.Poll)
	if err != nil {
		return nil, err
	}
	if err := d.seen(p.Version); err != nil {
		return nil, err
	}
	if c.Time < 1 || c.Time > len(p.Times) {
		return nil, care.Refuse("times-unknown", "Choose among the times that are proposed.").On("time")
	}
	if r, ok := p.Answers[1]; ok && !slices.Contains(r.Can, c.Time) {
		return nil, care.Refuse("times-not-patient", "The patient has said that they cannot come then. Choose another time, or propose new ones.").On("time")
	}
	return one(TimeSet{c.Poll, c.Time}), nil
}

func (d decision) withdrawTimes(c WithdrawTimes) ([]care.Made, error) {
	if _, err := d.openPoll(c.Poll); err != nil {
		return nil, err
	}
	return one(TimesWithdrawn(c)), nil
}
