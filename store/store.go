package store

import (
	"context"
	"errors"
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

// Scope is whose persons a question may see: the units whose relation to the
// person gives one of the bases, at an instant. Deny wins: one deny of any of
// the units, or of the professional, hides the person. The store joins relation
// and anti-joins deny; nothing is filtered after paging.
//
// An empty list is nobody, never everybody. A scope of a person alone is that
// person's own (see Own).
type Scope struct {
	// All lifts the join; only the service itself and the simulation use it.
	All          bool
	Units        []care.UnitID
	Bases        []string
	Professional string
	// Person narrows to one person (a patient sees own).
	Person care.PersonKey
	At     time.Time
}

// Own reports whether s is a person's own scope: a person, and no unit, basis or
// professional. It needs no relation.
func (s Scope) Own() bool {
	return !s.All && s.Person != "" && len(s.Units) == 0 && len(s.Bases) == 0 && s.Professional == ""
}

// Order of a worklist.
type Order string

// The orders. ByDue is the default: what is late or first late comes first.
// Ties stand in stream and key order; what has no latest date comes last.
const (
	ByDue    Order = "due"
	ByLatest Order = "latest"
	BySince  Order = "since"
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
	// Limit 0 means no limit.
	Limit, Offset int
	// NoTotal leaves the total out, where somebody counts otherwise.
	NoTotal bool
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

// Lists are the read models.
type Lists interface {
	// Items answers a page and the total number of rows that match.
	Items(ctx context.Context, q ItemQuery) ([]Item, int, error)
	// CountItems answers how many rows match that are due before each of the
	// instants; a zero instant counts them all. Limit and Offset do not matter.
	CountItems(ctx context.Context, q ItemQuery, before []time.Time) ([]int, error)
	// Journeys answers in stream order after q.After.
	Journeys(ctx context.Context, q JourneyQuery) ([]Journey, error)
	// Persons lists persons in scope after a key, in key order.
	Persons(ctx context.Context, s Scope, after care.PersonKey, limit int) ([]care.PersonKey, error)
	// MaySee reports whether the person is in scope.
	MaySee(ctx context.Context, s Scope, p care.PersonKey) (bool, error)
	// Relations lists a person's relations, ended ones included.
	Relations(ctx context.Context, p care.PersonKey) ([]Relation, error)
	// Holders lists who holds which posts at an instant, in stream and key
	// order; empty arguments match all, and so does the zero time.
	Holders(ctx context.Context, at time.Time, unit care.UnitID, professional string) ([]Holder, error)
	// Units lists all units in id order.
	Units(ctx context.Context) ([]Unit, error)
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
	// DestroyKey removes the subject's data key for good, from the log of the
	// database too: what was sealed under it can be read by nobody. It counts
	// as erased once the last backup that holds the key has expired. A
	// subject without a key is no error.
	DestroyKey(ctx context.Context, subject string) error
	// PutIdentity replaces the subject's encrypted identity.
	PutIdentity(ctx context.Context, subject string, sealed []byte) error
	// Identities answers those that are known.
	Identities(ctx context.Context, subjects []string) (map[string][]byte, error)
	// Index binds a keyed hash of an identifier to a subject; ErrClaimed if
	// another subject has it. Find answers ErrNotFound.
	Index(ctx context.Context, hash []byte, subject string) error
	Find(ctx context.Context, hash []byte) (string, error)
}

// Look is one entry of the access log: one answer that was given, with every
// person it was about.
type Look struct {
	ID    int64
	At    time.Time
	Actor care.Actor
	Post  care.Post
	// Basis, Question and Reason say on what ground, what and why.
	Basis, Question, Reason string
	Persons                 []care.PersonKey
}

// Shelf keeps what is not events: the access log, definitions, sessions and
// drafts.
type Shelf interface {
	// Log makes a look durable before its answer leaves.
	Log(ctx context.Context, l Look) error
	// Looks lists the entries about a person, newest first.
	Looks(ctx context.Context, p care.PersonKey, limit int) ([]Look, error)
	// PutDefinition keeps published bytes under their hash. The same id and
	// version with another hash is ErrClaimed; the same again is no error.
	PutDefinition(ctx context.Context, id, version, hash string, files map[string][]byte) error
	Definition(ctx context.Context, hash string) (map[string][]byte, error)
	// Definitions lists what is kept, by id and version.
	Definitions(ctx context.Context) ([]DefinitionEntry, error)
	PutSession(ctx context.Context, s Session) error
	Session(ctx context.Context, hash []byte) (Session, error)
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
}
