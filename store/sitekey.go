package store

import (
	"context"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
)

// KeyWrapper keeps the site's key and wraps data keys under it: a file's 32
// bytes (NewKeyring), or a key service that never lets its key out. A data key
// is 32 bytes; about names the subject it belongs to, and the same name is
// needed to unwrap it. Unwrap answers ErrSealed for what does not open, and its
// own error where the service is down: then nothing about people can be read or
// written until it is back. It is safe for concurrent use.
type KeyWrapper interface {
	// ID names the key for ever, in at most 255 bytes, and gives nothing of it
	// away. It stands in the database beside every key that was wrapped.
	ID() string
	Wrap(ctx context.Context, key []byte, about string) ([]byte, error)
	Unwrap(ctx context.Context, wrapped []byte, about string) ([]byte, error)
}

// OtherKey says that what is kept was made with another site key than the one
// that was given.
type OtherKey struct{ Subject, Made, Given string }

// Error names both keys.
func (e *OtherKey) Error() string {
	if e.Subject == "" {
		return fmt.Sprintf("store: this database was made with the site key %s, and the key given is %s", e.Made, e.Given)
	}
	return fmt.Sprintf("store: the data key of %s was wrapped by the site key %s, and this site's key is %s", e.Subject, e.Made, e.Given)
}

// Is says that an OtherKey is ErrSealed, too.
func (e *OtherKey) Is(target error) bool { return target == ErrSealed }

// ErrRotating: the change from one site key to another was begun and is not
// finished.
var ErrRotating = errors.New("store: the change of the site key is not finished")

// siteKey is the key that lies in a file.
type siteKey struct {
	id    string
	wrap  cipher.AEAD
	index []byte
	// signer signs statements about the database that the database must not be
	// able to make by itself.
	signer ed25519.PrivateKey
}

