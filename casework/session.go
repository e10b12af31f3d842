package casework

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"forlop/care"
	"forlop/store"
)

// How long a login lasts without being used, and at most. Idle follows ID-porten's
// half hour; the two others are ours (proposed): patients, relatives and guests
// log in for a short while, those who work for a working day.
const (
	SessionIdle    = 30 * time.Minute
	SessionLife    = 8 * time.Hour
	SessionVisitor = 2 * time.Hour
)

// seenEvery is how often the last use of a session is written down. In between,
// this process remembers it to the second; one that starts anew, or another
// process, may end an unused session so much too early, and never too late.
const seenEvery = time.Minute

// The ways to log in that are not a provider's name: with a login link, and as one
// of a demo's people.
const (
	MethodLink = "link"
	MethodDemo = "demo"
)

// Entry is a login that has been proved: whose it is, and what it has shown.
type Entry struct {
	Actor care.Actor
	Login
	// Method is how they came in: MethodLink, MethodDemo or the name of the
	// provider. Client is the device in words, such as "Firefox, Android".
	Method, Client string
	// Provider, Subject and Remote are whose login it is at the provider, and the
	// provider's own session.
	Provider, Subject, Remote string
}

// lifeOf is how long a session of that kind of actor lasts at most.
func lifeOf(k care.ActorKind) time.Duration {
	if k == care.Professional {
		return SessionLife
	}
	return SessionVisitor
}

// Enter opens a session and answers its secret token, of 256 random bits. Only a
// hash of it is kept. Every login and every fresh login is a session of its own;
// who had one before ends it with SignOut.
func (s *Service) Enter(ctx context.Context, e Entry) (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", fmt.Errorf("random bytes for a session: %w", err)
	}
	now := s.clock.Now()
	if e.At.IsZero() || e.At.After(now) {
		e.At = now
	}
	hash := sha256.Sum256(raw)
	err := s.store.PutSession(ctx, store.Session{
		Hash: hash[:], Actor: e.Actor, Created: now, Seen: now, Expires: now.Add(lifeOf(e.Actor.Kind)), Fresh: care.Instant(e.At),
		Level: e.Level, Prescriber: e.Prescriber, Item: e.Item, Method: e.Method, Client: e.Client,
		Provider: e.Provider, Subject: e.Subject, Remote: e.Remote,
	})
	return base64.RawURLEncoding.EncodeToString(raw), err
}

// SignIn opens a session for one of a demo's people, whom nobody has to prove.
func (s *Service) SignIn(ctx context.Context, actor care.Actor) (string, error) {
	return s.Enter(ctx, Entry{Actor: actor, Login: Login{Level: "substantial"}, Method: MethodDemo})
}

// SignedIn answers whose session a token is and what their login has shown; the
// denial no-session where it is nobody's or has ended.
func (s *Service) SignedIn(ctx context.Context, token string) (Who, error) {
	sess, err := s.session(ctx, token)
	if err != nil {
		return Who{}, err
	}
	now := s.clock.Now()
	last := s.uses.last(sess)
	if s.ended(sess, last, now) {
		return Who{}, noSession()
	}
	s.uses.note(sess, now)
	if now.Sub(sess.Seen) >= seenEvery {
		sess.Seen = now
		if err := s.store.PutSession(ctx, sess); err != nil && !errors.Is(err, store.ErrReadOnly) {
			return Who{}, err
		}
	}
	actor := sess.Actor
	if actor.Kind == care.Patient && sess.Represents != "" {
		actor.Kind = care.Relative
	}
	return Who{
		Actor: actor, Represents: sess.Represents,
		Login: Login{At: sess.Fresh, Level: sess.Level, Prescriber: sess.Prescriber, Item: sess.Item},
	}, nil
}

// ended reports whether a session that was last used at an instant is over now.
// Both limits are the last instant that it still holds.
func (s *Service) ended(sess store.Session, last, now time.Time) bool {
	return !sess.Closed.IsZero() || now.After(sess.Expires) || now.Sub(last) > SessionIdle
}

// SignOut closes a session at once. One that has ended already is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	sess, err := s.session(ctx, token)
	if err != nil {
		return err
	}
	return s.close(ctx, sess)
}

// CameFrom is the provider that a session was opened at, "" for none.
func (s *Service) CameFrom(ctx context.Context, token string) (string, error) {
	sess, err := s.session(ctx, token)
	return sess.Provider, err
}

// Represent lets a session act for another person from now on; an empty key ends
// it. Whether they may is decided at each question and each command.
func (s *Service) Represent(ctx context.Context, token string, person care.PersonKey) error {
	sess, err := s.session(ctx, token)
	if err != nil {
		return err
	}
	if s.ended(sess, s.uses.last(sess), s.clock.Now()) {
		return noSession()
	}
	sess.Represents = person
	return s.store.PutSession(ctx, sess)
}

// holder is the actor whose sessions they are: who acts for somebody else now is
// still the one who logged in.
func holder(a care.Actor) care.Actor {
	if a.Kind == care.Relative {
		a.Kind = care.Patient
	}
	return a
}

