package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/journey"
	"forlop/store"
)

// ItemLinkLife is how long a link to a question, an offer or something to be told
// can be opened (proposed). A link to a shared page lives as long as the page.
const ItemLinkLife = 72 * time.Hour

// ItemKind is what a secure link can be bound to.
type ItemKind string

// The kinds of item. The target is a journey's id; for a page the person's key.
const (
	QuestionItem ItemKind = "question"
	TellingItem  ItemKind = "telling"
	OfferItem    ItemKind = "offer"
	// ConsultItem and ContributionItem are e-consults and contributions to a joint
	// assessment, asked of somebody without an account.
	ConsultItem      ItemKind = "consult"
	ContributionItem ItemKind = "contribution"
	PageItem         ItemKind = "page"
)

// Item is the one thing that a secure link is bound to.
type Item struct {
	Kind   ItemKind
	Target string
	Number int
}

// String is the item as a session and the access log keep it.
func (i Item) String() string { return string(i.Kind) + "/" + i.Target + "/" + strconv.Itoa(i.Number) }

// itemOf reads what String wrote.
func itemOf(s string) (Item, bool) {
	kind, rest, _ := strings.Cut(s, "/")
	target, n, _ := strings.Cut(rest, "/")
	number, err := strconv.Atoi(n)
	i := Item{ItemKind(kind), target, number}
	return i, err == nil && target != "" && number > 0
}

// stream is where the item lives.
func (i Item) stream() store.Stream {
	switch i.Kind {
	case PageItem:
		return store.StreamOf("consent", i.Target)
	case TimesItem:
		return store.StreamOf("booking", i.Target)
	case QuestionItem, TellingItem, OfferItem:
	}
	return store.StreamOf("journey", i.Target)
}

// ItemLink is the secret of a secure link, and until when it opens anything.
type ItemLink struct {
	Token string
	Until time.Time
}

// MakeLink asks for a secure link for a party without an account, bound to one
// open item. Whoever has the link is let in to that item, so it is handed over as
// a key is. The log says who made it, and every opening is logged in turn.
type MakeLink struct{ Item Item }

// Name of the question.
func (MakeLink) Name() string { return "item-link" }

func (q MakeLink) answer(r *reading) (ItemLink, []care.PersonKey, error) {
	state, version, err := r.load(q.Item.stream())
	if err != nil {
		return ItemLink{}, nil, err
	}
	if version == 0 {
		return ItemLink{}, nil, noItem()
	}
	if err := r.see(q.Item.stream(), state); err != nil {
		return ItemLink{}, nil, noItem()
	}
	until, err := r.s.linkable(q.Item, state, r.now)
	if err != nil {
		return ItemLink{}, nil, err
	}
	r.what = append(r.what, q.Item.String())
	link, err := r.s.keepLink(r.ctx, q.Item, r.now, until)
	return link, []care.PersonKey{about(q.Item.stream(), state)}, err
}

// noItem is the answer where there is no such item, or none that the asker may
// know of.
func noItem() error { return care.Missing("item-unknown", "There is nothing open there.") }

// linkable says until when an open item may be linked to, and refuses parties
// who log in.
func (s *Service) linkable(i Item, state any, now time.Time) (time.Time, error) {
	switch x := state.(type) {
	case *journey.State:
		to, open := i.in(x)
		if !open {
			return time.Time{}, noItem()
		}
		return s.linkedTo(to, now)
	case *booking.State:
		poll, who, open := i.asked(x)
		if !open {
			return time.Time{}, noItem()
		}
		return s.linkedTo(poll.People[who-1], now)
	case *access.State:
		page, open := x.Page(i.Number, now)
		if !open {
			return time.Time{}, noItem()
		}
		return page.Ends, nil
	}
	return time.Time{}, noItem()
}

// linkedTo says until when a link to somebody can be opened, and refuses who logs
// in.
func (s *Service) linkedTo(to care.Party, now time.Time) (time.Time, error) {
	outside := to.Kind == care.PartyOther || to.Kind == care.PartyUnit && !posts{s.Directory()}.Staffed(to.Post, now)
	if !outside {
		return time.Time{}, care.Refuse("link-has-account", "They log in here themselves. A link is for those who have no account.")
	}
	return now.Add(ItemLinkLife), nil
}

