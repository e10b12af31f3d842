package journey

import (
	"strings"

	"forlop/care"
)

// openWait says who has the ball, since when and until when. No wait is without
// an owner here and a day on which a person looks at it again.
func (d *draft) openWait(c OpenWait) error {
	if !isCode(c.Reason) {
		return care.Refuse("wait-reason", "Say what is waited for.").On("reason")
	}
	if c.Review.IsZero() {
		return care.Refuse("wait-review", "A wait needs a day on which someone looks at it again.").On("review")
	}
	if err := d.future(c.Review, "review"); err != nil {
		return err
	}
	if d.k.Calendar.Date(d.act.At).DaysUntil(c.Review) > 366 {
		return care.Refuse("review-too-far", "Look at a wait again within a year.").On("review")
	}
	owner := d.s.Responsible
	if c.Step > 0 {
		st, err := d.liveStep(c.Step, "")
		if err != nil {
			return err
		}
		owner = st.Owner
	}
	d.addWith(WaitOpened{
		Wait: len(d.s.Waits) + 1, For: c.For, Reason: c.Reason, Owner: owner, Review: d.endOf(c.Review), Step: c.Step,
	}, sealed("words", c.Words))
	d.owe(patient, "waiting")
	return nil
}

// isCode reports whether a text is a word of a list, such as patient-wish, and no
// free text: that is sealed.
func isCode(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// reviewWait is a person's new decision: nothing renews itself.
func (d *draft) reviewWait(c ReviewWait) error {
	w, err := d.liveWait(c.Wait)
	if err != nil {
		return err
	}
	if c.Review.IsZero() {
		return care.Refuse("wait-review", "A wait needs a day on which someone looks at it again.").On("review")
	}
	if err := d.future(c.Review, "review"); err != nil {
		return err
	}
	if d.k.Calendar.Date(d.act.At).DaysUntil(c.Review) > 366 {
		return care.Refuse("review-too-far", "Look at a wait again within a year.").On("review")
	}
	d.addWith(WaitReviewed{Wait: w.Wait, Review: d.endOf(c.Review)}, sealed("words", c.Words))
	return nil
}

func (d *draft) endWait(c EndWait) error {
	w, err := d.liveWait(c.Wait)
	if err != nil {
		return err
	}
	d.addWith(WaitEnded{Wait: w.Wait}, sealed("words", c.Words))
	return nil
}

func (d *draft) liveWait(n int) (Wait, error) {
	w, err := at(d.s.Waits, n, "wait")
	if err != nil || !w.Open {
		return Wait{}, care.Missing("wait-not-open", "That wait is not open.")
	}
	return *w, nil
}

func (d *draft) endWaits(match func(Wait) bool) {
	for _, w := range d.s.Waits {
		if w.Open && match(w) {
			d.add(WaitEnded{Wait: w.Wait})
		}
	}
}
