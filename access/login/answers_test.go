package login

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// A said is a provider that answers what it is told to, without a network.
type said struct {
	at     string // the path that answers otherwise than a provider does
	status int
	kind   string
	body   string
	rest   http.Handler
}

func (s said) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r.URL.Path == s.at {
		w.Header().Set("Content-Type", s.kind)
		w.WriteHeader(s.status)
		if _, err := w.WriteString(s.body); err != nil {
			return nil, err
		}
	} else {
		s.rest.ServeHTTP(w, r)
	}
	return w.Result(), nil
}

// FuzzProvider lets a provider answer anything, at any of the places where we ask it.
// Nobody is logged in by what it did not sign, nothing of what it said stands in an
// error at length, and nothing panics.
func FuzzProvider(f *testing.F) {
	places := []string{"/.well-known/openid-configuration", "/keys", "/token", "/par"}
	for i := range places {
		for _, body := range []string{
			"", "{}", "null", "[]", `{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"oct","k":"AA"},7]}`, `{"access_token":"a","token_type":"DPoP","id_token":"e30.e30."}`,
			`{"access_token":"a","token_type":"Bearer","expires_in":-1,"id_token":"eyJhbGciOiJub25lIn0.e30."}`, `{"error":"use_dpop_nonce"}`, `{"request_uri":"` + strings.Repeat("x", 3000) + `"}`,
			`{"issuer":"https://login.example","authorization_endpoint":":","token_endpoint":"","jwks_uri":"https://login.example/keys"}`,
		} {
			f.Add(uint8(i), 200, "application/json", body)
		}
	}
	f.Add(uint8(2), 400, "application/json; charset=\"", `{"error":"invalid_grant","error_description":"`+strings.Repeat("x", 5000)+`"}`)
	f.Add(uint8(3), 201, "text/html", "<html>")
	f.Fuzz(func(t *testing.T, place uint8, status int, kind, body string) {
		if status < 200 || status > 599 {
			status = 200
		}
		forge := &forger{now: noon, key: jose.JSONWebKey{Key: rsaKey().Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}, url: "https://login.example"}
		s := forge.settings()
		s.Pushed = place%2 == 1
		at := places[int(place)%len(places)]
		client := &http.Client{Transport: said{at: at, status: status, kind: kind, body: body, rest: forge}}
		p, err := Open(s, client, func() time.Time { return noon }, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		_, pending, err := p.Begin(t.Context(), "https://site.example/login/a/back", Ask{})
		if err == nil {
			var proof Proof
			forge.nonce = pending.Nonce
			proof, err = p.Finish(t.Context(), pending, url.Values{"code": {"code-1"}, "state": {pending.State}, "iss": {forge.url}})
			if err == nil && at == "/token" && proof.Subject == "subject" && !strings.Contains(body, ".") {
				t.Errorf("%q logs %q in", body, proof.Subject)
			}
		}
		if err != nil && len(err.Error()) > 4000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}

// FuzzTokenHeads reads what somebody could send as a token: its head says of which
// type and key it is, or it is none.
func FuzzTokenHeads(f *testing.F) {
	for _, raw := range []string{"", ".", "e30.e30.", "eyJ0eXAiOiJsb2dvdXQrand0Iiwia2lkIjoiYSJ9.e30.x", "bnVsbA", "W10", "====", strings.Repeat("e30.", 1000)} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		kid, err := ofType(raw, "logout+jwt")
		if err != nil && (kid != "" || len(err.Error()) > 300) {
			t.Errorf("%q: the key %q and an error of %d bytes", raw, kid, len(err.Error()))
		}
	})
}
