package person

import (
	"fmt"
	"time"

	"forlop/care"
)

// What a task about the first contact is about.
const (
	// NameContact: only a desk is the contact, and the patient has not asked for
	// that.
	NameContact = "name-first-contact"
	// ContactDeclined and ContactUnanswered: an offer came to nothing; the one
	// who has the contact decides what now.
	ContactDeclined   = "first-contact-declined"
	ContactUnanswered = "first-contact-unanswered"
	// ContactRefusedTwice: two offers came to nothing; the lead, a named person,
	// decides.
	ContactRefusedTwice = "first-contact-refused-twice"
)

// refusedTwice is how many offers may come to nothing before a named person
// decides (L4).
const refusedTwice = 2

func (c *FirstContact) apply(r care.Recorded) error {
	c.Version = r.Version
	switch e := r.Event.(type) {
	case ContactAppointed:
		c.moveTo(e.Post, r)
	case ContactOffered:
		if _, open := c.OpenOffer(); open {
			return fmt.Errorf("another offer is open")
		}
		if err := next("offer", e.Offer, len(c.Offers)); err != nil {
			return err
		}
		c.Offers = append(c.Offers, Offer{e.Offer, e.From, e.To, r.Learned, e.By, OfferOpen, r.Version})
		c.Task = Task{}
	case OfferAccepted:
		o, err := c.end(e.Offer, r)
		if err != nil {
			return err
		}
		c.moveTo(o.To, r)
		c.ask(NameContact, e.NameBy, r)
	case OfferDeclined:
		return c.comeToNothing(e.Offer, ContactDeclined, e.DecideBy, r)
	case OfferLapsed:
		return c.comeToNothing(e.Offer, ContactUnanswered, e.DecideBy, r)
	case OfferWithdrawn:
		if _, err := c.end(e.Offer, r); err != nil {
			return err
		}
		c.ask(NameContact, e.NameBy, r)
	case ContactKept:
		c.Task, c.Refusals = Task{}, 0
	case ContactRefused:
		c.moveTo(e.Desk, r)
		c.Unwanted = true
	case ContactWanted:
		c.Unwanted = false
		if _, open := c.OpenOffer(); !open {
			c.ask(NameContact, e.NameBy, r)
		}
	}
	return nil
}

// moveTo is the only place where the first contact changes.
func (c *FirstContact) moveTo(post care.Post, r care.Recorded) {
	c.Post, c.Named, c.Since = post, post.Role != care.Desk, r.Happened
	c.Task, c.Refusals = Task{}, 0
}

func (c *FirstContact) ask(about string, due time.Time, r care.Recorded) {
	if !due.IsZero() {
		c.Task = Task{about, r.Learned, due, r.Version}
	}
}

// end closes an open offer by the event that ends it.
func (c *FirstContact) end(number int, r care.Recorded) (Offer, error) {
	o, err := at("offer", c.Offers, number)
	if err != nil {
		return Offer{}, err
	}
	to, ok := nextStatus("offer", string(o.Status), r.Event.Type())
	if !ok {
		return Offer{}, fmt.Errorf("offer %d is %s", number, o.Status)
	}
	o.Status, o.Version = OfferStatus(to), r.Version
	return *o, nil
}

func (c *FirstContact) comeToNothing(number int, about string, due time.Time, r care.Recorded) error {
	if _, err := c.end(number, r); err != nil {
		return err
	}
	c.Refusals++
	if c.Refusals >= refusedTwice {
		about = ContactRefusedTwice
	}
	c.ask(about, due, r)
	return nil
}

// accepts reports whether the act speaks for the unit of a post: from one of its
// posts, or recorded on its behalf.
func accepts(act care.Act, post care.Post) bool {
	if act.For != nil {
		return act.For.Of.Kind == care.PartyUnit && act.For.Of.Post.Unit == post.Unit
	}
	return act.Post.Unit == post.Unit
}

func (d decision) appointContact(c AppointContact) ([]care.Made, error) {
	contact := d.s.Contact
	if err := d.checkPost(c.Post, "post"); err != nil {
		return nil, err
	}
	if _, open := contact.OpenOffer(); open {
		return nil, offerOpen()
	}
	switch {
	case c.Post == contact.Post:
		return nil, care.Unchanged()
	case c.Post.Unit != contact.Post.Unit:
		return nil, care.Refuse("contact-elsewhere", "{unit} has the first contact: it offers it, and the receiver accepts.",
			"unit", string(contact.Post.Unit)).On("post")
	case !accepts(d.act, c.Post):
		return nil, notForThem(c.Post)
	case c.Post.Role == care.Desk:
		return nil, care.Refuse("contact-is-desk", "The desk is the first contact only when the patient wants nobody named.").On("post")
	case contact.Unwanted:
		return nil, unwanted()
	}
	return one(ContactAppointed(c)), nil
}

