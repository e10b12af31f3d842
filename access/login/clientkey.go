package login

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// assertionLife is how long a client assertion is believed. HelseID takes none
// that is longer.
const assertionLife = 60 * time.Second

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// secret is a new unguessable word of 256 bits.
func (p *Provider) secret() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(p.random, b); err != nil {
		return "", fmt.Errorf("random bytes for a login: %w", err)
	}
	return base64url(b), nil
}

// readKey reads a private key: PEM (PKCS #8, PKCS #1 or SEC 1) or a JWK.
func readKey(text []byte, id string) (jose.JSONWebKey, error) {
	key := jose.JSONWebKey{Use: "sig"}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		if err := json.Unmarshal(text, &key); err != nil {
			return key, fmt.Errorf("the client's key is no JWK: %w", err)
		}
	} else {
		block, _ := pem.Decode(text)
		if block == nil {
			return key, errors.New("the client's key is neither PEM nor a JWK")
		}
		var err error
		if key.Key, err = parsePrivate(block.Bytes); err != nil {
			return key, err
		}
	}
	switch private := key.Key.(type) {
	case *rsa.PrivateKey:
		if private.N.BitLen() < 2048 {
			return key, fmt.Errorf("the client's RSA key has %d bits; 2048 is the least", private.N.BitLen())
		}
		if key.Algorithm == "" {
			key.Algorithm = string(jose.RS256) // what every provider takes; a JWK may say PS256
		}
	case *ecdsa.PrivateKey:
		key.Algorithm = map[elliptic.Curve]string{elliptic.P256(): "ES256", elliptic.P384(): "ES384", elliptic.P521(): "ES512"}[private.Curve]
	case ed25519.PrivateKey:
		key.Algorithm = string(jose.EdDSA)
	default:
		return key, errors.New("the client's key is no private key of RSA, an elliptic curve or Ed25519")
	}
	if id != "" {
		key.KeyID = id
	}
	if key.KeyID == "" {
		name, err := thumbprint(key)
		if err != nil {
			return key, err
		}
		key.KeyID = name
	}
	return key, nil
}

// NewClientKey makes a key that a provider can know us by: the private half to
// keep (a JWK), and the public half to register (a JWK set).
func NewClientKey(random io.Reader) (private, public []byte, err error) {
	made, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, nil, fmt.Errorf("a key for the client: %w", err)
	}
	key := jose.JSONWebKey{Key: made, Algorithm: string(jose.ES256), Use: "sig"}
	if key.KeyID, err = thumbprint(key); err != nil {
		return nil, nil, err
	}
	if private, err = json.Marshal(key); err != nil {
		return nil, nil, err
	}
	public, err = json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	return private, public, err
}

func parsePrivate(der []byte) (any, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	return nil, errors.New("the client's key is PEM, but no private key in PKCS #8, PKCS #1 or SEC 1")
}

// assertion proves to the provider which client this is (RFC 7523): to it alone,
// once, within a minute.
func (p *Provider) assertion(audience string) (string, error) {
	id, err := p.secret()
	if err != nil {
		return "", err
	}
	now := p.now()
	return sign(*p.key, "JWT", false, map[string]any{
		"iss": p.settings.Client, "sub": p.settings.Client, "aud": audience, "jti": id,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
}

// newBinding makes the key that the tokens of one login are bound to.
func (p *Provider) newBinding() (jose.JSONWebKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), p.random)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("a key for a login: %w", err)
	}
	return jose.JSONWebKey{Key: private, Algorithm: string(jose.ES256), Use: "sig"}, nil
}

// possession proves that we hold the key, for one request (RFC 9449, 4.2).
func (p *Provider) possession(key jose.JSONWebKey, method, address, nonce string) (string, error) {
	id, err := p.secret()
	if err != nil {
		return "", err
	}
	claims := map[string]any{"jti": id, "htm": method, "htu": address, "iat": p.now().Unix()}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	return sign(key, "dpop+jwt", true, claims)
}

func sign(key jose.JSONWebKey, kind jose.ContentType, embed bool, claims map[string]any) (string, error) {
	options := (&jose.SignerOptions{EmbedJWK: embed}).WithType(kind)
	if embed {
		key.KeyID = ""
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, options)
	if err != nil {
		return "", fmt.Errorf("signing for the provider: %w", err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing for the provider: %w", err)
	}
	return signed.CompactSerialize()
}
