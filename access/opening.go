package access

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

func (s *State) applyOpening(r care.Recorded) error {
	number := 0
	switch e := r.Event.(type) {
	case RecordOpened:
		if err := follows("opening", e.Opening, len(s.Openings)); err != nil {
			return err
		}
		s.Openings = append(s.Openings, OpeningState{
			Number: e.Opening, Professional: e.Professional, Unit: e.Unit, Why: e.Why, From: r.Learned, Ends: e.Ends, Status: OpeningOpen,
			Review: Question{e.Review, r.Learned, e.ReviewBy, r.Version}, Tell: e.Tell, Telling: Question{Post: e.Contact}, Version: r.Version,
		})
		return nil
	case OpeningTold:
		number = e.Opening
	case OpeningClosed:
		number = e.Opening
	case OpeningEnded:
		number = e.Opening
	case OpeningReviewed:
		number = e.Opening
	}
	o, err := numbered("opening", s.Openings, number)
	if err != nil {
		return err
	}
	switch e := r.Event.(type) {
	case OpeningTold:
		if o.Told {
			return fmt.Errorf("opening %d was told", number)
		}
		o.Told, o.Telling = true, Question{o.Telling.Post, r.Learned, e.TellBy, r.Version}
	case OpeningReviewed:
		if o.Verdict != "" {
			return fmt.Errorf("opening %d was judged", number)
		}
		o.Verdict, o.Reviewer = e.Verdict, r.Actor.ID
	default:
		return change("opening", &o.Status, r)
	}
	return nil
}

// delay moves the notices that are held back to when the ground ends.
func (s *State) delay(until, now time.Time) {
	s.Delay = until
	for i := range s.Openings {
		if !s.Openings[i].Told {
			s.Openings[i].Tell = care.Later(until, now)
		}
	}
}

func (d decision) openRecord(c OpenRecord) ([]care.Made, error) {
	who := d.act.Actor
	if d.act.For != nil || who.Kind != care.Professional || who.ID == "" {
		return nil, care.Refuse("by-professional", "A named professional does this, in their own name.")
	}
	if err := d.checkContact(); err != nil {
		return nil, err
	}
	if c.Hours == 0 {
		c.Hours = LongestOpening
	}
	switch {
	case !slices.Contains(OpeningReasons, c.Why):
		return nil, care.Refuse("opening-reason", "Say why you must look now. Choose from the list.").On("why")
	case c.Hours < 1 || c.Hours > LongestOpening:
		return nil, care.Refuse("opening-hours", "An opening lasts from 1 to {most} hours.", "most", fmt.Sprint(LongestOpening)).On("hours")
	case d.s.shutOut(who.ID):
		return nil, care.Refuse("opening-shut", "The patient has shut their record to you, in an emergency too. Ask a colleague to look.")
	}
	if _, open := d.s.Opening(who.ID, d.act.At); open {
		return nil, care.Refuse("opening-open", "You have opened this record already. Close that opening first, or use it.")
	}
	if err := care.CheckText(c.Words, "words", longestWords, true); err != nil {
		return nil, err
	}
	unit := who.Unit
	if unit == "" {
		unit = d.act.Post.Unit
	}
	review := care.Post{Unit: unit, Role: care.PrivacyOfficer}
	if d.k.Reviewer != "" {
		review.Unit = d.k.Reviewer
	}
	e := RecordOpened{
		Opening: len(d.s.Openings) + 1, Professional: who.ID, Unit: unit, Why: c.Why, Ends: exact(d.act.At.Add(time.Duration(c.Hours) * time.Hour)),
		Review: review, ReviewBy: d.deadline(toReview), Tell: exact(care.Later(d.act.At, d.s.Delay)), Contact: d.k.Contact,
	}
	made := []care.Made{{Event: e, Sealed: sealed("words", c.Words)}}
	if !e.Tell.After(d.act.At) {
		made = append(made, care.Made{Event: OpeningTold{e.Opening, d.deadline(toTell)}})
	}
	return made, nil
}

// closeOpening closes an opening early: the one who opened, or the patient.
func (d decision) closeOpening(c CloseOpening) ([]care.Made, error) {
	o, err := d.opening(c.Opening)
	if err != nil {
		return nil, err
	}
	if d.act.Actor.ID != o.Professional && d.checkOwnWill() != nil {
		return nil, care.Refuse("opening-not-yours", "Whoever opened closes it, or the patient.").On("opening")
	}
	if o.Status != OpeningOpen {
		return nil, care.Unchanged()
	}
	return just(OpeningClosed(c)), nil
}

// reviewOpening is never by the one who opened (invariant 32).
func (d decision) reviewOpening(c ReviewOpening) ([]care.Made, error) {
	o, err := d.opening(c.Opening)
	if err != nil {
		return nil, err
	}
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	switch {
	case d.act.Actor.ID == o.Professional:
		return nil, care.Refuse("review-self", "You opened this record yourself. Somebody else judges it.").On("opening")
	case o.Verdict != "":
		return nil, care.Unchanged()
	case c.Verdict != Justified && c.Verdict != NotJustified:
		return nil, care.Refuse("verdict-unknown", "Say if there was a reason to look, or not.").On("verdict")
	}
	return said(OpeningReviewed{c.Opening, c.Verdict}, c.Words)
}

func (d decision) delayNotices(c DelayNotices) ([]care.Made, error) {
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	if err := d.until(c.Until, longestDelay); err != nil {
		return nil, err
	}
	ends := d.endOf(c.Until)
	if ends.Equal(d.s.Delay) {
		return nil, care.Unchanged()
	}
	return said(NoticesDelayed{ends}, c.Words)
}

// endDelay tells at once what was held back.
func (d decision) endDelay() ([]care.Made, error) {
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	if !d.s.Delay.After(d.act.At) {
		return nil, care.Unchanged()
	}
	made := just(DelayEnded{})
	for _, o := range d.s.Openings {
		if !o.Told && !d.s.Ended {
			made = append(made, care.Made{Event: OpeningTold{o.Number, d.deadline(toTell)}})
		}
	}
	return made, nil
}

func (d decision) opening(n int) (OpeningState, error) {
	o, err := numbered("opening", d.s.Openings, n)
	if err != nil {
		return OpeningState{}, care.Missing("opening-unknown", "There is no such opening.").On("opening")
	}
	return *o, nil
}

// exact is an instant as streams keep it: in UTC, to the microsecond.
func exact(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
