package questionnaire

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
)

// Known is what a decision about a form must know of others.
type Known struct {
	// Definition is the questionnaire that the form is, or is to be.
	Definition *Definition
	// Regime is the law that the journey stands under; "" where the person has no
	// such journey.
	Regime care.Regime
	// Ended says that the journey has ended, Dead that the person has died.
	Ended, Dead bool
	// TakesPart reports whether a unit takes part in the journey.
	TakesPart func(care.UnitID) bool
	// PostExists reports whether something new can be given to a post.
	PostExists func(care.Post) bool
	// Duty is the named post that an answer which must never lie unseen reaches.
	Duty care.Post
}

// Decide decides a command on a form. It never changes s.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	if c, ok := c.(Ask); ok {
		return ask(s, c, act, k)
	}
	if s.Version == 0 {
		return nil, unknown()
	}
	d := decision{s, act, k, care.CalendarOf(s.Regime)}
	switch c := c.(type) {
	case Answer:
		return d.answer(c)
	case Send:
		return d.send()
	case Decline:
		return d.decline()
	case Withdraw:
		return d.withdraw(c)
	case Read:
		return d.read()
	case LetBe:
		return d.letBe()
	case SeeTo:
		return d.seeTo(c)
	case Wake:
		return d.wake(), nil
	}
	return nil, fmt.Errorf("questionnaire: %s is not a command for a form", c.Name())
}

// askedAt is the version of the event that opened the form: what somebody has seen
// of a question that has no answer yet.
const askedAt = 1

type decision struct {
	s   State
	act care.Act
	k   Known
	cal *care.Calendar
}

func unknown() *care.Refusal { return care.Missing("no-form", "There is no such form.") }

func one(e care.Event) []care.Made { return []care.Made{{Event: e}} }

func (d decision) deadline(span care.Span) time.Time { return d.cal.Deadline(d.act.At, span).UTC() }

func ask(s State, c Ask, act care.Act, k Known) ([]care.Made, error) {
	switch {
	case s.Version != 0:
		return nil, care.Stale("form-asked-already", "This form has been asked for already.")
	case k.Dead:
		return nil, care.Refuse("person-died", "This person has died.")
	case k.Regime == "" || k.Ended:
		return nil, care.Refuse("form-no-journey", "A form is asked for on a journey that is running.").On("journey")
	case k.Definition == nil:
		return nil, care.Missing("no-questionnaire", "There is no such questionnaire.").On("questionnaire")
	case k.PostExists == nil || !k.PostExists(c.Reader):
		return nil, care.Missing("post-unknown", "There is no post {post}, or it is closed.", "post", c.Reader.String()).On("reader")
	case !k.TakesPart(c.Reader.Unit):
		return nil, care.Refuse("form-reader-outside", "Whoever reads the answers takes part in the journey. Choose one of those units.").On("reader")
	}
	cal := care.CalendarOf(k.Regime)
	switch today := cal.Date(act.At); {
	case c.By.Before(today):
		return nil, care.Refuse("date-past", "That day is over.").On("by")
	case c.By.After(cal.Add(today, longestWait)):
		return nil, care.Refuse("form-by-far", "Choose a day within {span}.", "span", longestWait.String()).On("by")
	}
	e := Asked{
		Person: c.Person, Regime: k.Regime, Journey: c.Journey, Step: c.Step, Questionnaire: k.Definition.Ref,
		Reader: c.Reader, By: cal.EndOf(c.By).UTC(),
	}
	for _, i := range k.Definition.Items {
		e.Items = append(e.Items, i.ID)
	}
	return one(e), nil
}

