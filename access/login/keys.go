package login

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// keySet are the provider's public keys, from the address its metadata names
// and from nowhere else: what a token says about keys in its own header (jku,
// x5u, jwk) is not looked at.
type keySet struct {
	url     string
	client  *http.Client
	now     func() time.Time
	allowed []jose.SignatureAlgorithm

	mu      sync.Mutex
	keys    []jose.JSONWebKey
	fetched time.Time
	unwell  error // why they could not be fetched when last tried
	tried   time.Time
}

var _ oidc.KeySet = (*keySet)(nil)

// keysAgain is how soon the keys are asked for again because of a token with an
// unknown key, so that a heap of forged tokens does not become a heap of
// questions to the provider.
const keysAgain = 30 * time.Second

// VerifySignature answers the payload of a token that one of the provider's
// keys has signed.
func (s *keySet) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	token, err := jose.ParseSignedCompact(raw, s.allowed)
	if err != nil {
		return nil, fmt.Errorf("the token cannot be read: %w", err)
	}
	header := token.Signatures[0].Protected
	keys, err := s.current(ctx, header.KeyID)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if !fits(key, header) {
			continue
		}
		if payload, err := token.Verify(key.Key); err == nil {
			return payload, nil
		}
	}
	return nil, errors.New("no key of the provider has signed the token")
}

// fits reports whether a key may have signed under a header: the same name, for
// signing, and for no other algorithm.
func fits(key jose.JSONWebKey, header jose.Header) bool {
	return (header.KeyID == "" || key.KeyID == header.KeyID) &&
		(key.Use == "" || key.Use == "sig") &&
		(key.Algorithm == "" || key.Algorithm == header.Algorithm) &&
		key.Valid() && key.IsPublic()
}

// current answers the keys, asked for anew where they are old or the name is new.
func (s *keySet) current(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	age := s.now().Sub(s.fetched)
	known := slices.ContainsFunc(s.keys, func(k jose.JSONWebKey) bool { return id == "" || k.KeyID == id })
	switch {
	case known && age < metadataLife, len(s.keys) > 0 && age < keysAgain:
		return s.keys, nil
	case s.unwell != nil && s.now().Sub(s.tried) < metadataAgain:
		return nil, s.unwell
	}
	keys, err := fetchKeys(ctx, s.client, s.url)
	if err != nil {
		err = fmt.Errorf("the provider's keys: %w", err)
		if ctx.Err() == nil {
			s.unwell, s.tried = err, s.now()
		}
		return nil, err
	}
	s.keys, s.fetched, s.unwell = keys, s.now(), nil
	return keys, nil
}

func fetchKeys(ctx context.Context, client *http.Client, url string) ([]jose.JSONWebKey, error) {
	body, err := get(ctx, client, url)
	if err != nil {
		return nil, err
	}
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, err
	}
	var keys []jose.JSONWebKey
	for _, one := range raw.Keys {
		var key jose.JSONWebKey
		if err := key.UnmarshalJSON(one); err == nil { // a kind of key that nobody here can use says nothing
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// thumbprint names a key by itself (RFC 7638).
func thumbprint(key jose.JSONWebKey) (string, error) {
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", err
	}
	return base64url(sum), nil
}