// in finds the item in a journey: whom it is for, and whether it is open.
func (i Item) in(j *journey.State) (to care.Party, open bool) {
	n := i.Number - 1
	switch {
	case n < 0:
	case i.Kind == QuestionItem && n < len(j.Questions):
		return j.Questions[n].To, j.Questions[n].Open
	case i.Kind == ConsultItem && n < len(j.Consults):
		return j.Consults[n].To, j.Consults[n].State == journey.ConsultOpen && !j.Consults[n].Shut
	case i.Kind == ContributionItem && n < len(j.Contributions):
		_, asked := j.Items[i.key()]
		return j.Contributions[n].Of, asked
	case i.Kind == TellingItem && n < len(j.Tellings):
		return j.Tellings[n].To, j.Tellings[n].Open()
	case i.Kind == OfferItem && n < len(j.Offers):
		return care.Party{Kind: care.PartyUnit, Post: j.Offers[n].To}, j.Offers[n].State == journey.OfferOpen
	}
	return care.Party{}, false
}

// key is the item's key on the lists of its journey.
func (i Item) key() string { return string(i.Kind) + "/" + strconv.Itoa(i.Number) }

// itemLink is what a secure link says. It is signed with the site's key.
type itemLink struct {
	Item  string `json:"i"`
	Until int64  `json:"u"` // seconds of Unix time
	Nonce []byte `json:"n"`
}

// The kinds of keyed hash that a secure link has: its signature, the name under
// which it is kept, the name of its item, and the mark that it was opened.
const itemSigned, itemKept, itemNewest, itemOpened = "item-link", "item-link-kept", "item-link-newest", "item-link-opened"

// methodLink is the method of what is kept of a secure link beside the sessions.
const methodLink = "item-link"

// keepLink signs a link and keeps its hash, so that it can be revoked. An item
// has one link: a new one ends the one before.
func (s *Service) keepLink(ctx context.Context, i Item, now, until time.Time) (ItemLink, error) {
	l := itemLink{Item: i.String(), Until: until.Unix(), Nonce: make([]byte, 16)}
	if _, err := io.ReadFull(s.random, l.Nonce); err != nil {
		return ItemLink{}, fmt.Errorf("random bytes for a secure link: %w", err)
	}
	body, err := json.Marshal(l)
	if err != nil {
		return ItemLink{}, err
	}
	if err := s.endLink(ctx, i, now); err != nil {
		return ItemLink{}, err
	}
	hash := s.keys.Hash(itemKept, string(body))
	link := store.Session{
		Hash: hash, Actor: guest(hash), Created: now, Seen: now, Expires: time.Unix(l.Until, 0).UTC(), Method: methodLink, Item: l.Item,
	}
	if err := s.store.PutSession(ctx, link); err != nil {
		return ItemLink{}, explain(err)
	}
	link.Hash = s.keys.Hash(itemNewest, l.Item)
	if err := s.store.PutSession(ctx, link); err != nil {
		return ItemLink{}, explain(err)
	}
	enc := base64.RawURLEncoding
	return ItemLink{Token: enc.EncodeToString(body) + "." + enc.EncodeToString(s.keys.Hash(itemSigned, string(body))), Until: time.Unix(l.Until, 0).UTC()}, nil
}

// guest is the actor behind a secure link.
func guest(hash []byte) care.Actor {
	return care.Actor{Kind: care.Guest, ID: hex.EncodeToString(hash)}
}

// kept finds what is kept of a guest's link; it is dead where it was revoked, has
// run out or was never made.
func (s *Service) keptLink(ctx context.Context, actor care.Actor, now time.Time) (Item, store.Session, error) {
	hash, err := hex.DecodeString(actor.ID)
	if err != nil || actor.Kind != care.Guest || len(hash) == 0 {
		return Item{}, store.Session{}, deadLink()
	}
	link, err := s.store.Session(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return Item{}, link, deadLink()
	}
	if err != nil {
		return Item{}, link, err
	}
	i, ok := itemOf(link.Item)
	if !ok || link.Method != methodLink || !link.Closed.IsZero() || now.After(link.Expires) {
		return Item{}, link, deadLink()
	}
	return i, link, nil
}