func (s *Service) close(ctx context.Context, sess store.Session) error {
	if !sess.Closed.IsZero() {
		return nil
	}
	sess.Closed = s.clock.Now()
	return s.store.PutSession(ctx, sess)
}

func (s *Service) session(ctx context.Context, token string) (store.Session, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return store.Session{}, noSession()
	}
	hash := sha256.Sum256(raw)
	sess, err := s.store.Session(ctx, hash[:])
	if errors.Is(err, store.ErrNotFound) {
		return sess, noSession()
	}
	return sess, err
}

func noSession() error {
	return care.Deny("no-session", "You are not logged in, or the login has run out. Log in again; what you wrote is kept.")
}

// SessionView is one of a person's logins, for their own list.
type SessionView struct {
	// ID names it to EndSession; it opens nothing.
	ID                     string
	Created, Seen, Expires time.Time
	// Ended is when it ended; zero where it has not.
	Ended                 time.Time
	Method, Level, Client string
	// Current is the one the list was asked from.
	Current bool
}

// sessionsShown is how many logins that have ended are listed beside the open
// ones. Ours.
const sessionsShown = 10

// Sessions asks for one's own logins: the open ones, newest first, then the last
// that have ended.
type Sessions struct {
	// Token is the session the question is asked from.
	Token string
}

// Name is the question's name in the access policy.
func (Sessions) Name() string { return "sessions" }

func (q Sessions) answer(r *reading) ([]SessionView, []care.PersonKey, error) {
	list, err := r.store.Sessions(r.ctx, holder(r.who.Actor))
	if err != nil {
		return nil, nil, err
	}
	mine, err := r.s.session(r.ctx, q.Token)
	if err != nil {
		if _, refused := care.AsRefusal(err); !refused {
			return nil, nil, err
		}
	}
	var open, over []SessionView
	for _, sess := range list {
		last := r.s.uses.last(sess)
		v := SessionView{
			ID: hex.EncodeToString(sess.Hash), Created: sess.Created, Seen: last, Expires: sess.Expires, Ended: sess.Closed,
			Method: sess.Method, Level: sess.Level, Client: sess.Client, Current: string(sess.Hash) == string(mine.Hash),
		}
		if !r.s.ended(sess, last, r.now) {
			open = append(open, v)
			continue
		}
		if v.Ended.IsZero() {
			v.Ended = last.Add(SessionIdle)
			if sess.Expires.Before(v.Ended) {
				v.Ended = sess.Expires
			}
		}
		if len(over) < sessionsShown {
			over = append(over, v)
		}
	}
	return append(open, over...), nil, nil
}

// EndSession ends one of the actor's own logins, on whatever device it is.
func (s *Service) EndSession(ctx context.Context, who Who, id string) error {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return missingSession()
	}
	sess, err := s.store.Session(ctx, hash)
	if errors.Is(err, store.ErrNotFound) || err == nil && (sess.Actor.Kind != holder(who.Actor).Kind || sess.Actor.ID != who.Actor.ID) {
		return missingSession()
	}
	if err != nil {
		return err
	}
	return s.close(ctx, sess)
}

// EndOtherSessions ends every login of the actor but the one with the token.
func (s *Service) EndOtherSessions(ctx context.Context, who Who, token string) error {
	mine, err := s.session(ctx, token)
	if err != nil {
		return err
	}
	list, err := s.store.Sessions(ctx, holder(who.Actor))
	if err != nil {
		return err
	}
	for _, sess := range list {
		if string(sess.Hash) == string(mine.Hash) {
			continue
		}
		if err := s.close(ctx, sess); err != nil {
			return err
		}
	}
	return nil
}

// LoggedOutAt ends the sessions that a provider made for a subject, or in one of
// its own sessions: it has told us that they are over (OpenID Connect Back-Channel
// Logout 1.0). It answers how many there were.
func (s *Service) LoggedOutAt(ctx context.Context, provider, subject, remote string) (int, error) {
	list, err := s.store.SessionsOf(ctx, provider, subject, remote)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, sess := range list {
		if !sess.Closed.IsZero() {
			continue
		}
		if err := s.close(ctx, sess); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func missingSession() error {
	return care.Missing("no-such-session", "There is no such login of yours.")
}

// uses remembers when sessions were last used, between the times it is written
// down.
type uses struct {
	mu       sync.Mutex
	new, old map[string]time.Time
}

// usesKept is how many sessions one process remembers.
const usesKept = 1 << 14

// last is when a session was last used.
func (u *uses) last(sess store.Session) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	at, ok := u.new[string(sess.Hash)]
	if !ok {
		at = u.old[string(sess.Hash)]
	}
	if at.Before(sess.Seen) {
		return sess.Seen
	}
	return at
}

func (u *uses) note(sess store.Session, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.new == nil || len(u.new) >= usesKept {
		u.old, u.new = u.new, map[string]time.Time{}
	}
	u.new[string(sess.Hash)] = now
}
