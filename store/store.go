package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"forlop/care"
)

// Errors every store answers with. They are wrapped with the arguments.
var (
	// ErrVersion: a written or guarded stream has another version.
	ErrVersion = errors.New("store: the stream has another version")
	// ErrClaimed: another stream holds the claim.
	ErrClaimed = errors.New("store: the key is taken")
	// ErrKeyReused: the command key was used for something else.
	ErrKeyReused = errors.New("store: the command key was used for another command")
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("store: not found")
	// ErrUnknown: the outcome is not known; the command key settles a retry.
	ErrUnknown = errors.New("store: the outcome is not known")
	// ErrErased: the subject's key was destroyed by decision, and nothing is
	// written about them again. It is an ErrNotFound, too.
	ErrErased = fmt.Errorf("%w: the subject is erased", ErrNotFound)
	// ErrReadOnly: the store cannot take writes now (full or read-only disk).
	ErrReadOnly = errors.New("store: cannot be written now")
)

// Store keeps events, rows, timers, deliveries, the vault and the access log.
// It is safe for concurrent use. What it answers belongs to the caller, who may
// change it. A limit of 0 means no limit, everywhere.
type Store interface {
	Log
	Lists
	Queues
	Vault
	AccessLog
	Shelf
	// Check says what the store is and whether it is fit to serve: engine
	// version, durability settings, schema version. A store that could lose an
	// acknowledged command is not.
	Check(ctx context.Context) (Health, error)
	Close() error
}

// Health is what Check found.
type Health struct {
	Engine, Version string
	Schema          int
	Events          int64
	Durable         bool
}

// Log is the events.
type Log interface {
	// Append commits a, wholly or not at all, and answers only when it is
	// durable. Outcomes: ErrVersion, ErrClaimed, ErrKeyReused, ErrReadOnly,
	// ErrUnknown, ErrMalformed; a repeated command is no error and says so in
	// Done. The command is looked up first, then guards and versions, then
	// releases, then claims.
	Append(ctx context.Context, a Append) (Done, error)
	// Commanded answers what Append kept for a command that was carried out (an
	// empty answer is not nil): nil if it was not, ErrKeyReused if the key said
	// something else.
	Commanded(ctx context.Context, c Command) ([]byte, error)
	// Load reads a stream's events after a version, in order. No events is no
	// error.
	Load(ctx context.Context, s Stream, after int) ([]Event, error)
	// Follow reads at most limit events after a position, in the total order.
	Follow(ctx context.Context, after int64, limit int) ([]Event, error)
	// Streams lists the streams of a kind after a stream name, in name order,
	// with their versions: at most limit.
	Streams(ctx context.Context, kind string, after Stream, limit int) ([]Guard, error)
	// Marks answers every mark and how often appends have named it. Whoever
	// keeps in memory what several streams say together reads the mark first,
	// then the streams, and asks for the mark again before it relies on what it
	// keeps: another process may have appended.
	Marks(ctx context.Context) (map[string]int64, error)
	// Claimed finds the stream that holds a claim, or ErrNotFound.
	Claimed(ctx context.Context, kind, key string) (Stream, error)
	// Blob reads an attachment, or ErrNotFound.
	Blob(ctx context.Context, id string) (Blob, error)
	// Epoch is raised whenever the log is restored; cursors carry it.
	Epoch(ctx context.Context) (int64, error)
}

// Order of a worklist.
type Order string

// The orders. ByDue is the default: what is late or first late comes first.
// Ties stand in stream and key order; what has no latest date comes last.
const (
	ByDue    Order = "due"
	ByLatest Order = "latest"
	BySince  Order = "since"
	// ByBreach puts what is over its latest date first, by ItemQuery.First and then
	// by that date; everything else follows by due.
	ByBreach Order = "breach"
)

// ItemQuery asks for a page of open items.
type ItemQuery struct {
	Scope Scope
	// Posts narrows to these posts; nil means every post of the scope's units,
	// and every post at all where the scope is All or Own. A post without a role
	// means every role of its unit.
	Posts []care.Post
	// Except leaves out these posts of the units that Posts names without a role;
	// one that Posts names itself stays. Without Posts it leaves them out of all.
	Except []care.Post
	// AnyPost lifts the narrowing to posts: whatever is open for the persons in
	// scope, whoever holds it.
	AnyPost bool
	// Kinds, Pathways, Refs and the dues narrow further where set. DueAfter is
	// included, DueBefore is not.
	Kinds               []care.ItemKind
	Refs                []string
	Pathways            []string
	DueAfter, DueBefore time.Time
	Stream              Stream
	Order               Order
	// Now is the instant that ByBreach orders by, and First are the refs whose
	// latest dates weigh most: those that a law sets.
	Now   time.Time
	First []string
	// Leave leaves out what any of them describes. Only, where it is not nil, keeps
	// nothing else.
	Leave, Only []Aside
	// Once leaves out what climbed to a post while the posts that are asked for also
	// hold the thing itself, or a rung below.
	Once bool
	// Limit 0 means no limit.
	Limit, Offset int
	// NoTotal leaves the total out, where somebody counts otherwise.
	NoTotal bool
}

