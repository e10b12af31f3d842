package journey

import (
	"slices"

	"forlop/care"
	"forlop/pathway"
)

// AskAdvice asks a unit, or somebody outside, for advice on this journey: an
// e-consult. Responsibility stays where it is.
type AskAdvice struct {
	To       care.Party `json:"to"`
	Question string     `json:"question"`
	// By is the day the answer is asked for; the usual time where it is zero.
	By care.Date `json:"by,omitzero"`
	// Known are the parts of the pathway's entry checklist that the question
	// brings with it. It informs: nothing is refused for what is missing.
	Known []string `json:"known,omitempty"`
}

// GiveAdvice answers an e-consult: the advising unit's own act, or recorded on
// its behalf.
type GiveAdvice struct {
	Consult  int      `json:"consult"`
	Words    string   `json:"words"`
	Suggests Suggests `json:"suggests,omitempty"`
}

// UseAdvice says what the asker did with the advice, and when it is looked at
// whether it helped. Advice that was not followed closes the e-consult.
type UseAdvice struct {
	Consult   int       `json:"consult"`
	Did       Did       `json:"did"`
	LookAgain care.Date `json:"lookAgain,omitzero"`
	Words     string    `json:"words,omitempty"`
}

// CloseAdvice says how it went with the patient after the advice, or takes an
// unanswered e-consult back.
type CloseAdvice struct {
	Consult int    `json:"consult"`
	Outcome string `json:"outcome"`
	Words   string `json:"words,omitempty"`
}

// The spans of e-consults. Both are ours (proposed): no national text says how
// soon advice between professionals is answered.
var (
	// forAdvice is how long a unit has to answer an e-consult.
	forAdvice = care.Span{N: 5, Unit: care.WorkingDays}
	// forUse is how soon the asker says what they did with it.
	forUse = care.Span{N: 5, Unit: care.WorkingDays}
)

// consultOutcomes are how an e-consult can end, by a person.
var consultOutcomes = []string{"helped", "no-change", "worse", "not-known", "withdrawn"}

func (d *draft) askAdvice(c AskAdvice) error {
	if c.Question == "" {
		return care.Refuse("question-missing", "Write what you ask for.").On("question")
	}
	if err := d.adviser(c.To, "to"); err != nil {
		return err
	}
	if !c.By.IsZero() {
		if err := d.future(c.By, "by"); err != nil {
			return err
		}
	}
	var known []string
	for _, id := range d.def.For.Checklist {
		if slices.Contains(c.Known, id) {
			known = append(known, id)
		}
	}
	d.addWith(ConsultAsked{
		Consult: len(d.s.Consults) + 1, To: c.To, Owner: d.asker(), By: d.by(c.By, forAdvice), Known: known,
	}, sealed("question", c.Question))
	return nil
}

// adviser refuses a party that nobody can ask: one that is not named, the
// patient, and a post that is not there.
func (d *draft) adviser(to care.Party, field string) error {
	switch {
	case to.Kind == care.PartyUnit && d.k.Posts.Exists(to.Post):
	case to.Kind == care.PartyUnit:
		return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", to.Post.String()).On(field)
	case to.Kind == care.PartyOther && to.Name != "":
	default:
		return care.Refuse("adviser-missing", "Say which unit you ask, or the name of who you ask outside.").On(field)
	}
	return nil
}

// asker is the post an e-consult belongs to: the one that asked, where it is a
// post here, and otherwise the responsible one.
func (d *draft) asker() care.Post {
	if p := d.act.Post; p.Unit != "" && p.Role != "" && d.act.For == nil && d.k.Posts.Exists(p) {
		return p
	}
	return d.s.Responsible
}

func (d *draft) giveAdvice(c GiveAdvice) error {
	x, err := d.consult(c.Consult, ConsultOpen)
	if err != nil {
		return err
	}
	if x.To.Kind == care.PartyUnit {
		if err := d.forUnit(x.To.Post.Unit); err != nil {
			return err
		}
	}
	if c.Words == "" {
		return care.Refuse("answer-empty", "Write the answer.").On("words")
	}
	switch c.Suggests {
	case "", SuggestJoint, SuggestTake:
	default:
		return care.Refuse("advice-suggests", "Beside the advice you can suggest a joint assessment, or to take it over.").On("suggests")
	}
	d.addWith(ConsultAdvised{Consult: x.Consult, Suggests: c.Suggests, UseBy: d.deadline(forUse)}, sealed("advice", c.Words))
	return nil
}

func (d *draft) useAdvice(c UseAdvice) error {
	x, err := d.consult(c.Consult, ConsultAnswered)
	if err != nil {
		return err
	}
	switch c.Did {
	case Followed, FollowedPartly:
		if c.LookAgain.IsZero() {
			return care.Refuse("look-again", "Say when you look at it again.").On("lookAgain")
		}
		if err := d.future(c.LookAgain, "lookAgain"); err != nil {
			return err
		}
		d.addWith(ConsultUsed{Consult: x.Consult, Did: c.Did, LookAgain: d.endOf(c.LookAgain)}, sealed("words", c.Words))
	case NotFollowed:
		if c.Words == "" {
			return care.Refuse("advice-not-followed", "Say why the advice was not followed, and what is done instead.").On("words")
		}
		d.addWith(ConsultUsed{Consult: x.Consult, Did: c.Did, LookAgain: d.deadline(forUse)}, sealed("words", c.Words))
		d.add(ConsultClosed{Consult: x.Consult, Outcome: "not-used"})
	default:
		return care.Refuse("advice-did", "Say what you did: followed it, followed it in part, or not.").On("did")
	}
	return nil
}

// ledTo says that an e-consult ended in something larger, where it was about one.
func (d *draft) ledTo(consult int, did Did, by care.Deadline) error {
	if consult == 0 {
		return nil
	}
	x, err := d.consult(consult, ConsultAnswered)
	if err != nil {
		return err
	}
	d.add(ConsultUsed{Consult: x.Consult, Did: did, LookAgain: by})
	return nil
}

func (d *draft) closeAdvice(c CloseAdvice) error {
	if !slices.Contains(consultOutcomes, c.Outcome) {
		return care.Refuse("advice-outcome", "Say how it went: it helped, no change, worse, or not known.").On("outcome")
	}
	state := ConsultInUse
	if c.Outcome == "withdrawn" {
		state = ConsultOpen
		if c.Words == "" {
			return care.Refuse("reason-missing", "Say why, and what you advise instead. The patient reads it.").On("words")
		}
	}
	x, err := d.consult(c.Consult, state)
	if err != nil {
		return err
	}
	d.addWith(ConsultClosed{Consult: x.Consult, Outcome: c.Outcome}, sealed("words", c.Words))
	return nil
}

// consult finds an e-consult in a state.
func (d *draft) consult(n int, in ConsultState) (Consult, error) {
	x, err := at(d.s.Consults, n, "consult")
	if err != nil {
		return Consult{}, care.Missing("no-such-consult", "There is no such e-consult.")
	}
	if x.State != in || !x.Open() {
		return Consult{}, care.Stale("consult-not-so-far", "That e-consult is {state}.", "state", string(x.State))
	}
	return *x, d.seen(x.Version)
}

// Checked says, for every part of a pathway's entry checklist, whether it is
// there, in the order of the pathway.
func Checked(def *pathway.Definition, known []string) (there, missing []string) {
	for _, id := range def.For.Checklist {
		if slices.Contains(known, id) {
			there = append(there, id)
		} else {
			missing = append(missing, id)
		}
	}
	return there, missing
}
