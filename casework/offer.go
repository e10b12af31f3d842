package casework

import (
	"context"

	"forlop/access"
	"forlop/care"
)

// OfferProxy offers somebody whom the patient names to act for them. The name and
// the national number must both be right: an offer tells its receiver who the
// patient is, so one digit wrong must not reach a stranger. Who is not known here,
// and who is called something else, are answered alike.
func (s *Service) OfferProxy(ctx context.Context, who Who, key, number, name string, c access.OfferProxy) (Receipt, error) {
	if len(s.policy.Bases(who.Actor.Kind, c.Name())) == 0 {
		return Receipt{}, access.Denied()
	}
	switch {
	case folded(name) == "":
		return Receipt{}, care.Refuse("name-missing", "Give the person's name.").On("name")
	case folded(number) == "":
		return Receipt{}, care.Refuse("number-missing", "Write the person's national number.").On("number")
	}
	// What the login lacks is said before anybody is looked up.
	dir, _, err := s.current(ctx)
	if err != nil {
		return Receipt{}, err
	}
	a := asking{s: s, ctx: ctx, who: who, what: c.Name(), now: s.clock.Now(), dir: dir}
	if _, err := a.anywhere(); err != nil {
		return Receipt{}, err
	}
	to, err := s.byNumber(ctx, who, number)
	if refusal, refused := care.AsRefusal(err); refused {
		if refusal.Kind == care.NotFound {
			err = proxyNobody()
		}
		return Receipt{}, err
	}
	if err != nil {
		return Receipt{}, err
	}
	i, err := s.identity(ctx, string(to))
	if err != nil {
		return Receipt{}, err
	}
	if folded(i.Name) != folded(name) {
		return Receipt{}, proxyNobody()
	}
	c.To = to
	return s.Do(ctx, Order{Who: who, Key: key, Target: string(who.person()), Command: c})
}

func proxyNobody() error {
	return care.Refuse("proxy-nobody", "We find nobody here with this name and this number. Check both, or ask the coordinator: they can do it by phone.").On("name")
}
