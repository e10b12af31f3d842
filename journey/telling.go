package journey

import (
	"slices"
	"time"

	"forlop/care"
)

// owe opens a telling to a party, unless one about the same is open. The dead
// are told nothing.
func (d *draft) owe(to care.Party, about string) {
	if to.Kind == care.PartyPatient && d.k.Person.Dead {
		return
	}
	if !mustReach(about) && (!d.k.Person.OnPaper || d.toldNow()) {
		return
	}
	d.writes = d.writes || to == patient
	for _, t := range d.s.Tellings {
		if t.Open() && t.To == to && t.About == about {
			return
		}
	}
	by := d.deadline(forTelling)
	if !mustReach(about) {
		by = d.deadline(care.Span{N: 0, Unit: care.Days})
	}
	d.add(TellingOwed{Telling: len(d.s.Tellings) + 1, To: to, About: about, Owner: d.s.Owner(""), By: by})
}

// oweAppointment opens a telling of a planned visit or a meeting. An appointment counts as
// told only when it has reached the patient (L13): one who reads no pages is told
// the same day, and one who made it is told already.
func (d *draft) oweAppointment(st Step, about string) {
	d.untellAppointment(st.Step)
	if d.k.Person.Dead || d.toldNow() || d.act.Actor.Kind == care.Patient {
		return
	}
	within := forTelling
	if d.k.Person.OnPaper {
		within = care.Span{N: 0, Unit: care.Days}
	}
	d.writes = true
	d.add(TellingOwed{Telling: len(d.s.Tellings) + 1, To: patient, About: about, Owner: d.s.Owner(""), By: d.deadline(within), Step: st.Step})
}

// untellAppointment takes an appointment that nobody was told of, and that is
// over or has moved, off the list of what is to be told.
func (d *draft) untellAppointment(step int) {
	for _, t := range slices.Clone(d.s.Tellings) {
		if t.Step == step && t.Open() {
			d.add(TellingWithdrawn{Telling: t.Telling})
		}
	}
}

// oweCancelled opens a telling of an appointment that will not be, so that
// nobody travels in vain: by whatever way the patient reads, it must reach them.
func (d *draft) oweCancelled(planned time.Time) {
	if planned.Before(d.act.At) || d.k.Person.Dead || d.toldNow() || d.act.Actor.Kind == care.Patient {
		return
	}
	if slices.ContainsFunc(d.s.Tellings, func(t Telling) bool { return t.Open() && t.To == patient && t.About == "changed" }) {
		return
	}
	d.writes = true
	d.add(TellingOwed{
		Telling: len(d.s.Tellings) + 1, To: patient, About: "changed", Owner: d.s.Owner(""), By: d.deadline(care.Span{N: 0, Unit: care.Days}),
	})
}

// mustReach lists what counts as told only when it has reached the person
// (L13): a referral, an answer, a hand-over and an ending. The rest is seen on
// the page by those who read pages, and goes by letter or phone to those who do
// not.
func mustReach(about string) bool {
	return slices.Contains([]string{"received", "answered", "redirected", "meeting-called", "ended", "reopened", "moved"}, about)
}

// toldNow reports whether the act is itself a talk with the patient.
func (d *draft) toldNow() bool {
	return d.act.For != nil && d.act.For.Of.Kind == care.PartyPatient && (d.act.For.How == care.ByPhone || d.act.For.How == care.ByMeeting)
}

func (d *draft) oweSender(about string) {
	if d.s.Sender.Kind == care.PartyUnit || d.s.Sender.Kind == care.PartyOther {
		d.owe(d.s.Sender, about)
	}
}

// tell records the receipt. A letter counts as reached when it is handed to the
// post with its expected day.
func (d *draft) tell(c Tell) error {
	t, err := at(d.s.Tellings, c.Telling, "telling")
	if err != nil || !t.Open() {
		return care.Missing("telling-not-open", "There is nothing to tell any more.")
	}
	r := Receipt{How: c.How, At: d.act.When()}
	switch c.How {
	case care.ByLetter:
		if c.Expected.IsZero() {
			return care.Refuse("letter-expected", "Say which day the letter is expected to arrive.").On("expected")
		}
		r.At, r.Expected = d.endOf(c.Expected), true
	case care.ByPhone, care.ByMeeting, care.ByPage, care.ByMessage:
	default:
		return care.Refuse("told-how", "Say how they were told: by phone, letter, message, meeting or page.").On("how")
	}
	d.addWith(Told{Telling: c.Telling, Receipt: r}, sealed("words", c.Words))
	return nil
}

