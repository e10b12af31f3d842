package access

import (
	"strings"

	"forlop/care"
)

func (s *State) applyErasure(r care.Recorded) error {
	if err := change("erasure", &s.Erasure.Status, r); err != nil {
		return err
	}
	s.Erasure.Version = r.Version
	switch e := r.Event.(type) {
	case ErasureProposed:
		s.Erasure.Decision, s.Erasure.Reference, s.Erasure.By = e.Decision, e.Reference, r.Actor.ID
		s.Erasure.Approval = Question{e.Post, r.Learned, e.DecideBy, r.Version}
	case ErasureApproved:
		s.Erasure.At, s.Erasure.Gone = r.Learned, e.Gone
	}
	return nil
}

func (d decision) holdRecord(c HoldRecord) ([]care.Made, error) {
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	if d.s.Hold {
		return nil, care.Unchanged()
	}
	return said(RecordHeld{}, c.Words)
}

func (d decision) releaseHold(c ReleaseHold) ([]care.Made, error) {
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	if !d.s.Hold {
		return nil, care.Unchanged()
	}
	return said(HoldReleased{}, c.Words)
}

// LawfulErasure is the kind of decision that lets a record be erased under a law.
func LawfulErasure(r care.Regime) ErasureDecision {
	return map[care.Regime]ErasureDecision{care.Norway: ByController, care.Sweden: ByIVO}[r]
}

// proposeErasure needs the decision that the law asks for; the duty to keep goes
// before everything else (P8).
func (d decision) proposeErasure(c ProposeErasure) ([]care.Made, error) {
	if err := d.checkProfessional(); err != nil {
		return nil, err
	}
	switch {
	case d.s.Hold:
		return nil, held()
	case d.s.Erasure.Status == ErasureOpen:
		return nil, care.Unchanged()
	case c.Decision != LawfulErasure(d.s.Regime):
		return nil, care.Refuse("erasure-decision", "That is not a decision that lets a record be erased here. Without it the duty to keep holds.").On("decision")
	case strings.TrimSpace(c.Reference) == "" || care.Longer(c.Reference, longestName):
		return nil, care.Refuse("erasure-reference", "Give the number that the decision has in the archive.").On("reference")
	}
	if err := care.CheckText(c.Reference, "reference", longestWords, true); err != nil {
		return nil, err
	}
	post := care.Post{Unit: d.act.Actor.Unit, Role: care.PrivacyOfficer}
	if post.Unit == "" {
		post.Unit = d.act.Post.Unit
	}
	return just(ErasureProposed{c.Decision, c.Reference, post, d.deadline(toDecideErasure)}), nil
}

// approveErasure takes a second person.
func (d decision) approveErasure() ([]care.Made, error) {
	if err := d.checkProposed(); err != nil {
		return nil, err
	}
	switch {
	case d.act.Actor.ID == d.s.Erasure.By:
		return nil, care.Refuse("erasure-two-persons", "You proposed this yourself. Another professional approves it.")
	case d.s.Hold:
		return nil, held()
	}
	gone := care.Date{}
	if d.k.KeyBackups > 0 {
		gone = d.today().AddDays(d.k.KeyBackups)
	}
	return just(ErasureApproved{gone}), nil
}

func (d decision) withdrawErasure() ([]care.Made, error) {
	if err := d.checkProposed(); err != nil {
		return nil, err
	}
	return just(ErasureWithdrawn{}), nil
}

func (d decision) checkProposed() error {
	if err := d.checkProfessional(); err != nil {
		return err
	}
	if d.s.Erasure.Status != ErasureOpen {
		return care.Missing("erasure-unproposed", "Nobody has proposed to erase this.")
	}
	return d.unseen(d.s.Erasure.Version)
}

func held() error {
	return care.Refuse("erasure-held", "A legal hold stands: nothing is erased while it does.")
}
