package login

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// TestClientProof: an assertion is written to whom the settings say, lives a
// minute, is new each time, and is signed by a key from any file people have.
func TestClientProof(t *testing.T) {
	t.Parallel()
	jwk, public, err := NewClientKey(rand.Reader)
	if err != nil || len(public) == 0 {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(func() *ecdsa.PrivateKey {
		key, err := readKey(jwk, "")
		if err != nil {
			t.Fatal(err)
		}
		return key.Key.(*ecdsa.PrivateKey)
	}())
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(rsaKey())
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"jwk": jwk, "sec 1": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1}),
		"pkcs 8": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
		"pkcs 1": pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey())}),
	}
	for name, file := range files {
		for audience, path := range map[string]string{"issuer": "", "token-endpoint": "/token"} {
			f := newForger(t)
			s := f.settings()
			s.Key, s.Secret, s.Audience = file, nil, audience
			p, err := Open(s, nil, func() time.Time { return noon }, rand.Reader)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			used := map[string]bool{}
			for range 2 {
				address, pending, err := p.Begin(t.Context(), "https://site.example/back", Ask{})
				if err != nil {
					t.Fatal(err)
				}
				to, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				f.nonce = to.Query().Get("nonce")
				if _, err := p.Finish(t.Context(), pending, url.Values{"code": {"c"}, "state": {pending.State}}); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				form := f.forms[len(f.forms)-1]
				signed, err := jose.ParseSignedCompact(form.Get("client_assertion"), []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				payload, err := signed.Verify(p.key.Public())
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				var to2, id string
				var until int64
				if err := readClaims(payload, map[string]any{"aud": &to2, "jti": &id, "exp": &until}); err != nil {
					t.Fatal(err)
				}
				if to2 != f.url+path || until != noon.Add(assertionLife).Unix() || used[id] || form.Get("client_id") != "us" {
					t.Errorf("%s: to %s until %d, id used before: %v", name, to2, until, used[id])
				}
				used[id] = true
			}
		}
	}
	for name, file := range map[string]string{
		"nothing": "", "words": "a secret", "a public JWK": string(public), "half a JWK": "{", "an empty PEM": strings.ReplaceAll("-----BEGIN X-----\n-----END X-----\n", "X", "PRIVATE"+" KEY"),
	} {
		if _, err := readKey([]byte(file), ""); err == nil {
			t.Errorf("%s is taken for a private key", name)
		}
	}
}