// untold takes back a receipt that somebody gave by mistake, and owes the telling
// anew with the date it had, so that nothing is called told that was not (L13).
// What the person opened themselves has reached them. What was owed again since,
// or is no longer so, is not owed twice.
func (d *draft) untold(e Told) error {
	t := d.s.Tellings[e.Telling-1]
	if t.Told == nil || t.Told.How == care.ByPage {
		return dependsOn
	}
	d.add(ToldRetracted{Telling: e.Telling})
	newer := slices.ContainsFunc(d.s.Tellings[e.Telling:], func(x Telling) bool {
		return x.To == t.To && x.About == t.About || t.Step > 0 && x.Step == t.Step
	})
	over := t.Step > 0 && !d.s.Steps[t.Step-1].Live()
	if newer || over || t.To == patient && d.k.Person.Dead {
		return nil
	}
	again := t.TellingOwed
	again.Telling = len(d.s.Tellings) + 1
	d.writes = d.writes || again.To == patient
	d.add(again)
	return nil
}

// contact records that the patient was contacted after a latest date passed.
func (d *draft) contact(c ContactPatient) error {
	x, err := at(d.s.Contacts, c.Contact, "contact")
	if err != nil || !x.Open {
		return care.Missing("contact-not-open", "That contact is made already.")
	}
	if c.Words == "" {
		return care.Refuse("contact-empty", "Write what was said, and what happens next.").On("words")
	}
	d.addWith(Contacted{Contact: c.Contact, How: c.How}, sealed("words", c.Words))
	return nil
}

// words keeps what somebody said, under their own name (L9).
func (d *draft) words(c GiveWords) error {
	if c.Text == "" {
		return care.Refuse("words-empty", "Write the message.").On("text")
	}
	e := WordsGiven{Words: len(d.s.Words) + 1, From: d.speaker(), Kind: c.Kind, About: c.About}
	switch c.Kind {
	case "message", "wish", "story", "objection":
	default:
		return care.Refuse("words-kind", "A contribution is a message, a wish, a story or an objection.").On("kind")
	}
	if c.Kind == "objection" && (c.About < 1 || c.About > d.s.Version) {
		return care.Refuse("objection-about", "Say what the objection is to.").On("about")
	}
	d.addWith(e, sealed("said", c.Text, "sentence", c.Sentence))
	d.toRead()
	return nil
}

// toRead puts what a patient, a relative or someone outside has just said on the
// responsible post's list. Words on an ended journey go to the post that was
// responsible last, as something it must be told: nothing lands on no list.
func (d *draft) toRead() {
	said := d.s.Words[len(d.s.Words)-1]
	switch {
	case said.From.Kind == care.PartyUnit:
	case d.s.Status == Running:
		d.need("words-to-read", d.s.Responsible, d.deadline(forTelling), 0, 0)
	default:
		d.add(TellingOwed{
			Telling: len(d.s.Tellings) + 1, To: care.Party{Kind: care.PartyUnit, Post: d.s.Responsible}, About: "words-to-read",
			Owner: d.s.Responsible, By: d.deadline(forTelling),
		})
	}
}

// note is the note of two fields: what was said, and what happens next.
func (d *draft) note(c NoteContact) error {
	if c.Words == "" {
		return care.Refuse("note-empty", "Write what was said.").On("words")
	}
	if c.Step > 0 {
		if _, err := d.liveStep(c.Step, ""); err != nil {
			return err
		}
	}
	d.addWith(NoteMade{Note: d.s.Notes + 1, How: c.How, Step: c.Step}, sealed("words", c.Words))
	if c.Step > 0 && !c.Plan.IsZero() {
		return d.planStep(PlanStep{Step: c.Step, At: c.Plan})
	}
	return nil
}