// answer keeps one answer. It is never too late for it while the form is open,
// and who did not want the form can begin after all.
func (d decision) answer(c Answer) ([]care.Made, error) {
	if err := d.fillsIn(); err != nil {
		return nil, err
	}
	item, ok := d.k.Definition.Item(c.Item)
	if !ok {
		return nil, care.Missing("no-question", "There is no such question in this form.")
	}
	had, before := d.s.Answers[c.Item]
	if now := max(had.Version, askedAt); d.act.Seen != 0 && now != int(d.act.Seen) {
		return nil, care.Stale("form-answered-meanwhile", "This question was answered meanwhile, perhaps in another window. Look at it again.")
	}
	if c.Missing != "" {
		switch {
		case !slices.Contains(missingCodes, c.Missing) || c.Missing == NotAsked && !item.Concerns:
			return nil, care.Refuse("form-missing-unknown", "{code} is no reason for leaving a question out.", "code", care.Clip(string(c.Missing), longestEcho)).On("value")
		case before && had.Missing == c.Missing:
			return nil, nil
		}
		return one(LeftOut{c.Item, c.Missing, c.Language}), nil
	}
	if strings.TrimSpace(c.Value) == "" {
		return nil, care.Refuse("form-answer-needed", "Choose an answer, or say why you leave the question out.").On("value")
	}
	v, err := strconv.Atoi(strings.TrimSpace(c.Value))
	if err != nil || !item.takes(v) {
		return nil, notAnAnswer(item)
	}
	made := []care.Made{{Event: Answered{c.Item, c.Language}, Sealed: care.Sealed{"value": strconv.Itoa(v)}}}
	if item.Alert > 0 && v >= item.Alert && d.s.alert(c.Item) == nil {
		made = append(made, care.Made{Event: Alerted{c.Item, d.k.Duty, d.act.At.Add(toAct).UTC().Truncate(time.Microsecond)}})
	}
	return made, nil
}

func notAnAnswer(i Item) *care.Refusal {
	if i.Kind == Scale || i.Kind == Number {
		return care.Refuse("form-number", "Write a whole number from {from} to {to}.", "from", strconv.Itoa(i.From), "to", strconv.Itoa(i.To)).On("value")
	}
	return care.Refuse("form-answer-unknown", "That is not one of the answers. Choose one of those shown.").On("value")
}

// fillsIn refuses who cannot give answers, and a form that takes none.
func (d decision) fillsIn() error {
	switch speaker(d.act.Actor, d.act.Post, d.act.For).Party.Kind {
	case care.PartyPatient, care.PartyRelative:
	default:
		return care.Refuse("form-whose", "These are the patient's or a relative's answers. Say whose they are and how they reached you.").On("behalf")
	}
	switch {
	case d.k.Dead:
		return care.Refuse("person-died", "This person has died.")
	case d.s.Status == HandedIn:
		return care.Refuse("form-sent", "This form has been sent. What was sent stays as it was; ask for a new one if something has changed.")
	case d.s.Status == TakenBack:
		return care.Refuse("form-withdrawn", "This form was taken back. There is nothing to fill in.")
	}
	return nil
}

func (d decision) send() ([]care.Made, error) {
	if err := d.fillsIn(); err != nil {
		return nil, err
	}
	if !d.s.Begun() || d.s.Status != Open {
		return nil, care.Refuse("form-empty", "Nothing has been answered yet. You can also say that you do not want to fill it in.")
	}
	e := Sent{ReadBy: d.deadline(toRead)}
	for _, item := range d.s.Questions {
		if _, ok := d.s.Answers[item]; !ok {
			e.NotAsked = append(e.NotAsked, item)
		}
	}
	return one(e), nil
}

func (d decision) decline() ([]care.Made, error) {
	if err := d.fillsIn(); err != nil {
		return nil, err
	}
	if d.s.Status == NotWanted {
		return nil, care.Unchanged()
	}
	return one(Declined{}), nil
}

func (d decision) withdraw(c Withdraw) ([]care.Made, error) {
	if d.s.Status != Open {
		return nil, care.Refuse("form-not-open", "Only a form that is open can be taken back.")
	}
	if err := care.CheckText(c.Reason, "reason", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: Withdrawn{}, Sealed: care.Sealed{"reason": c.Reason}}}, nil
}

func (d decision) read() ([]care.Made, error) {
	if d.s.Status != HandedIn || d.s.WasRead {
		return nil, care.Unchanged()
	}
	return one(WasRead{}), nil
}

func (d decision) letBe() ([]care.Made, error) {
	if !d.s.Quiet.Open {
		return nil, care.Unchanged()
	}
	return one(WasLet{}), nil
}

func (d decision) seeTo(c SeeTo) ([]care.Made, error) {
	if d.s.alert(c.Item) == nil {
		return nil, care.Unchanged()
	}
	if err := care.CheckText(c.Words, "words", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: SeenTo{c.Item}, Sealed: care.Sealed{"done": c.Words}}}, nil
}
