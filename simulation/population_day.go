package simulation

import (
	"fmt"
	"time"

	"forlop/care"
	"forlop/care/booking"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// dayBegan is how long before the demo opens its day began.
const dayBegan = 2 * time.Hour

// spend lets what happens on the demo's own day happen, shortly before it opens,
// to the first of those who live a story: that is what a visitor finds to do.
func (l *life) spend() error {
	if !l.first {
		return nil
	}
	for i, act := range l.story.day {
		l.clock.set(l.now.Add(-dayBegan + time.Duration(5*i)*time.Minute))
		if err := act(l); err != nil {
			return fmt.Errorf("today: %w", err)
		}
	}
	return nil
}

// unit is a post as one of those who take part.
func unit(id care.UnitID, role care.Role) care.Party {
	return care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: id, Role: role}}
}

// copied: the record system's list says when and where a step is to be.
func copied(id pathway.StepID, reference, interpreter string) func(*life) error {
	return func(l *life) error {
		st, err := l.step(id)
		if err != nil {
			return err
		}
		return l.know(booking.Copy{
			Source: "Journalsystemet", Reference: reference, At: st.Planned, Minutes: 60, Way: string(pathway.AtClinic),
			Place: "Inngang B, 2. etasje", Interpreter: interpreter, Journey: l.journey, Step: st.Step,
		})
	}
}

// speaks: the person needs an interpreter, and none is booked yet.
func speaks(language string, id pathway.StepID) func(*life) error {
	return func(l *life) error {
		if err := l.know(person.SetLanguages{Reading: care.Bokmal, Interpreter: language}); err != nil {
			return err
		}
		st, err := l.step(id)
		if err != nil {
			return err
		}
		return l.do(l.post("coordinator"), journey.NoteInterpreter{Step: st.Step, Interpreter: journey.InterpreterNotYet})
	}
}

// halfway: a form was asked for, and the first question is answered; where none
// is, the answer goes by itself.
func halfway(id, item, answer string) func(*life) error {
	return func(l *life) error {
		who, _ := l.by(l.post("coordinator"))
		receipt, err := l.s.Do(l.ctx, casework.Order{Who: who, Key: l.key(), Command: questionnaire.Ask{
			Person: l.person, Journey: l.journey, Questionnaire: questionnaire.Ref{ID: id}, Reader: l.post("coordinator"), By: l.today(14),
		}})
		if err != nil || item == "" {
			return err
		}
		return l.order(l.self(), receipt.Target, questionnaire.Answer{Item: item, Value: answer, Language: care.Bokmal}, nil)
	}
}

// asksAdvice: the practice asks the pain clinic, and keeps the responsibility.
func asksAdvice(l *life) error {
	return l.do(l.gp(), journey.AskAdvice{
		To:       unit(fjordPain, "team"),
		Question: "Har prøvd to medisiner uten bedring, og blir verre dagen etter anstrengelse. Hva bør vi prøve før ny henvisning?",
	})
}

// advised: the clinic has answered, and the practice says what it did with it.
func advised(l *life) error {
	if err := asksAdvice(l); err != nil {
		return err
	}
	s, err := l.look()
	if err != nil {
		return err
	}
	return l.do(care.Post{Unit: fjordPain, Role: "team"}, journey.GiveAdvice{
		Consult: len(s.Consults), Words: "Start med kortere økter og lengre hvile. Vent med ny medisin til søvnen er bedre. Ring oss gjerne.",
	})
}

// together: several look at the same questions, and one of them has answered.
func together(l *life) error {
	from := []journey.JointAsk{
		{Party: unit(l.clinic, "team"), Discipline: "physician", By: l.today(7)},
		{Party: unit(fjordFatigue, "team"), Discipline: "physician", By: l.today(10)},
		{Party: unit(l.home, "municipality"), Discipline: "physiotherapist", By: l.today(14)},
	}
	c := journey.CallJoint{Questions: "Hva holder plagene ved like, og hva bør komme først?", From: from, SummaryBy: l.today(25)}
	if err := l.do(l.post("coordinator"), c); err != nil {
		return err
	}
	s, err := l.look()
	if err != nil {
		return err
	}
	first := len(s.Contributions) - len(from) + 1
	return l.do(l.post("team"), journey.Contribute{Contribution: first, Words: "Ingen tegn til ny sykdom. Søvn og hvile ser ut til å bety mest nå."})
}

// laysOut puts the ways to get help side by side; nobody has chosen yet.
func laysOut(l *life) error { return l.do(l.post("team"), journey.LayOut{Choice: "help"}) }

// later: the clinic moves a step, says why, and the patient is told.
func later(id pathway.StepID, days int, why journey.DelayCause) func(*life) error {
	return func(l *life) error {
		st, err := l.step(id)
		if err != nil {
			return err
		}
		return l.do(l.post("coordinator"), journey.PlanStep{
			Step: st.Step, At: l.workday(days, 10), Way: pathway.AtClinic, Reason: journey.ByService, Cause: why,
		})
	}
}

// wishesMove: the patient cannot come then, and says so on the page.
func wishesMove(id pathway.StepID, words string) func(*life) error {
	return func(l *life) error {
		st, err := l.step(id)
		if err != nil {
			return err
		}
		return l.order(l.self(), string(l.person), booking.Wish{Journey: l.journey, Step: st.Step, Kind: booking.WishMove, For: st.Planned, Words: words}, nil)
	}
}

// proposesTimes: three times for a meeting, to the patient and two others.
func proposesTimes(id pathway.StepID) func(*life) error {
	return func(l *life) error {
		st, err := l.step(id)
		if err != nil {
			return err
		}
		return l.know(booking.ProposeTimes{
			Journey: l.journey, Step: st.Step, Times: []time.Time{l.workday(9, 12), l.workday(11, 13), l.workday(15, 12)}, Way: string(pathway.ByVideo),
			People: []care.Party{{Kind: care.PartyPatient}, {Kind: care.PartyUnit, Post: l.gp()}, {Kind: care.PartyOther, Name: "Arbeidsgiver"}},
		})
	}
}