func newSiteKey(site []byte) (*siteKey, error) {
	if len(site) != KeySize {
		return nil, fmt.Errorf("store: the site key has %d bytes; it must have %d", len(site), KeySize)
	}
	wrap, err := derive(site, "wrap data keys", KeySize)
	if err != nil {
		return nil, err
	}
	k := &siteKey{}
	if k.wrap, err = newAEAD(wrap); err != nil {
		return nil, err
	}
	id, err := derive(site, "name of the site key", keyIDSize)
	if err != nil {
		return nil, err
	}
	k.id = hex.EncodeToString(id)
	if k.index, err = derive(site, "index identifiers", sha256.Size); err != nil {
		return nil, err
	}
	seed, err := derive(site, "sign statements", ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	k.signer = ed25519.NewKeyFromSeed(seed)
	return k, nil
}

func (k *siteKey) ID() string { return k.id }

func (k *siteKey) Wrap(_ context.Context, key []byte, about string) ([]byte, error) {
	return k.wrap.Seal(nil, nil, key, wrapAAD(about)), nil
}

func (k *siteKey) Unwrap(_ context.Context, wrapped []byte, about string) ([]byte, error) {
	key, err := k.wrap.Open(nil, nil, wrapped, wrapAAD(about))
	if err != nil {
		return nil, ErrSealed
	}
	return key, nil
}

func wrapAAD(subject string) []byte { return field([]byte("forlop data key/1"), subject) }

// A wrapped key is a format byte, the id of the site's key, and the sealed key.
// Format 1 has an id of 8 bytes, format 2 a length and any id.
const (
	wrapFormat   = 1
	wrapFormatID = 2
	keyIDSize    = 8
)

func wrapHead(id string) ([]byte, error) {
	if raw, err := hex.DecodeString(id); err == nil && len(raw) == keyIDSize {
		return append([]byte{wrapFormat}, raw...), nil
	}
	if id == "" || len(id) > 255 {
		return nil, fmt.Errorf("store: the id of the site's key has %d bytes; it must have 1 to 255", len(id))
	}
	return append([]byte{wrapFormatID, byte(len(id))}, id...), nil
}

func wrapParts(wrapped []byte) (id string, sealed []byte, ok bool) {
	switch {
	case len(wrapped) > keyIDSize && wrapped[0] == wrapFormat:
		return hex.EncodeToString(wrapped[1 : 1+keyIDSize]), wrapped[1+keyIDSize:], true
	case len(wrapped) > 2 && wrapped[0] == wrapFormatID && len(wrapped) > 2+int(wrapped[1]):
		n := 2 + int(wrapped[1])
		return string(wrapped[2:n]), wrapped[n:], true
	}
	return "", nil, false
}

// The subjects of the index keys, which identifiers are hashed with, and of those
// that come after them while the site's key is changed; and the setting that
// says which key it is changed to.
const (
	indexSubject    = "site/index"
	nextIndex       = "site/index-next/"
	rotationSetting = "site-key-rotation"
)

// Of is the keyring as this database needs it: with the database's own index
// key. A database that has none yet gets it, which also marks for ever whose
// database it is. It answers an OtherKey where the site's key is another than
// the database was made with, and ErrRotating while a change is not finished.
func (k *Keyring) Of(ctx context.Context, st Store) (*Keyring, error) {
	if to, err := st.Setting(ctx, rotationSetting); err != nil {
		return nil, err
	} else if to != "" {
		return nil, fmt.Errorf("%w: it is being changed to %s", ErrRotating, to)
	}
	wrapped, err := st.Key(ctx, indexSubject)
	if errors.Is(err, ErrNotFound) {
		wrapped, err = k.firstIndex(ctx, st)
	}
	if errors.Is(err, ErrReadOnly) && k.index != nil {
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	return k.indexed(ctx, indexSubject, wrapped)
}

// indexed is the keyring with an index key.
func (k *Keyring) indexed(ctx context.Context, subject string, wrapped []byte) (*Keyring, error) {
	index, err := k.unwrapped(ctx, subject, wrapped)
	if other := (*OtherKey)(nil); errors.As(err, &other) {
		return nil, &OtherKey{Made: other.Made, Given: other.Given}
	}
	if err != nil {
		return nil, err
	}
	own := &Keyring{random: k.random, wrapper: k.wrapper, index: slices.Collect(slices.Chunk(index, KeySize)), signer: k.signer, opened: map[string]*DataKey{}}
	if own.signer == nil {
		seed, err := derive(index, "sign statements", ed25519.SeedSize)
		if err != nil {
			return nil, err
		}
		own.signer = ed25519.NewKeyFromSeed(seed)
	}
	if site, ok := k.wrapper.(*siteKey); !ok || string(site.index) != string(index) {
		own.generation = hmacOf(index, []byte("forlop index generation"))[:4]
	}
	return own, nil
}

// firstIndex makes a database's index key. Identifiers of older databases were
// hashed with one that the site's key gives; they are found as before.
func (k *Keyring) firstIndex(ctx context.Context, st Store) ([]byte, error) {
	subjects, err := st.Subjects(ctx, "", 1)
	if err != nil {
		return nil, err
	}
	for _, subject := range subjects {
		wrapped, err := st.Key(ctx, subject)
		if err != nil {
			return nil, err
		}
		if id, _, _ := wrapParts(wrapped); id != k.wrapper.ID() {
			return nil, &OtherKey{Made: id, Given: k.wrapper.ID()}
		}
	}
	index := slices.Concat(k.index...)
	if index == nil {
		index = make([]byte, KeySize)
		if _, err := io.ReadFull(k.random, index); err != nil {
			return nil, fmt.Errorf("store: random bytes for the index key: %w", err)
		}
	}
	wrapped, err := k.wrapped(ctx, indexSubject, index)
	if err != nil {
		return nil, err
	}
	if err := st.PutKey(ctx, indexSubject, wrapped); errors.Is(err, ErrClaimed) {
		return st.Key(ctx, indexSubject)
	} else if err != nil {
		return nil, err
	}
	return wrapped, nil
}

// Fits says why this keyring must not be used with the database any more: an
// OtherKey or ErrRotating; nil where it still is the one.
func (k *Keyring) Fits(ctx context.Context, st Store) error {
	if to, err := st.Setting(ctx, rotationSetting); err != nil {
		return err
	} else if to != "" {
		return fmt.Errorf("%w: it is being changed to %s", ErrRotating, to)
	}
	wrapped, err := st.Key(ctx, indexSubject)
	if err != nil {
		return err
	}
	if id, _, _ := wrapParts(wrapped); id != k.wrapper.ID() {
		return &OtherKey{Made: id, Given: k.wrapper.ID()}
	}
	return nil
}

// KeyOf names the site's key that a database was made with; "" where it has none
// yet. Whoever asks need not have the key.
func KeyOf(ctx context.Context, st Store) (string, error) {
	wrapped, err := st.Key(ctx, indexSubject)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	id, _, ok := wrapParts(wrapped)
	if !ok {
		return "", ErrSealed
	}
	return id, nil
}
