package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"forlop/care"
	"forlop/store"
)

// Proof is what a provider has shown about somebody who logs in there. Who they
// are is the pair of provider and subject, never a name or an address (OpenID
// Connect Core 1.0, 5.7).
type Proof struct {
	// Provider is the issuer; Subject its stable name for the person; Remote its
	// own session.
	Provider, Subject, Remote string
	// Kind is as whom they log in: care.Patient (relatives too) or
	// care.Professional.
	Kind care.ActorKind
	// Ours says that the provider is the one of this site, whose subjects are
	// SubjectOf an actor. The wiring says it, never a claim.
	Ours bool
	// Number is a national number under Regime; HPR and HSAID are a professional's.
	// Empty where the provider does not give them.
	Number     string
	Regime     care.Regime
	HPR, HSAID string
	Login
	// Method is what the owner's list of logins calls it, Client the device.
	Method, Client string
}

// SubjectOf is an actor as the site's own provider names them.
func SubjectOf(a care.Actor) string { return string(a.Kind) + "/" + a.ID }

// The kinds of keyed hash that logins have in the vault: from a login to whose it
// is, from whose to the login, and from a number to whose.
const (
	loginOf, loginBy     = "login-of", "login-by"
	hprNumber, hsaNumber = "hpr", "hsa-id"
	nationalNumber       = "national-number"
)

// SignInWith turns a proof into a session and answers its token and whose it is.
// The first login binds provider and subject to the person or professional with
// the number; later ones need no number. Outcomes: no-pathway-here and
// no-professional-here for a number that nobody here has, login-claimed where
// another login of the same provider is bound to the same one, login-differs where
// the number is somebody else's than the one the login is bound to.
func (s *Service) SignInWith(ctx context.Context, p Proof) (token string, actor care.Actor, err error) {
	if p.Provider == "" || p.Subject == "" || p.Kind != care.Patient && p.Kind != care.Professional {
		return "", care.Actor{}, fmt.Errorf("casework: a proof of %q without provider or subject", p.Kind)
	}
	actor.Kind = p.Kind
	if p.Ours {
		kind, id, _ := strings.Cut(p.Subject, "/")
		actor = care.Actor{Kind: care.ActorKind(kind), ID: id}
		if actor.Kind != p.Kind {
			return "", actor, nobodyHere(p.Kind)
		}
	} else if actor.ID, err = s.bound(ctx, p); err != nil {
		return "", actor, err
	}
	if actor.Kind == care.Professional {
		if err := s.belongs(ctx, actor); err != nil {
			return "", actor, err
		}
	}
	token, err = s.Enter(ctx, Entry{
		Actor: actor, Login: p.Login, Method: p.Method, Client: p.Client, Provider: p.Provider, Subject: p.Subject, Remote: p.Remote,
	})
	return token, actor, err
}

// bound finds whose a login is, and binds it at the first one.
func (s *Service) bound(ctx context.Context, p Proof) (string, error) {
	numbered, err := s.numbered(ctx, p)
	if err != nil {
		return "", err
	}
	login := s.keys.Hash(loginOf, string(p.Kind)+"\x00"+p.Provider+"\x00"+p.Subject)
	known, err := s.found(ctx, login)
	if err == nil && p.Kind == care.Patient {
		known, err = s.survives(ctx, known)
	}
	switch {
	case err != nil:
		return "", err
	case known != "" && numbered != "" && known != numbered:
		return "", loginDiffers()
	case known != "":
		return known, nil
	case numbered == "":
		return "", nobodyHere(p.Kind)
	}
	// One of many who claim the same person or professional has them: the store
	// decides, also between several processes.
	by := s.keys.Hash(loginBy, string(p.Kind)+"\x00"+p.Provider+"\x00"+numbered)
	owner := fmt.Sprintf("%x", login[:16])
	err = s.store.Index(ctx, by, owner)
	if errors.Is(err, store.ErrClaimed) {
		return "", care.Deny("login-claimed", "Another login of the same provider is bound to this number, so nobody is let in. Call the service; they know the way on.")
	}
	if err == nil {
		err = s.store.Index(ctx, login, numbered)
	}
	if errors.Is(err, store.ErrClaimed) {
		return "", loginDiffers()
	}
	if err != nil {
		return "", explain(err)
	}
	return numbered, nil
}

// numbered finds who has the number that a proof shows; "" where nobody has, or
// none is shown. Two numbers of two people are nobody's.
func (s *Service) numbered(ctx context.Context, p Proof) (string, error) {
	var hashes [][]byte
	switch {
	case p.Kind == care.Patient && p.Number != "":
		n, err := care.ParseNationalNumber(p.Regime, p.Number, care.CalendarOf(p.Regime).Date(s.clock.Now()))
		if err != nil {
			// The provider has proved something that is no number of that country.
			return "", nobodyHere(p.Kind)
		}
		hashes = append(hashes, s.keys.Hash(nationalNumber, n.Digits()))
	case p.Kind == care.Professional:
		if p.HPR != "" {
			hashes = append(hashes, s.keys.Hash(hprNumber, plainNumber(p.HPR)))
		}
		if p.HSAID != "" {
			hashes = append(hashes, s.keys.Hash(hsaNumber, plainNumber(p.HSAID)))
		}
	}
	whose := ""
	for _, h := range hashes {
		found, err := s.found(ctx, h)
		if err != nil {
			return "", err
		}
		if whose != "" && found != "" && found != whose {
			return "", loginDiffers()
		}
		if found != "" {
			whose = found
		}
	}
	if p.Kind == care.Patient {
		return s.survives(ctx, whose)
	}
	return whose, nil
}

// survives is the key a patient is known under now.
func (s *Service) survives(ctx context.Context, id string) (string, error) {
	p, err := s.surviving(ctx, care.PersonKey(id))
	return string(p), err
}

func (s *Service) found(ctx context.Context, hash []byte) (string, error) {
	subject, err := s.store.Find(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return subject, err
}

// NumberProfessional keeps the numbers under which a professional is known to
// providers: in Norway the HPR number, in Sweden the HSA-id; empty ones are left
// out. number-claimed where somebody else has one.
func (s *Service) NumberProfessional(ctx context.Context, id, hpr, hsaID string) error {
	for _, n := range []struct{ kind, number string }{{hprNumber, hpr}, {hsaNumber, hsaID}} {
		if n.number == "" {
			continue
		}
		err := s.store.Index(ctx, s.keys.Hash(n.kind, plainNumber(n.number)), id)
		if errors.Is(err, store.ErrClaimed) {
			return care.Refuse("number-claimed", "The {kind} number of {professional} is registered for somebody else. Find out whose it is; nothing was changed for {professional}.",
				"kind", n.kind, "professional", id).On(n.kind)
		}
		if err != nil {
			return explain(err)
		}
	}
	return nil
}

// plainNumber writes an HPR number or HSA-id in one way.
func plainNumber(n string) string { return strings.ToUpper(strings.Join(strings.Fields(n), "")) }

func nobodyHere(k care.ActorKind) error {
	if k == care.Professional {
		return care.Deny("no-professional-here", "You are logged in, but nobody with your number works here. Ask whoever keeps the list of people where you work.")
	}
	return care.Deny("no-pathway-here", "You are logged in, but you have no pathway here. If you think you should have one, call the service.")
}

func loginDiffers() error {
	return care.Deny("login-differs", "This login is bound to somebody else than its number says, so nobody is let in. Call the service; they know the way on.")
}
