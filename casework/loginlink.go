package casework

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// LinkLife is how long a login link can be opened. Ours, no source: long enough
// to hand it over, short enough that one left lying about opens nothing.
const LinkLife = 15 * time.Minute

// link is what a login link says. It is signed with the site's key and kept
// nowhere, so that it can be made beside a service that runs.
type link struct {
	Kind  care.ActorKind `json:"k"`
	ID    string         `json:"i"`
	Until int64          `json:"u"` // seconds of Unix time
	Nonce []byte         `json:"n"`
}

// LoginLink makes the secret of a link that opens one session for a patient or a
// professional, once, and says until when. Whoever has it is let in as that
// person, so it is handed over as a key is. Only who has a journey or a post here
// gets one.
func (s *Service) LoginLink(ctx context.Context, actor care.Actor) (token string, until time.Time, err error) {
	if err := s.belongs(ctx, actor); err != nil {
		return "", time.Time{}, err
	}
	l := link{Kind: actor.Kind, ID: actor.ID, Until: s.clock.Now().Add(LinkLife).Unix(), Nonce: make([]byte, 16)}
	if _, err := io.ReadFull(s.random, l.Nonce); err != nil {
		return "", time.Time{}, fmt.Errorf("random bytes for a login link: %w", err)
	}
	body, err := json.Marshal(l)
	if err != nil {
		return "", time.Time{}, err
	}
	enc := base64.RawURLEncoding
	return enc.EncodeToString(body) + "." + enc.EncodeToString(s.keys.Hash(linkSigned, string(body))), time.Unix(l.Until, 0).UTC(), nil
}

// The kinds of keyed hash that a link has: its signature, and the mark that it
// was used.
const linkSigned, linkUsed = "login-link", "login-link-used"

// OpenLink turns a link into a session and answers the session's token and whose
// it is. It does so once, however many try at the same time: login-link-dead
// for one that was used, has run out or is not ours.
func (s *Service) OpenLink(ctx context.Context, token, client string) (session string, actor care.Actor, err error) {
	first, second, _ := strings.Cut(token, ".")
	enc := base64.RawURLEncoding
	body, bad := enc.DecodeString(first)
	signature, bad2 := enc.DecodeString(second)
	if bad != nil || bad2 != nil || !hmac.Equal(signature, s.keys.Hash(linkSigned, string(body))) {
		return "", care.Actor{}, deadLink()
	}
	var l link
	if err := json.Unmarshal(body, &l); err != nil {
		return "", care.Actor{}, fmt.Errorf("a login link that we signed cannot be read: %w", err)
	}
	if s.clock.Now().After(time.Unix(l.Until, 0)) {
		return "", care.Actor{}, deadLink()
	}
	actor = care.Actor{Kind: l.Kind, ID: l.ID}
	if err := s.belongs(ctx, actor); err != nil {
		return "", care.Actor{}, err
	}
	// The store lets one of many have the mark, also from several processes.
	var opening [16]byte
	if _, err := io.ReadFull(s.random, opening[:]); err != nil {
		return "", care.Actor{}, fmt.Errorf("random bytes for a login: %w", err)
	}
	err = s.store.Index(ctx, s.keys.Hash(linkUsed, string(body)), linkUsed+"/"+hex.EncodeToString(opening[:]))
	if errors.Is(err, store.ErrClaimed) {
		return "", care.Actor{}, deadLink()
	}
	if err != nil {
		return "", care.Actor{}, explain(err)
	}
	if err := s.logOpening(ctx, actor); err != nil {
		return "", care.Actor{}, err
	}
	session, err = s.Enter(ctx, Entry{Actor: actor, Login: Login{Level: "link"}, Method: MethodLink, Client: client})
	return session, actor, err
}

// logOpening writes down that a link was opened, before it opens anything. The
// person it logs in reads it in their own log.
func (s *Service) logOpening(ctx context.Context, actor care.Actor) error {
	look := store.Look{At: s.clock.Now(), Actor: actor, Basis: string(access.Own), Question: linkSigned}
	if actor.Kind == care.Patient {
		look.Persons = []care.PersonKey{care.PersonKey(actor.ID)}
	}
	if err := s.store.Log(ctx, look); err != nil {
		return fmt.Errorf("the opening of a login link could not be logged, so it opens nothing: %w", err)
	}
	return nil
}

// belongs refuses who has nothing to open here.
func (s *Service) belongs(ctx context.Context, actor care.Actor) error {
	switch actor.Kind {
	case care.Professional:
		if len(s.Directory().Units(actor.ID, s.clock.Now())) == 0 {
			return care.Missing("professional-without-post", "{professional} fills no post now, so there is nothing to log in to.", "professional", actor.ID)
		}
		return nil
	case care.Patient:
		key := care.PersonKey(actor.ID)
		rows, err := s.store.Journeys(ctx, store.JourneyQuery{Scope: store.Scope{Person: key, At: s.clock.Now()}, Person: key, Limit: 1})
		if err != nil {
			return err
		}
		if actor.ID == "" || len(rows) == 0 {
			return care.Missing("no-person", "There is no such person.")
		}
		return nil
	}
	return care.Deny("no-basis", "You have no basis to see or do this. Ask the person's coordinator.")
}

func deadLink() error {
	return care.Deny("login-link-dead", "This link was used or has run out. Ask for a new one.")
}
