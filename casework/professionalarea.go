package casework

import (
	"context"

	"forlop/care"
	"forlop/pathway"
)

// ProfessionalArea asks for what is written for those who prescribe. It is about
// no person. The access policy opens it for a professional whose login shows the
// right to prescribe, or who declared it where the site allows that.
type ProfessionalArea struct{}

// ProfessionalView is the area.
type ProfessionalView struct {
	// Pathways are the definitions in use, by id and version.
	Pathways []*pathway.Definition
	// Declared says that the reader's own word is all that stands behind their
	// right to prescribe.
	Declared bool
}

// Name of the question.
func (ProfessionalArea) Name() string { return "professional-area" }

func (ProfessionalArea) answer(r *reading) (ProfessionalView, []care.PersonKey, error) {
	defs, err := r.s.InUse(r.ctx)
	return ProfessionalView{Pathways: defs, Declared: r.who.Login.Prescriber == Declared}, nil, err
}

// On what ground a login counts as a prescriber's.
const (
	Claimed  = "claimed"
	Declared = "declared"
)

// DeclarePrescriber keeps in a professional's session that they say they have the
// right to prescribe. Whether a site takes anybody's word is for the caller.
func (s *Service) DeclarePrescriber(ctx context.Context, token string) error {
	who, err := s.SignedIn(ctx, token)
	if err != nil {
		return err
	}
	if who.Actor.Kind != care.Professional {
		return care.Deny("no-basis", "You have no basis to see or do this. Ask the person's coordinator.")
	}
	sess, err := s.session(ctx, token)
	if err != nil || sess.Prescriber != "" {
		return err
	}
	sess.Prescriber = Declared
	return s.store.PutSession(ctx, sess)
}
