package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"
)

// KeySize is the size of the site's key and of every data key, in bytes.
const KeySize = 32

// ErrSealed: what was sealed cannot be opened: another key, another place, or
// changed bytes. Which of them it is cannot be told apart.
var ErrSealed = errors.New("store: sealed text cannot be opened")

// Keyring makes and opens the data keys of persons and professionals. Each
// subject has its own key; only the site's key can unwrap it. Once the wrapped
// key is destroyed (Vault.DestroyKey), nothing that was sealed under it can be
// read. It is safe for concurrent use.
type Keyring struct {
	random io.Reader
	wrap   cipher.AEAD
	id     []byte
	index  []byte

	mu     sync.Mutex
	opened map[string]*DataKey
}

// The wrapped key is a format byte, the site key's id, and the sealed key.
const (
	wrapFormat = 1
	keyIDSize  = 8
	maxOpened  = 4096
)

// NewKeyring makes a keyring of the site's key, 32 random bytes that are kept
// outside the database and its backups. random gives the bytes of new data keys.
func NewKeyring(site []byte, random io.Reader) (*Keyring, error) {
	if len(site) != KeySize {
		return nil, fmt.Errorf("store: the site key has %d bytes; it must have %d", len(site), KeySize)
	}
	k := &Keyring{random: random, opened: map[string]*DataKey{}}
	wrap, err := derive(site, "wrap data keys", KeySize)
	if err != nil {
		return nil, err
	}
	if k.wrap, err = newAEAD(wrap); err != nil {
		return nil, err
	}
	if k.id, err = derive(site, "name of the site key", keyIDSize); err != nil {
		return nil, err
	}
	k.index, err = derive(site, "index identifiers", sha256.Size)
	return k, err
}

// NewKey makes a data key for a subject and answers it wrapped, for
// Vault.PutKey. The wrapping binds the subject: another subject's key cannot be
// put in its place.
func (k *Keyring) NewKey(subject string) ([]byte, error) {
	key := make([]byte, KeySize)
	if _, err := io.ReadFull(k.random, key); err != nil {
		return nil, fmt.Errorf("store: random bytes for the key of %s: %w", subject, err)
	}
	wrapped := append([]byte{wrapFormat}, k.id...)
	return append(wrapped, k.wrap.Seal(nil, nil, key, wrapAAD(subject))...), nil
}

// DataKey unwraps a subject's data key. A key that another site's key wrapped is
// said so plainly; anything else that does not open is ErrSealed.
func (k *Keyring) DataKey(subject string, wrapped []byte) (*DataKey, error) {
	if len(wrapped) < 1+keyIDSize || wrapped[0] != wrapFormat {
		return nil, fmt.Errorf("%w: the data key of %s has an unknown format", ErrSealed, subject)
	}
	if id := wrapped[1 : 1+keyIDSize]; !bytes.Equal(id, k.id) {
		return nil, fmt.Errorf("%w: the data key of %s was wrapped by the site key %x, and this site's key is %x", ErrSealed, subject, id, k.id)
	}
	// What is unwrapped is kept by its wrapping, not by its subject: who no
	// longer finds the wrapped key in the vault gets nothing from memory.
	name := subject + "\x00" + string(wrapped)
	k.mu.Lock()
	defer k.mu.Unlock()
	if d, ok := k.opened[name]; ok {
		return d, nil
	}
	key, err := k.wrap.Open(nil, nil, wrapped[1+keyIDSize:], wrapAAD(subject))
	if err != nil {
		return nil, fmt.Errorf("%w: the data key of %s", ErrSealed, subject)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(k.opened) >= maxOpened {
		clear(k.opened)
	}
	d := &DataKey{aead}
	k.opened[name] = d
	return d, nil
}

// Hash is the keyed hash under which an identifier of a kind (such as a national
// number) is found in the vault, exactly. Without the site's key it cannot be
// tried out.
func (k *Keyring) Hash(kind, identifier string) []byte {
	h := hmac.New(sha256.New, k.index)
	h.Write(field(field(nil, kind), identifier))
	return h.Sum(nil)
}

// DataKey seals and opens the text of one subject, with AES-256-GCM and a random
// nonce each time. It never changes.
type DataKey struct{ aead cipher.AEAD }

// Seal encrypts text. place says where the text belongs (a stream, a field); the
// same place is needed to open it, so that it cannot be moved.
func (d *DataKey) Seal(text []byte, place string) []byte {
	return d.aead.Seal(nil, nil, text, []byte(place))
}

// Open decrypts what Seal made, or answers ErrSealed.
func (d *DataKey) Open(sealed []byte, place string) ([]byte, error) {
	text, err := d.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("%w: at %s", ErrSealed, place)
	}
	return text, nil
}

func wrapAAD(subject string) []byte { return field([]byte("forlop data key/1"), subject) }

func derive(site []byte, use string, size int) ([]byte, error) {
	b, err := hkdf.Key(sha256.New, site, nil, "forlop/1 "+use, size)
	if err != nil {
		return nil, fmt.Errorf("store: derive the key to %s: %w", use, err)
	}
	return b, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