// Aside describes items by what is set: one item of a stream as it was at a
// version, or all of one cause that are due before an instant.
type Aside struct {
	Stream    Stream
	Key       string
	Version   int
	Post      care.Post
	Kind      care.ItemKind
	Ref       string
	DueBefore time.Time
}

// Describes reports whether the item is among what is described.
func (a Aside) Describes(i Item) bool {
	return (a.Stream == "" || i.Stream == a.Stream) && (a.Key == "" || i.Item.Key == a.Key) &&
		(a.Version == 0 || i.Item.Version == a.Version) && (a.Post.IsZero() || i.Item.Post == a.Post) &&
		(a.Kind == "" || i.Item.Kind == a.Kind) && (a.Ref == "" || i.Item.Ref == a.Ref) &&
		(a.DueBefore.IsZero() || i.Item.Due.Before(a.DueBefore))
}

// ItemGroup is what waits at one post for one cause, and for how many persons: a
// person counts once, however often the cause stands there.
type ItemGroup struct {
	Post           care.Post
	Kind           care.ItemKind
	Ref            string
	Items, Persons int
}

// JourneyQuery asks for a page of journeys.
type JourneyQuery struct {
	Scope       Scope
	Person      care.PersonKey
	Status      string
	Pathway     string
	Responsible *care.Post
	After       Stream
	Limit       int
}

// SlotQuery asks for slots. What is set narrows.
type SlotQuery struct {
	Units        []care.UnitID
	Kind, Status string
	// EndsAfter leaves out what is over by then.
	EndsAfter time.Time
	// Limit 0 means no limit.
	Limit int
}

// Lists are the read models.
type Lists interface {
	// Items answers a page and the total number of rows that match.
	Items(ctx context.Context, q ItemQuery) ([]Item, int, error)
	// CountItems answers how many rows match that are due before each of the
	// instants; a zero instant counts them all. Limit and Offset do not matter.
	CountItems(ctx context.Context, q ItemQuery, before []time.Time) ([]int, error)
	// GroupItems answers what matches by post, kind and ref, where it is about at
	// least so many persons: most persons first. Limit, Offset and Order do not
	// matter.
	GroupItems(ctx context.Context, q ItemQuery, persons int) ([]ItemGroup, error)
	// Journeys answers in stream order after q.After.
	Journeys(ctx context.Context, q JourneyQuery) ([]Journey, error)
	// Persons lists persons in scope after a key, in key order.
	Persons(ctx context.Context, s Scope, after care.PersonKey, limit int) ([]care.PersonKey, error)
	// MaySee reports whether the person is in scope.
	MaySee(ctx context.Context, s Scope, p care.PersonKey) (bool, error)
	// Relations lists a person's relations, ended ones included.
	Relations(ctx context.Context, p care.PersonKey) ([]Relation, error)
	// RelationsOf lists the relations that name an actor and hold at an instant (the
	// zero time: all, ended ones included), in stream and key order.
	RelationsOf(ctx context.Context, actor string, at time.Time) ([]Relation, error)
	// Holders lists who holds which posts at an instant, in stream and key
	// order; empty arguments match all, and so does the zero time.
	Holders(ctx context.Context, at time.Time, unit care.UnitID, professional string) ([]Holder, error)
	// Units lists all units in id order.
	Units(ctx context.Context) ([]Unit, error)
	// Slots lists slots, the one that starts first, first. They are about nobody.
	Slots(ctx context.Context, q SlotQuery) ([]Slot, error)
	// Rows reads all rows of a table in (stream, key) order, for verify and
	// rebuild. each must not ask the store anything: it stands in a read.
	Rows(ctx context.Context, table string, each func(RowKey, []any) error) error
	// Replace swaps every row and timer for the given ones in one transaction;
	// rebuild uses it. Pending deliveries are held. The log takes no append
	// meanwhile and can be read; fill must not write to the store.
	Replace(ctx context.Context, fill func(put func(Row) error, timer func(Timer) error) error) error
}

// Queues are timers and deliveries. A lease only saves work; the stream version
// makes an effect happen once.
type Queues interface {
	// Due leases at most limit streams whose timer is due at now, until lease.
	// No other call gets them before that instant, whoever asks; a changed
	// timer is free at once.
	Due(ctx context.Context, owner string, now, lease time.Time, limit int) ([]Timer, error)
	// Timers reads all timers in stream order, for verify; each as in Rows.
	Timers(ctx context.Context, each func(Timer) error) error
	// Deliveries leases pending, unheld deliveries in the same way.
	Deliveries(ctx context.Context, owner string, now, lease time.Time, limit int) ([]Delivery, error)
	// Release lets held deliveries go.
	Release(ctx context.Context) (int, error)
	// Standing counts what waits at an instant.
	Standing(ctx context.Context, now time.Time) (Standing, error)
	// Cursor and SetCursor keep how far a named follower has read. A cursor
	// from another epoch answers 0.
	Cursor(ctx context.Context, name string) (int64, error)
	SetCursor(ctx context.Context, name string, position int64) error
}

