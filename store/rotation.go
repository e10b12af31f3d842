package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Rotation is the change from one site key to another: every data key is wrapped
// anew and every hash is hashed again with another key, so that nobody can try
// numbers out who has only the old one. It may be broken off anywhere and begun
// again with the same two keys; until it is finished, neither key opens the
// database (ErrRotating). Nobody may serve the database meanwhile.
type Rotation struct {
	st       Store
	old, new *Keyring
}

// Rotate begins a change of the site's key, or goes on with one that was broken
// off. It answers an OtherKey where old is not the database's key, or where a
// change to a third key is under way, and ErrErased where new was this
// database's key before.
func Rotate(ctx context.Context, st Store, old, new *Keyring) (*Rotation, error) {
	if old.ID() == new.ID() {
		return nil, fmt.Errorf("store: both keys are the site key %s; make a new one", old.ID())
	}
	r := &Rotation{st: st, old: old}
	to, err := st.Setting(ctx, rotationSetting)
	if err != nil {
		return nil, err
	}
	if to == "" {
		if _, err := old.Of(ctx, st); err != nil {
			return nil, err
		}
	} else if to != new.ID() {
		return nil, &OtherKey{Made: to, Given: new.ID()}
	}
	next := nextIndex + new.ID()
	wrapped, err := st.Key(ctx, next)
	if errors.Is(err, ErrNotFound) && !errors.Is(err, ErrErased) {
		var now []byte
		if now, err = st.Key(ctx, indexSubject); err != nil {
			return nil, err
		}
		index, err := old.unwrapped(ctx, indexSubject, now)
		if err != nil {
			return nil, err
		}
		another := make([]byte, KeySize)
		if _, err := io.ReadFull(new.random, another); err != nil {
			return nil, fmt.Errorf("store: random bytes for the index key: %w", err)
		}
		if wrapped, err = new.wrapped(ctx, next, append(index, another...)); err != nil {
			return nil, err
		}
		if err := st.PutKey(ctx, next, wrapped); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	if r.new, err = new.indexed(ctx, next, wrapped); err != nil {
		return nil, err
	}
	return r, st.SetSetting(ctx, rotationSetting, new.ID())
}

// Slice rewraps the data keys of at most limit subjects after one, and answers
// the last subject it came to ("" when there are no more) and how many it wrapped
// anew.
func (r *Rotation) Slice(ctx context.Context, after string, limit int) (last string, rewrapped int, err error) {
	subjects, err := r.st.Subjects(ctx, after, limit)
	if err != nil {
		return "", 0, err
	}
	keys, err := r.st.Keys(ctx, subjects)
	if err != nil {
		return "", 0, err
	}
	for _, subject := range subjects {
		last = subject
		wrapped, ok := keys[subject]
		if !ok || subject == indexSubject {
			continue
		}
		anew, err := r.new.Rewrapped(ctx, r.old, subject, wrapped)
		if err == nil && anew != nil {
			rewrapped++
			err = r.st.Rewrap(ctx, subject, wrapped, anew)
		}
		if err != nil {
			return "", rewrapped, err
		}
	}
	return last, rewrapped, nil
}

// Rehash hashes at most limit hashes again and answers how many: 0 when there
// are no more. What they were made of need not be known.
func (r *Rotation) Rehash(ctx context.Context, limit int) (int, error) {
	newest := r.new.index[len(r.new.index)-1]
	return r.st.Rehash(ctx, r.new.generation, limit, func(hash []byte) []byte {
		return append(hmacOf(newest, hash[:sha256.Size]), r.new.generation...)
	})
}

// Finish makes the new key the database's own, once every data key is wrapped
// by it and every hash is hashed again.
func (r *Rotation) Finish(ctx context.Context) error {
	wrapped, err := r.st.Key(ctx, indexSubject)
	if err != nil {
		return err
	}
	anew, err := r.new.wrapped(ctx, indexSubject, slices.Concat(r.new.index...))
	if err != nil {
		return err
	}
	if err := r.st.Rewrap(ctx, indexSubject, wrapped, anew); err != nil {
		return err
	}
	if err := r.st.SetSetting(ctx, rotationSetting, ""); err != nil {
		return err
	}
	return r.st.Erase(ctx, nextIndex+r.new.ID())
}