func (d decision) offerContact(c OfferContact) ([]care.Made, error) {
	contact := d.s.Contact
	if err := d.checkPost(c.To, "to"); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Message, "message", longestWords, false); err != nil {
		return nil, err
	}
	if _, open := contact.OpenOffer(); open {
		return nil, offerOpen()
	}
	if c.To == contact.Post {
		return nil, care.Unchanged()
	}
	if contact.Unwanted && c.To.Role != care.Desk {
		return nil, unwanted()
	}
	by := d.deadline(toAnswerOffer)
	if !c.By.IsZero() {
		if c.By.Before(d.today()) {
			return nil, datePast("by")
		}
		by = d.endOf(c.By)
	}
	offer := ContactOffered{len(contact.Offers) + 1, contact.Post, c.To, by}
	return []care.Made{{Event: offer, Sealed: sealed("message", c.Message)}}, nil
}

// openOffer is the open offer that a command names.
func (d decision) openOffer(number int) (Offer, error) {
	o, err := at("offer", d.s.Contact.Offers, number)
	if err != nil {
		return Offer{}, care.Missing("offer-unknown", "There is no offer {offer}.", "offer", fmt.Sprint(number)).On("offer")
	}
	if o.Status != OfferOpen {
		return Offer{}, care.Stale("offer-closed", "The offer is {status} already.", "status", string(o.Status)).On("offer")
	}
	return *o, d.unseen(o.Version)
}

func (d decision) acceptContact(c AcceptContact) ([]care.Made, error) {
	o, err := d.openOffer(c.Offer)
	if err != nil {
		return nil, err
	}
	if !accepts(d.act, o.To) {
		return nil, notForThem(o.To)
	}
	e := OfferAccepted{Offer: c.Offer}
	if o.To.Role == care.Desk && !d.s.Contact.Unwanted {
		e.NameBy = d.deadline(toNameContact)
	}
	return one(e), nil
}

func (d decision) declineContact(c DeclineContact) ([]care.Made, error) {
	o, err := d.openOffer(c.Offer)
	if err != nil {
		return nil, err
	}
	if !accepts(d.act, o.To) {
		return nil, notForThem(o.To)
	}
	if err := care.CheckText(c.Reason, "reason", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: OfferDeclined{c.Offer, d.deadline(toDecide)}, Sealed: sealed("reason", c.Reason)}}, nil
}

func (d decision) withdrawContact(c WithdrawContact) ([]care.Made, error) {
	if _, err := d.openOffer(c.Offer); err != nil {
		return nil, err
	}
	return one(d.withdrawn(c.Offer)), nil
}

// withdrawn leaves the task of naming somebody where nobody is named.
func (d decision) withdrawn(offer int) OfferWithdrawn {
	e := OfferWithdrawn{Offer: offer}
	if !d.s.Contact.Named && !d.s.Contact.Unwanted {
		e.NameBy = d.deadline(toNameContact)
	}
	return e
}

func (d decision) keepContact() ([]care.Made, error) {
	contact := d.s.Contact
	if contact.Task.About == "" {
		return nil, care.Unchanged()
	}
	if !contact.Named && !contact.Unwanted {
		return nil, care.Refuse("contact-unnamed", "Only a desk is the first contact: name somebody, or offer it to another post.")
	}
	if err := d.unseen(contact.Task.Version); err != nil {
		return nil, err
	}
	return one(ContactKept{}), nil
}

func (d decision) refuseContact(c RefuseContact) ([]care.Made, error) {
	if by := d.speaker().Party.Kind; by != care.PartyPatient {
		return nil, care.Refuse("patient-decides", "Only the patient can want no named first contact. Say that you record it for them.")
	}
	if d.s.Contact.Unwanted {
		return nil, care.Unchanged()
	}
	if err := care.CheckText(c.Reason, "reason", longestWords, false); err != nil {
		return nil, err
	}
	var made []care.Made
	if o, open := d.s.Contact.OpenOffer(); open && o.To.Role != care.Desk {
		made = one(d.withdrawn(o.Number))
	}
	desk := care.Post{Unit: d.s.Contact.Post.Unit, Role: care.Desk}
	return append(made, care.Made{Event: ContactRefused{desk, c.Reason != ""}, Sealed: sealed("reason", c.Reason)}), nil
}

func (d decision) wantContact() ([]care.Made, error) {
	if !d.s.Contact.Unwanted {
		return nil, care.Unchanged()
	}
	return one(ContactWanted{d.deadline(toNameContact)}), nil
}

func offerOpen() error {
	return care.Refuse("offer-open", "The first contact is offered to somebody already: wait for the answer, or withdraw the offer.")
}

func notForThem(post care.Post) error {
	return care.Refuse("contact-not-accepted", "Only {unit} can accept for itself: offer it, or say that you record their answer.", "unit", string(post.Unit))
}

func unwanted() error {
	return care.Refuse("contact-unwanted", "The patient does not want a named first contact. Ask the patient first.")
}
