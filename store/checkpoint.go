package store

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// ErrForged: a signature is not the site's, or what was signed has been changed.
var ErrForged = errors.New("store: the signature does not hold")

// Checkpoint says how far both logs had come at an instant, in such a way that
// nothing before it can be changed without the checkpoint showing it. It is
// signed with the site's key, which is kept outside the database, and copied to a
// witness outside as well: who can rewrite the database can rewrite neither.
type Checkpoint struct {
	// Number runs 1, 2, 3 …; Prev is the Sum of the checkpoint before.
	Number int64     `json:"number"`
	At     time.Time `json:"at"`
	Epoch  int64     `json:"epoch"`
	// Looks are the heads of every strand of the access log, by name.
	Looks []StrandHead `json:"looks"`
	// Position is the last event; Events how many there were up to it, and Run
	// their RunHash in the total order.
	Position  int64  `json:"position"`
	Events    int64  `json:"events"`
	Run       []byte `json:"run"`
	Prev      []byte `json:"prev"`
	Signature []byte `json:"signature"`
}

// RunHash is the running hash of the event log after e, from what it was before:
// SHA-256 over that, the position and the event's own hash. The event's hash
// covers the rest (ChainHash).
func RunHash(run []byte, e Event) []byte {
	b := field(make([]byte, 0, 96), run)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Position))
	sum := sha256.Sum256(field(b, e.Hash))
	return sum[:]
}

// statement is what is signed.
func (c Checkpoint) statement() []byte {
	b := field(nil, "forlop checkpoint/1")
	for _, n := range []int64{c.Number, Micros(c.At), c.Epoch, int64(len(c.Looks))} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	b = appendHeads(b, c.Looks)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Position))
	b = binary.BigEndian.AppendUint64(b, uint64(c.Events))
	b = field(b, c.Run)
	return field(b, c.Prev)
}

func appendHeads(b []byte, heads []StrandHead) []byte {
	for _, h := range heads {
		b = field(b, h.Strand)
		b = binary.BigEndian.AppendUint64(b, uint64(h.Seq))
		b = field(b, h.Hash)
	}
	return b
}

func sortHeads(h []StrandHead) {
	slices.SortFunc(h, func(a, b StrandHead) int { return cmp.Compare(a.Strand, b.Strand) })
}

// Sum is the hash that the next checkpoint names.
func (c Checkpoint) Sum() []byte {
	sum := sha256.Sum256(field(c.statement(), c.Signature))
	return sum[:]
}

// Sign signs c with the site's key.
func (c Checkpoint) Sign(k *Keyring) Checkpoint {
	sortHeads(c.Looks)
	c.At = FromMicros(Micros(c.At))
	c.Signature = k.Sign(c.statement())
	return c
}

// Signed checks the signature; its error is ErrForged.
func (c Checkpoint) Signed(by ed25519.PublicKey) error {
	if len(by) != ed25519.PublicKeySize || !ed25519.Verify(by, c.statement(), c.Signature) {
		return fmt.Errorf("%w: checkpoint %d", ErrForged, c.Number)
	}
	return nil
}

// Same reports whether two checkpoints say the same.
func (c Checkpoint) Same(other Checkpoint) bool { return bytes.Equal(c.Sum(), other.Sum()) }

// SameLogs reports whether nothing was written between two checkpoints.
func (c Checkpoint) SameLogs(other Checkpoint) bool {
	return c.Epoch == other.Epoch && bytes.Equal(c.Run, other.Run) && c.Position == other.Position &&
		bytes.Equal(appendHeads(nil, c.Looks), appendHeads(nil, other.Looks))
}

// Line is c as it is kept, in a database or in a witness: one line of JSON.
func (c Checkpoint) Line() ([]byte, error) { return json.Marshal(c) }

// ReadCheckpoint reads a line.
func ReadCheckpoint(line []byte) (Checkpoint, error) {
	var c Checkpoint
	if err := readStrict(line, &c); err != nil {
		return c, fmt.Errorf("a checkpoint cannot be read: %w", err)
	}
	return c, nil
}

// Pruning is the record of entries of the access log that were removed because
// they had been kept long enough. Who verifies begins behind it.
type Pruning struct {
	At     time.Time  `json:"at"`
	Before time.Time  `json:"before"`
	Actor  care.Actor `json:"actor"`
	Count  int64      `json:"count"`
	// Heads are the last entries that were removed, by strand.
	Heads     []StrandHead `json:"heads"`
	Signature []byte       `json:"signature"`
}

func (p Pruning) statement() []byte {
	b := field(nil, "forlop pruning/1")
	for _, n := range []int64{Micros(p.At), Micros(p.Before), p.Count, int64(len(p.Heads))} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	b = field(b, p.Actor.Kind)
	b = field(b, p.Actor.ID)
	b = field(b, p.Actor.Unit)
	return appendHeads(b, p.Heads)
}

// Sign signs p with the site's key.
func (p Pruning) Sign(k *Keyring) Pruning {
	p.At, p.Before = FromMicros(Micros(p.At)), FromMicros(Micros(p.Before))
	p.Signature = k.Sign(p.statement())
	return p
}

// Signed checks the signature; its error is ErrForged.
func (p Pruning) Signed(by ed25519.PublicKey) error {
	if len(by) != ed25519.PublicKeySize || !ed25519.Verify(by, p.statement(), p.Signature) {
		return fmt.Errorf("%w: the pruning of %s", ErrForged, p.At.Format(time.RFC3339))
	}
	return nil
}

// Line is p as it is kept: one line of JSON.
func (p Pruning) Line() ([]byte, error) { return json.Marshal(p) }

// ReadPruning reads a line.
func ReadPruning(line []byte) (Pruning, error) {
	var p Pruning
	if err := readStrict(line, &p); err != nil {
		return p, fmt.Errorf("a pruning cannot be read: %w", err)
	}
	return p, nil
}

func readStrict(line []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
