package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"forlop/care"
)

// Look is one entry of the access log: one answer that was given, with every
// person it was about.
type Look struct {
	ID    int64
	At    time.Time
	Actor care.Actor
	Post  care.Post
	// Basis, Question and Reason say on what ground, what and why.
	Basis, Question, Reason string
	// What names what was shown: streams, documents, parts of a page. It holds
	// keys, never text about a person.
	What    []string
	Persons []care.PersonKey
	// Key names an entry that may be handed over twice (see Reserve); "" where it
	// is handed over once.
	Key string
	// Strand, Seq and Hash are given by the store: which chain the entry stands
	// in, its place there (1, 2, 3 …), and LookHash. An entry from before the log
	// was chained has none of them.
	Strand string
	Seq    int64
	Hash   []byte
}

// Validate finds what could not be kept as it is (ErrMalformed).
func (l Look) Validate() error {
	texts := []string{string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit), string(l.Post.Unit), string(l.Post.Role), l.Basis, l.Question, l.Reason, l.Key}
	texts = append(texts, l.What...)
	for _, p := range l.Persons {
		texts = append(texts, string(p))
	}
	if !plain(texts...) {
		return fmt.Errorf("%w: the look %s of %s holds text that is not UTF-8", ErrMalformed, l.Question, l.Actor.ID)
	}
	return nil
}

// lookFormat begins what is hashed of a look. The encoding is kept for ever.
const lookFormat = "forlop look/1"

// LookHash is the hash of l that follows the entry of its strand whose hash is
// prev (empty for the first). It covers every field but Hash: SHA-256 over the
// strand, prev, the place, the id and LookDigest of the rest.
func LookHash(prev []byte, l Look) []byte {
	b := LookChainHead(l.Strand)
	b = field(b, prev)
	b = binary.BigEndian.AppendUint64(b, uint64(l.Seq))
	b = binary.BigEndian.AppendUint64(b, uint64(l.ID))
	sum := sha256.Sum256(append(b, LookDigest(l)...))
	return sum[:]
}

// LookChainHead is the part of what LookHash hashes that comes before prev, for a
// store that chains inside its database.
func LookChainHead(strand string) []byte { return field(field(nil, lookFormat), strand) }

// LookDigest is SHA-256 over what a look says: everything that is not its place
// in the log.
func LookDigest(l Look) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 512), uint64(Micros(l.At)))
	b = field(b, l.Actor.Kind)
	b = field(b, l.Actor.ID)
	b = field(b, l.Actor.Unit)
	b = field(b, l.Post.Unit)
	b = field(b, l.Post.Role)
	b = field(b, l.Basis)
	b = field(b, l.Question)
	b = field(b, l.Reason)
	b = binary.BigEndian.AppendUint64(b, uint64(len(l.What)))
	for _, w := range l.What {
		b = field(b, w)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(len(l.Persons)))
	for _, p := range l.Persons {
		b = field(b, p)
	}
	sum := sha256.Sum256(field(b, l.Key))
	return sum[:]
}

// LookQuery asks for entries of the access log, in the order of their ids. What
// is empty does not narrow. Until is not included.
type LookQuery struct {
	Person   care.PersonKey
	Actor    string
	Unit     care.UnitID // of the post that was looked from
	Question string
	From     time.Time
	Until    time.Time
	After    int64
	Limit    int
}

// StrandHead is how far a strand of the access log has come. The strand "" is
// what was written before the log was chained: its hash is LookHash taken over
// the entries in the order of their ids, as if they had been chained.
type StrandHead struct {
	Strand string `json:"strand"`
	Seq    int64  `json:"seq"`
	Hash   []byte `json:"hash"`
}

// LookState is what a store says of its access log as a whole.
type LookState struct {
	// Heads are the strands that entries are chained to.
	Heads []StrandHead
	// Indexed is how many times persons are named in the index that patients'
	// pages are read from.
	Indexed int64
}

// AccessLog is who has looked. Nothing in it is changed, and nothing is removed
// but what a signed pruning covers.
type AccessLog interface {
	// Log makes a look durable before its answer leaves. One with a key that is
	// there already changes nothing.
	Log(ctx context.Context, l Look) error
	// Looks lists the entries about a person, newest first.
	Looks(ctx context.Context, p care.PersonKey, limit int) ([]Look, error)
	// LookLog lists entries in the order of their ids. On a database that several
	// write to, an id may become visible after a higher one.
	LookLog(ctx context.Context, q LookQuery) ([]Look, error)
	// ReadLooks hands over the whole log as it stands at one instant, by strand
	// and place, what was never chained first and by id. indexed is how many of
	// the entry's persons the index leads to it from. each must not ask the store
	// anything.
	ReadLooks(ctx context.Context, each func(l Look, indexed int) error) (LookState, error)
	// LookHeads are the strands' heads alone.
	LookHeads(ctx context.Context) ([]StrandHead, error)
	// PutCheckpoint keeps a checkpoint; ErrClaimed where its number is taken.
	PutCheckpoint(ctx context.Context, c Checkpoint) error
	// Checkpoints lists checkpoints after a number, in order. LastCheckpoint
	// answers ErrNotFound where there is none.
	Checkpoints(ctx context.Context, after int64, limit int) ([]Checkpoint, error)
	LastCheckpoint(ctx context.Context) (Checkpoint, error)
	// PruneLooks removes entries that are older than p.Before, from the front of
	// every strand. seal gets p with what is removed written in, and signs it; what
	// it answers is kept for ever. Nothing old enough is no error, and a Count of 0.
	// A database whose runtime role may not remove entries answers ErrReadOnly.
	PruneLooks(ctx context.Context, p Pruning, seal func(Pruning) Pruning) (Pruning, error)
	// Prunings lists what was pruned, oldest first.
	Prunings(ctx context.Context) ([]Pruning, error)
}

// Pruned finds which entries PruneLooks removes: feed it every entry in the order
// of ReadLooks. Stores share it, so that all remove the same.
type Pruned struct {
	before time.Time
	kept   map[string]bool // strands in which an entry stays
	heads  map[string]StrandHead
	last   map[string]int64 // the id of the last entry that goes
	count  int64
}

// NewPruned begins behind the prunings there have been.
func NewPruned(before time.Time, earlier []Pruning) *Pruned {
	p := &Pruned{before: before, kept: map[string]bool{}, heads: map[string]StrandHead{}, last: map[string]int64{}}
	for _, e := range earlier {
		for _, h := range e.Heads {
			p.heads[h.Strand] = h
		}
	}
	return p
}

// Add looks at the next entry.
func (p *Pruned) Add(l Look) {
	if p.kept[l.Strand] || !l.At.Before(p.before) {
		p.kept[l.Strand] = true
		return
	}
	h := p.heads[l.Strand]
	h.Strand, h.Seq = l.Strand, h.Seq+1
	if l.Strand == "" {
		l.Seq = h.Seq
		h.Hash = LookHash(h.Hash, l)
	} else {
		h.Seq, h.Hash = l.Seq, bytes.Clone(l.Hash)
	}
	p.heads[l.Strand], p.last[l.Strand] = h, l.ID
	p.count++
}

// Last is the id of the last entry that goes, by strand; Count how many go.
func (p *Pruned) Last() map[string]int64 { return p.last }

// Into writes what goes into a pruning.
func (p *Pruned) Into(r Pruning) Pruning {
	r.Count = p.count
	r.Heads = nil
	for strand := range p.last {
		r.Heads = append(r.Heads, p.heads[strand])
	}
	sortHeads(r.Heads)
	return r
}
