package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// ErrChain: an event is not the one that was appended, or one is missing.
var ErrChain = errors.New("store: the stream's hash chain is broken")

// ChainHash is the hash of e that follows the event whose hash is prev (empty
// for the first event of a stream). It is SHA-256 over prev and every field of
// e but Position and Hash, each with its length in front, so that no two events
// share an encoding. Sealed text counts as ciphertext: destroying a key leaves
// every chain whole.
//
// The encoding is kept for ever; a changed golden hash in its test means that
// every log written so far would be called broken.
func ChainHash(prev []byte, e Event) []byte {
	b := make([]byte, 0, 512+len(e.Body)+len(e.Sealed))
	b = field(b, "forlop event/1")
	b = field(b, prev)
	b = field(b, e.Stream)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Version))
	b = field(b, e.Type)
	b = binary.BigEndian.AppendUint64(b, uint64(Micros(e.Happened)))
	b = binary.BigEndian.AppendUint64(b, uint64(Micros(e.Learned)))
	b = field(b, e.Actor.Kind)
	b = field(b, e.Actor.ID)
	b = field(b, e.Actor.Unit)
	b = field(b, e.Post.Unit)
	b = field(b, e.Post.Role)
	if e.For == nil {
		b = append(b, 0)
	} else {
		b = append(b, 1)
		b = field(b, e.For.Of.Kind)
		b = field(b, e.For.Of.Post.Unit)
		b = field(b, e.For.Of.Post.Role)
		b = field(b, e.For.Of.Name)
		b = field(b, e.For.How)
	}
	b = field(b, e.Regime)
	b = field(b, e.Cause)
	b = field(b, e.Command)
	b = field(b, e.Definition)
	b = field(b, e.Body)
	b = field(b, e.Sealed)
	sum := sha256.Sum256(b)
	return sum[:]
}

func field[T ~string | ~[]byte](b []byte, v T) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(v)))
	return append(b, v...)
}

// Chain gives events their place behind the version and hash of the stream's
// last event: stream, version, times to the microsecond in UTC, hash. Every
// store appends what Chain answers, so that all write the same bytes. The
// events given are left as they are.
func Chain(s Stream, version int, prev []byte, events []Event) []Event {
	out := make([]Event, len(events))
	for i, e := range events {
		version++
		e.Stream, e.Version = s, version
		e.Happened, e.Learned = FromMicros(Micros(e.Happened)), FromMicros(Micros(e.Learned))
		e.Hash = ChainHash(prev, e)
		prev = e.Hash
		out[i] = e
	}
	return out
}

// VerifyChain checks a whole stream, read from its first event: versions run
// 1, 2, 3 … without a gap, and every hash is the one its event gives. The error
// is ErrChain and names the first event that is wrong.
func VerifyChain(events []Event) error {
	var prev []byte
	for i, e := range events {
		if e.Stream != events[0].Stream || e.Version != i+1 {
			return fmt.Errorf("%w: %s has %s@%d where version %d belongs", ErrChain, events[0].Stream, e.Stream, e.Version, i+1)
		}
		if want := ChainHash(prev, e); !bytes.Equal(want, e.Hash) {
			return fmt.Errorf("%w: %s@%d does not give its stored hash", ErrChain, e.Stream, e.Version)
		}
		prev = e.Hash
	}
	return nil
}

// Micros is t as microseconds since 1970 in UTC; 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// FromMicros is the inverse of Micros.
func FromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