// OpenItem turns a secure link into a session that opens its item and nothing
// else. A link to a page opens until the page ends; every other one opens once,
// and goes on in the session that opened it, which current names. Each opening is
// logged before anything is shown.
func (s *Service) OpenItem(ctx context.Context, token, current string) (session string, err error) {
	first, second, _ := strings.Cut(token, ".")
	enc := base64.RawURLEncoding
	body, bad := enc.DecodeString(first)
	signature, bad2 := enc.DecodeString(second)
	if bad != nil || bad2 != nil || !hmac.Equal(signature, s.keys.Hash(itemSigned, string(body))) {
		return "", deadLink()
	}
	now := s.clock.Now()
	actor := guest(s.keys.Hash(itemKept, string(body)))
	item, link, err := s.keptLink(ctx, actor, now)
	if err != nil {
		return "", err
	}
	state, version, err := s.load(ctx, item.stream())
	if err != nil {
		return "", err
	}
	if version == 0 {
		return "", deadLink()
	}
	if _, err := s.linkable(item, state, now); err != nil {
		return "", deadLink()
	}
	if err := s.logItem(ctx, actor, item, about(item.stream(), state), now); err != nil {
		return "", err
	}
	if current != "" {
		if was, err := s.session(ctx, current); err == nil && was.Actor == actor && was.Closed.IsZero() && !now.After(was.Expires) {
			return current, nil
		}
	}
	if item.Kind != PageItem {
		// The store lets one of many have the mark, also from several processes.
		var opening [16]byte
		if _, err := io.ReadFull(s.random, opening[:]); err != nil {
			return "", fmt.Errorf("random bytes for a login: %w", err)
		}
		err = s.store.Index(ctx, s.keys.Hash(itemOpened, string(body)), itemOpened+"/"+hex.EncodeToString(opening[:]))
		if errors.Is(err, store.ErrClaimed) {
			return "", deadLink()
		}
		if err != nil {
			return "", explain(err)
		}
	}
	return s.guestSession(ctx, link, now)
}

// logItem keeps that a link to an item was opened.
func (s *Service) logItem(ctx context.Context, actor care.Actor, i Item, p care.PersonKey, now time.Time) error {
	basis := access.Linked
	if i.Kind == PageItem {
		basis = access.Shared
	}
	err := s.look(ctx, store.Look{
		At: now, Actor: actor, Basis: string(basis), Question: "open-link", What: []string{i.String()}, Persons: []care.PersonKey{p},
	})
	if err != nil {
		return fmt.Errorf("the opening of a link could not be logged, so nothing is shown: %w", err)
	}
	return nil
}

// endLink ends the link that an item has, if any, and with it what it opened: a
// guest is asked for a live link at every question and every act.
func (s *Service) endLink(ctx context.Context, i Item, now time.Time) error {
	newest, err := s.store.Session(ctx, s.keys.Hash(itemNewest, i.String()))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if newest.Hash, err = hex.DecodeString(newest.Actor.ID); err != nil {
		return fmt.Errorf("the link of %s: %w", i, err)
	}
	newest.Closed = now
	return explain(s.store.PutSession(ctx, newest))
}

// EndLink asks that the secure link to an item be ended at once.
type EndLink struct{ Item Item }

// Name of the question.
func (EndLink) Name() string { return "end-link" }

func (q EndLink) answer(r *reading) (Item, []care.PersonKey, error) {
	state, version, err := r.load(q.Item.stream())
	if err != nil {
		return q.Item, nil, err
	}
	if version == 0 {
		return q.Item, nil, noItem()
	}
	if err := r.see(q.Item.stream(), state); err != nil {
		return q.Item, nil, noItem()
	}
	r.what = append(r.what, q.Item.String())
	return q.Item, []care.PersonKey{about(q.Item.stream(), state)}, r.s.endLink(r.ctx, q.Item, r.now)
}

// guestSession opens the session of a guest. It ends with the link.
func (s *Service) guestSession(ctx context.Context, link store.Session, now time.Time) (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", fmt.Errorf("random bytes for a session: %w", err)
	}
	hash := sha256.Sum256(raw)
	until := now.Add(SessionLife)
	if link.Expires.Before(until) {
		until = link.Expires
	}
	err := s.store.PutSession(ctx, store.Session{
		Hash: hash[:], Actor: link.Actor, Created: now, Seen: now, Expires: until, Fresh: now, Level: "link", Method: "link", Item: link.Item,
	})
	return base64.RawURLEncoding.EncodeToString(raw), explain(err)
}
