package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"
)

// KeySize is the size of the site's key and of every data key, in bytes.
const KeySize = 32

// ErrSealed: what was sealed cannot be opened: another key, another place, or
// changed bytes. Which of them it is cannot be told apart.
var ErrSealed = errors.New("store: sealed text cannot be opened")

// Keyring makes and opens the data keys of persons and professionals. Each
// subject has its own key; only the site's key can unwrap it. Once the wrapped
// key is destroyed (Vault.Erase), nothing that was sealed under it can be read.
// It is safe for concurrent use.
type Keyring struct {
	random  io.Reader
	wrapper KeyWrapper
	// index are the keys that identifiers are hashed with, one after the other:
	// the first one's hash is hashed again by each that came when the site's key
	// was changed. generation stands behind every hash and tells the last of them;
	// it is empty for the index key that a site key gives.
	index      [][]byte
	generation []byte
	signer     ed25519.PrivateKey

	mu     sync.Mutex
	opened map[string]*DataKey
}

const maxOpened = 4096

// NewKeyring makes a keyring of the site's key, 32 random bytes that are kept
// outside the database and its backups. random gives the bytes of new data keys.
func NewKeyring(site []byte, random io.Reader) (*Keyring, error) {
	key, err := newSiteKey(site)
	if err != nil {
		return nil, err
	}
	return NewKeyringOf(key, random), nil
}

// NewKeyringOf makes a keyring over whatever keeps the site's key.
func NewKeyringOf(w KeyWrapper, random io.Reader) *Keyring {
	k := &Keyring{random: random, wrapper: w, opened: map[string]*DataKey{}}
	if site, ok := w.(*siteKey); ok {
		k.index, k.signer = [][]byte{site.index}, site.signer
	}
	return k
}

// ID names the site's key and gives nothing of it away.
func (k *Keyring) ID() string { return k.wrapper.ID() }

// NewKey makes a data key for a subject and answers it wrapped, for
// Vault.PutKey. The wrapping binds the subject: another subject's key cannot be
// put in its place.
func (k *Keyring) NewKey(ctx context.Context, subject string) ([]byte, error) {
	key := make([]byte, KeySize)
	if _, err := io.ReadFull(k.random, key); err != nil {
		return nil, fmt.Errorf("store: random bytes for the key of %s: %w", subject, err)
	}
	return k.wrapped(ctx, subject, key)
}

func (k *Keyring) wrapped(ctx context.Context, subject string, key []byte) ([]byte, error) {
	sealed, err := k.wrapper.Wrap(ctx, key, subject)
	if err != nil {
		return nil, fmt.Errorf("store: wrapping the data key of %s: %w", subject, err)
	}
	head, err := wrapHead(k.wrapper.ID())
	return append(head, sealed...), err
}

// DataKey unwraps a subject's data key. A key that another site's key wrapped is
// said so plainly (OtherKey); anything else that does not open is ErrSealed.
func (k *Keyring) DataKey(ctx context.Context, subject string, wrapped []byte) (*DataKey, error) {
	// What is unwrapped is kept by its wrapping, not by its subject: who no
	// longer finds the wrapped key in the vault gets nothing from memory.
	name := subject + "\x00" + string(wrapped)
	k.mu.Lock()
	d, ok := k.opened[name]
	k.mu.Unlock()
	if ok {
		return d, nil
	}
	key, err := k.unwrapped(ctx, subject, wrapped)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	d = &DataKey{aead}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.opened) >= maxOpened {
		clear(k.opened)
	}
	k.opened[name] = d
	return d, nil
}

func (k *Keyring) unwrapped(ctx context.Context, subject string, wrapped []byte) ([]byte, error) {
	id, sealed, ok := wrapParts(wrapped)
	if !ok {
		return nil, fmt.Errorf("%w: the data key of %s has an unknown format", ErrSealed, subject)
	}
	if id != k.wrapper.ID() {
		return nil, &OtherKey{Subject: subject, Made: id, Given: k.wrapper.ID()}
	}
	key, err := k.wrapper.Unwrap(ctx, sealed, subject)
	if err != nil {
		return nil, fmt.Errorf("the data key of %s: %w", subject, err)
	}
	return key, nil
}

// Rewrapped is a data key that old wrapped, wrapped by k instead. It answers nil
// where k wrapped it already.
func (k *Keyring) Rewrapped(ctx context.Context, old *Keyring, subject string, wrapped []byte) ([]byte, error) {
	if id, _, ok := wrapParts(wrapped); ok && id == k.wrapper.ID() {
		return nil, nil
	}
	key, err := old.unwrapped(ctx, subject, wrapped)
	if err != nil {
		return nil, err
	}
	return k.wrapped(ctx, subject, key)
}

// Hash is the keyed hash under which an identifier of a kind (such as a national
// number) is found in the vault, exactly. Without the index keys it cannot be
// tried out.
func (k *Keyring) Hash(kind, identifier string) []byte {
	h := hmacOf(k.index[0], field(field(nil, kind), identifier))
	for _, key := range k.index[1:] {
		h = hmacOf(key, h)
	}
	return append(h, k.generation...)
}

// Name is a keyed hash of 32 bytes that stays what it is when the site's key is
// changed. It is for ids that are made of something, never for what tells who
// somebody is.
func (k *Keyring) Name(kind, text string) []byte {
	return hmacOf(k.index[0], field(field(nil, "name of "+kind), text))
}

// Forget drops a subject's opened key from memory.
func (k *Keyring) Forget(subject string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.opened, func(name string, _ *DataKey) bool { return strings.HasPrefix(name, subject+"\x00") })
}

func hmacOf(key, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	return h.Sum(nil)
}

// Sign signs a statement with the key that the site's key gives: what somebody
// with the database alone cannot do.
func (k *Keyring) Sign(statement []byte) []byte { return ed25519.Sign(k.signer, statement) }

// Public is the key that signatures are checked with. It may be known to all.
func (k *Keyring) Public() ed25519.PublicKey {
	public, _ := k.signer.Public().(ed25519.PublicKey)
	return public
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