// Vault keeps identity apart: per-person data keys, wrapped by the site's key,
// and what is encrypted under them.
type Vault interface {
	// PutKey keeps a wrapped data key for a subject (a person or a
	// professional); a second put for the same subject is ErrClaimed.
	PutKey(ctx context.Context, subject string, wrapped []byte) error
	// Key answers ErrNotFound where there is none, or none any more.
	Key(ctx context.Context, subject string) ([]byte, error)
	// Keys answers those that are there, by subject.
	Keys(ctx context.Context, subjects []string) (map[string][]byte, error)
	// Erase destroys the subject's data key for good, from the log of the
	// database too: what was sealed under it can be read by nobody. With it go
	// the identity, every hash the subject was found by, what they had typed and
	// not sent (drafts of the owner SUBJECT or ANYTHING/SUBJECT), and their
	// sessions. It counts as erased once the last backup that
	// holds the key has expired. From then on Key answers ErrErased, which is an
	// ErrNotFound too, and PutKey, PutIdentity and Index refuse with it: nobody
	// erased is written of again. A subject without a key is no error.
	Erase(ctx context.Context, subject string) error
	// Rewrap swaps a subject's wrapped key for another one, only while it is old;
	// ErrVersion where it is not. Subjects lists those that have a key, after a
	// subject, in their order. They serve the change of the site's key.
	Rewrap(ctx context.Context, subject string, old, wrapped []byte) error
	Subjects(ctx context.Context, after string, limit int) ([]string, error)
	// PutIdentity replaces the subject's encrypted identity.
	PutIdentity(ctx context.Context, subject string, sealed []byte) error
	// Identities answers those that are known.
	Identities(ctx context.Context, subjects []string) (map[string][]byte, error)
	// Index binds a keyed hash of an identifier to a subject; ErrClaimed if
	// another subject has it. Find answers ErrNotFound. Rehash puts another hash
	// in the place of at most limit hashes that do not end in these bytes, in one
	// transaction, and answers how many it came to: 0 when there are no more.
	Index(ctx context.Context, hash []byte, subject string) error
	Find(ctx context.Context, hash []byte) (string, error)
	Rehash(ctx context.Context, ending []byte, limit int, anew func(hash []byte) []byte) (int, error)
}

// Shelf keeps what is not events: definitions, sessions and drafts.
type Shelf interface {
	// PutDefinition keeps published bytes under their hash. The same id and
	// version with another hash is ErrClaimed; the same again is no error.
	PutDefinition(ctx context.Context, id, version, hash string, files map[string][]byte) error
	Definition(ctx context.Context, hash string) (map[string][]byte, error)
	// Definitions lists what is kept, by id and version.
	Definitions(ctx context.Context) ([]DefinitionEntry, error)
	// PutSession keeps a login. One that was closed stays so, whoever writes it
	// down as open afterwards.
	PutSession(ctx context.Context, s Session) error
	Session(ctx context.Context, hash []byte) (Session, error)
	// Sessions lists the logins of an actor (by kind and id), newest first, those
	// that have ended as well.
	Sessions(ctx context.Context, actor care.Actor) ([]Session, error)
	// SessionsOf lists the logins that a provider made for a subject, or in a
	// session of its own, newest first: both where both are given. With neither
	// there is none.
	SessionsOf(ctx context.Context, provider, subject, remote string) ([]Session, error)
	// PutDraft keeps what somebody has typed and not sent; an empty body drops
	// it. Draft answers nil where there is none.
	PutDraft(ctx context.Context, owner, form string, sealed []byte, at time.Time) error
	Draft(ctx context.Context, owner, form string) ([]byte, error)
	// Setting reads a named value of the site, such as "demo" or "epoch"; ""
	// where it is unset.
	Setting(ctx context.Context, name string) (string, error)
	SetSetting(ctx context.Context, name, value string) error
}

// DefinitionEntry names kept bytes.
type DefinitionEntry struct{ ID, Version, Hash string }

// Session is a login. Only a hash of its id is kept.
type Session struct {
	Hash            []byte
	Actor           care.Actor
	Created, Seen   time.Time
	Expires, Closed time.Time
	// Fresh is when they last proved who they are.
	Fresh time.Time
	// Level, Method and Client say how sure the login is, how it was made and on
	// what kind of device, for the owner's list of sessions.
	Level, Method, Client string
	// Prescriber is "", "claimed" or "declared".
	Prescriber string
	// Represents is the person a relative acts for now; Item the one thing a
	// guest's link is bound to.
	Represents care.PersonKey
	Item       string
	// Provider and Subject are whose login it is at the provider, and Remote the
	// provider's own session, so that a logout there ends this one.
	Provider, Subject, Remote string
}
