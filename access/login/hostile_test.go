package login

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"forlop/care"
)

const (
	failed    = "login-failed"
	down      = "login-provider-down"
	low       = "login-level-low"
	expired   = "login-expired"
	cancelled = "login-cancelled"
)

// withClaim is a forger whose ID token says something else.
func withClaim(name string, value any) func(*forger) {
	return func(f *forger) {
		f.claims = func(c map[string]any) {
			c[name] = value
			if value == nil {
				delete(c, name)
			}
		}
	}
}

func signedBy(sign func(header, claims map[string]any) string) func(*forger) {
	return func(f *forger) { f.sign = sign }
}

// sharedKey signs with a shared key, where the provider has a public one.
func sharedKey(key []byte) func(*forger) {
	return signedBy(func(header, claims map[string]any) string {
		header["alg"] = "HS256"
		text := unsigned(header, claims)
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		return text + "." + base64url(mac.Sum(nil))
	})
}

func publicPEM() []byte {
	der, err := x509.MarshalPKIXPublicKey(rsaKey().Public())
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// says is a forger that answers one path in its own way.
func says(path string, answer http.HandlerFunc) func(*forger) {
	return func(f *forger) {
		f.serve = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != path {
				return false
			}
			answer(w, r)
			return true
		}
	}
}

func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<html>Log in to the network first</html>"))
}

func huge(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"access_token": "`))
	for range answerSize / 1024 * 2 {
		if _, err := w.Write([]byte(strings.Repeat("x", 1024))); err != nil {
			return
		}
	}
}

func ill(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }

// hang answers nothing until the one who asked has gone.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // a server hears of the end only then
	<-r.Context().Done()
}

// drop ends the connection in the middle.
func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// elsewhere redirects to a host that would answer well, and counts who comes.
var reached atomic.Int64

func elsewhere(w http.ResponseWriter, r *http.Request) {
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached.Add(1)
		answerJSON(w, http.StatusOK, map[string]string{})
	}))
	go func() { <-r.Context().Done(); there.Close() }()
	http.Redirect(w, r, there.URL, http.StatusTemporaryRedirect)
}

const metadataPath = "/.well-known/openid-configuration"

// hostile are logins that must not succeed, each wrong in one thing.
var hostile = []struct {
	name string
	forged
	want string
}{
	// Who signed.
	{"alg none", forged{forger: signedBy(func(h, c map[string]any) string { h["alg"] = "none"; return unsigned(h, c) + "." })}, failed},
	{"alg None with a signature", forged{forger: func(f *forger) { f.header = map[string]any{"alg": "None"} }}, failed},
	{"HS256 with the public key", forged{forger: sharedKey(publicPEM())}, failed},
	{"HS256 with the public modulus", forged{forger: sharedKey(rsaKey().N.Bytes())}, failed},
	{"HS256 with the client's secret", forged{forger: sharedKey([]byte("between us two"))}, failed},
	{"another key under the same name", forged{forger: signedBy(signRSA(otherKey()))}, failed},
	{"a key nobody knows", forged{forger: func(f *forger) { f.header = map[string]any{"kid": "k9"} }}, failed},
	{"another key and no name", forged{forger: func(f *forger) {
		f.sign = func(h, c map[string]any) string { delete(h, "kid"); return signRSA(otherKey())(h, c) }
	}}, failed},
	{"a key in the token's own header", forged{forger: func(f *forger) {
		f.sign = signRSA(otherKey())
		f.header = map[string]any{"jwk": jose.JSONWebKey{Key: otherKey().Public(), KeyID: "k1"}}
	}}, failed},
	{"a certificate in the token's own header", forged{forger: func(f *forger) {
		f.sign = signRSA(otherKey())
		f.header = map[string]any{"x5u": "https://forger.example/cert"}
	}}, failed},
	{"signature cut off", forged{forger: signedBy(func(h, c map[string]any) string { return unsigned(h, c) + "." })}, failed},
	{"two parts", forged{forger: signedBy(unsigned)}, failed},
	{"claims changed after signing", forged{forger: signedBy(func(h, c map[string]any) string {
		parts := strings.Split(signRSA(rsaKey())(h, c), ".")
		c["sub"] = "somebody else"
		return parts[0] + "." + segment(c) + "." + parts[2]
	})}, failed},
	{"a key for sealing", forged{forger: func(f *forger) { f.key.Use = "enc" }}, failed},
	{"a key for another algorithm", forged{forger: func(f *forger) { f.key.Algorithm = "PS256" }}, failed},
	{"an algorithm that is not on the list", forged{settings: func(s *Settings) { s.Algorithms = []string{"ES256", "PS256"} }}, failed},
	{"a critical header that nobody knows", forged{forger: func(f *forger) { f.header = map[string]any{"crit": []string{"exp"}, "exp": 1} }}, failed},
	{"not a token", forged{forger: func(f *forger) { f.answer = map[string]any{"id_token": "yes"} }}, failed},
	{"a token in the long form", forged{forger: signedBy(func(h, c map[string]any) string {
		parts := strings.Split(signRSA(rsaKey())(h, c), ".")
		text, err := json.Marshal(map[string]string{"protected": parts[0], "payload": parts[1], "signature": parts[2]})
		if err != nil {
			panic(err)
		}
		return string(text)
	})}, failed},
	{"no ID token", forged{forger: func(f *forger) { f.answer = map[string]any{"id_token": ""} }}, failed},
	{"an ID token that is no text", forged{forger: func(f *forger) { f.answer = map[string]any{"id_token": 7} }}, failed},

	// For whom, from whom, for which login.
	{"another issuer", forged{forger: withClaim("iss", "https://other.example")}, failed},
	{"the issuer with a slash", forged{forger: func(f *forger) {
		f.claims = func(c map[string]any) { c["iss"] = f.url + "/" }
	}}, failed},
	{"no issuer", forged{forger: withClaim("iss", nil)}, failed},
	{"another audience", forged{forger: withClaim("aud", "them")}, failed},
	{"no audience", forged{forger: withClaim("aud", nil)}, failed},
	{"an audience beside us", forged{forger: withClaim("aud", []string{"us", "them"})}, failed},
	{"issued to another client", forged{forger: withClaim("azp", "them")}, failed},
	{"another nonce", forged{forger: withClaim("nonce", "another login's")}, failed},
	{"no nonce", forged{forger: withClaim("nonce", nil)}, failed},
	{"a nonce that begins the same", forged{forger: func(f *forger) {
		f.claims = func(c map[string]any) { c["nonce"] = c["nonce"].(string)[:20] }
	}}, failed},
	{"nobody", forged{forger: withClaim("sub", nil)}, failed},
	{"an e-mail address and no subject", forged{forger: func(f *forger) {
		f.claims = func(c map[string]any) { delete(c, "sub"); c["email"] = "kari@example.org"; c["email_verified"] = true }
	}}, failed},
	{"a subject too long", forged{forger: withClaim("sub", strings.Repeat("s", 256))}, failed},
	{"a logout token", forged{forger: func(f *forger) {
		f.answer = map[string]any{}
		f.header = map[string]any{"typ": "logout+jwt"}
	}}, failed},
	{"a logout token that calls itself a JWT", forged{forger: withClaim("events",
		map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}})}, failed},
	{"an access token", forged{forger: func(f *forger) { f.header = map[string]any{"typ": "at+jwt"} }}, failed},
	{"at_hash of another token", forged{forger: withClaim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")}, failed},
	{"no at_hash where it is demanded", forged{settings: func(s *Settings) { s.TokenHash = true }}, failed},

	// When.
	{"run out", forged{forger: withClaim("exp", noon.Add(-time.Second).Unix())}, failed},
	{"never runs out", forged{forger: withClaim("exp", nil)}, failed},
	{"holds from an hour on", forged{forger: withClaim("nbf", noon.Add(time.Hour).Unix())}, failed},
	{"holds from two minutes on", forged{forger: withClaim("nbf", noon.Add(2*time.Minute).Unix())}, failed},
	{"issued in the time to come", forged{forger: withClaim("iat", noon.Add(time.Minute).Unix())}, failed},
	{"issued before it was asked for", forged{forger: withClaim("iat", noon.Add(-time.Minute).Unix())}, failed},
	{"does not say when it was issued", forged{forger: withClaim("iat", nil)}, failed},
	{"an old login where a fresh one was asked for", forged{ask: Ask{Fresh: true}, forger: withClaim("auth_time", noon.Add(-time.Minute).Unix())}, failed},
	{"no time of login where a fresh one was asked for", forged{ask: Ask{Fresh: true}, forger: withClaim("auth_time", nil)}, failed},
	{"a login from before the longest age", forged{settings: func(s *Settings) { s.MaxAge = time.Hour }, forger: withClaim("auth_time", noon.Add(-2*time.Hour).Unix())}, failed},
	{"no time of login where there is a longest age", forged{settings: func(s *Settings) { s.MaxAge = time.Hour }, forger: withClaim("auth_time", nil)}, failed},
	{"a login in the time to come", forged{forger: withClaim("auth_time", noon.Add(time.Hour).Unix())}, failed},
	{"a time of login that is no time", forged{forger: withClaim("auth_time", "-5")}, failed},

	// How sure.
	{"no level", forged{forger: withClaim("acr", nil)}, low},
	{"a level nobody knows", forged{forger: withClaim("acr", "5")}, low},
	{"a level that begins the same", forged{forger: withClaim("acr", "4 ")}, low},
	{"a level below the least", forged{settings: func(s *Settings) { s.Least = "high" }, forger: withClaim("acr", "3")}, low},
	{"a level below what was asked", forged{ask: Ask{Level: "high"}, forger: withClaim("acr", "3")}, low},
	{"two levels of which one is too low", forged{ask: Ask{Level: "high"}, forger: withClaim("acr", []string{"4", "3"})}, low},
	{"asked for less than the least", forged{settings: func(s *Settings) { s.Least = "high" }, ask: Ask{Level: "low"}, forger: withClaim("acr", "3")}, low},

	// What the browser brings.
	{"no state", forged{query: func(q url.Values) { q.Del("state") }}, failed},
	{"another state", forged{query: func(q url.Values) { q.Set("state", "another") }}, failed},
	{"the state twice", forged{query: func(q url.Values) { q.Add("state", "another") }}, failed},
	{"no state on either side", forged{query: func(q url.Values) { q.Del("state") }, pending: func(p *Pending) { p.State = "" }}, failed},
	{"no code", forged{query: func(q url.Values) { q.Del("code") }}, failed},
	{"the code twice", forged{query: func(q url.Values) { q.Add("code", "another") }}, failed},
	{"an answer of another provider", forged{query: func(q url.Values) { q.Set("iss", "https://other.example") }}, failed},
	{"an answer of two providers", forged{query: func(q url.Values) { q.Add("iss", "https://other.example") }}, failed},
	{"an answer of an empty provider", forged{query: func(q url.Values) { q.Set("iss", "") }}, failed},
	{"an answer of nobody where a name was promised", forged{
		forger: func(f *forger) {
			f.meta = func(m map[string]any) { m["authorization_response_iss_parameter_supported"] = true }
		},
		query: func(q url.Values) { q.Del("iss") },
	}, failed},
	{"an answer of nobody where a name is demanded", forged{settings: func(s *Settings) { s.IssuerInAnswer = true }, query: func(q url.Values) { q.Del("iss") }}, failed},
	{"an error beside a code", forged{query: func(q url.Values) { q.Set("error", "login_required") }}, failed},
	{"the person said no", forged{query: func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }}, cancelled},
	{"the provider is ill", forged{query: func(q url.Values) { q.Del("code"); q.Set("error", "temporarily_unavailable") }}, down},
	{"a login of another provider", forged{pending: func(p *Pending) { p.Provider = "b" }}, failed},
	{"back after ten minutes", forged{later: pendingLife}, expired},
	{"a login that begins tomorrow", forged{pending: func(p *Pending) {
		p.Begun = p.Begun.Add(24 * time.Hour)
		p.Until = p.Until.Add(24 * time.Hour)
	}}, expired},
	{"another login's nonce", forged{pending: func(p *Pending) { p.Nonce = "another" }}, failed},

	// What the provider's token endpoint says.
	{"code refused", forged{forger: says("/token", func(w http.ResponseWriter, _ *http.Request) { refuse(w, "invalid_grant") })}, failed},
	{"an error with status 200", forged{forger: func(f *forger) { f.answer = map[string]any{"error": "invalid_grant"} }}, failed},
	{"no access token", forged{forger: func(f *forger) { f.answer = map[string]any{"access_token": ""} }}, failed},
	{"tokens of another type", forged{forger: func(f *forger) { f.answer = map[string]any{"token_type": "mac"} }}, failed},
	{"loose tokens where bound ones were asked for", forged{settings: func(s *Settings) { s.DPoP = true }}, failed},
	{"bound tokens that nobody asked for", forged{forger: func(f *forger) { f.answer = map[string]any{"token_type": "DPoP"} }}, failed},
	{"ever new nonces", forged{settings: func(s *Settings) { s.DPoP = true }, forger: says("/token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("DPoP-Nonce", rand.Text())
		refuse(w, "use_dpop_nonce")
	})}, failed},
	{"a binding key that was lost", forged{settings: func(s *Settings) { s.DPoP = true }, pending: func(p *Pending) { p.Key = nil }}, failed},
	{"a token page", forged{forger: says("/token", page)}, down},
	{"a huge token answer", forged{forger: says("/token", huge)}, failed},
	{"an ill token endpoint", forged{forger: says("/token", ill)}, down},
	{"a silent token endpoint", forged{forger: says("/token", hang), client: &http.Client{Timeout: 200 * time.Millisecond}}, down},
	{"a broken token answer", forged{forger: says("/token", drop)}, down},
	{"tokens on another host", forged{forger: says("/token", elsewhere)}, down},

	// What the provider says of itself.
	{"metadata of another issuer", forged{forger: func(f *forger) { f.meta = func(m map[string]any) { m["issuer"] = "https://other.example" } }}, down},
	{"metadata without issuer", forged{forger: func(f *forger) { f.meta = func(m map[string]any) { delete(m, "issuer") } }}, down},
	{"metadata without token endpoint", forged{forger: func(f *forger) { f.meta = func(m map[string]any) { delete(m, "token_endpoint") } }}, down},
	{"a token endpoint on another host", forged{forger: func(f *forger) {
		f.meta = func(m map[string]any) { m["token_endpoint"] = "https://other.example/token" }
	}}, down},
	{"an authorization endpoint on another host", forged{forger: func(f *forger) {
		f.meta = func(m map[string]any) { m["authorization_endpoint"] = "https://other.example/authorize" }
	}}, down},
	{"an authorization endpoint that is a script", forged{forger: func(f *forger) {
		f.meta = func(m map[string]any) { m["authorization_endpoint"] = "javascript:alert(1)" }
	}}, down},
	{"keys in the clear", forged{forger: func(f *forger) { f.meta = func(m map[string]any) { m["jwks_uri"] = "http://login.example.org/keys" } }}, down},
	{"metadata that is a page", forged{forger: says(metadataPath, page)}, down},
	{"metadata that is no JSON", forged{forger: says(metadataPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{"))
	})}, down},
	{"huge metadata", forged{forger: says(metadataPath, huge)}, down},
	{"no metadata", forged{forger: says(metadataPath, http.NotFound)}, down},
	{"an ill provider", forged{forger: says(metadataPath, ill)}, down},
	{"a silent provider", forged{forger: says(metadataPath, hang), client: &http.Client{Timeout: 200 * time.Millisecond}}, down},
	{"metadata on another host", forged{forger: says(metadataPath, elsewhere)}, down},
	{"a provider that is not there", forged{settings: func(s *Settings) { s.Issuer = "http://" + nobody() }}, down},
	{"ill keys", forged{forger: says("/keys", ill)}, down},
	{"keys that are a page", forged{forger: says("/keys", page)}, down},
	{"no keys", forged{forger: says("/keys", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusOK, map[string]any{}) })}, failed},
	{"a private key shown as public", forged{forger: func(f *forger) { f.key.Key = otherKey() }}, failed},

	// As whom.
	{"a professional where patients log in", forged{ask: Ask{As: care.Professional}}, "login-not-here"},
	{"a patient where professionals log in", forged{ask: Ask{As: care.Patient}, settings: func(s *Settings) { s.For = []care.ActorKind{care.Professional} }}, "login-not-here"},
	{"a login that became a professional's on the way", forged{ask: Ask{As: care.Patient}, pending: func(p *Pending) { p.As = care.Professional }}, failed},

	// Pushed requests.
	{"no place to push to", forged{settings: pushing, forger: func(f *forger) {
		f.meta = func(m map[string]any) { delete(m, "pushed_authorization_request_endpoint") }
	}}, down},
	{"a pushed request refused", forged{settings: pushing, forger: says("/par", func(w http.ResponseWriter, _ *http.Request) { refuse(w, "invalid_client") })}, down},
	{"a pushed request without reference", forged{settings: pushing, forger: says("/par", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusCreated, map[string]any{"expires_in": 60})
	})}, down},
	{"a pushed request sent elsewhere", forged{settings: pushing, forger: says("/par", elsewhere)}, down},
}

func pushing(s *Settings) { s.Pushed = true }

// nobody is an address on this machine where nobody answers.
func nobody() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// TestHostileProvider: a login that is wrong in one thing succeeds never. The
// same login with nothing wrong does, so that each refusal is for its reason.
func TestHostileProvider(t *testing.T) {
	good := []struct {
		name string
		forged
	}{
		{"nothing wrong", forged{}},
		{"a login an hour ago", forged{forger: withClaim("auth_time", noon.Add(-time.Hour).Unix())}},
		{"a provider that does not say when", forged{forger: withClaim("auth_time", nil)}},
		{"a fresh login", forged{ask: Ask{Fresh: true}}},
		{"the level that was asked for", forged{ask: Ask{Level: "high"}}},
		{"a lower level that will do", forged{forger: withClaim("acr", "3")}},
		{"a patient", forged{ask: Ask{As: care.Patient}}},
		{"a relative where patients log in", forged{ask: Ask{As: care.Patient}, settings: func(s *Settings) { s.For = []care.ActorKind{care.Relative} }}},
		{"azp names us", forged{forger: withClaim("azp", "us")}},
		{"no type", forged{forger: func(f *forger) {
			f.sign = func(h, c map[string]any) string { delete(h, "typ"); return signRSA(rsaKey())(h, c) }
		}}},
		{"no name in the answer, and none promised", forged{query: func(q url.Values) { q.Del("iss") }}},
		{"back just in time", forged{later: pendingLife - time.Second, forger: withClaim("exp", noon.Add(time.Hour).Unix())}},
	}
	for _, test := range good {
		proof, err := test.run(t)
		if err != nil || proof.Subject != "subject" || proof.NationalNumber != "47906701517" {
			t.Fatalf("%s: %+v, %v", test.name, proof, err)
		}
	}
	var accepted atomic.Int64
	t.Run("each", func(t *testing.T) {
		for _, test := range hostile {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				proof, err := test.run(t)
				if err == nil || proof.Subject != "" {
					accepted.Add(1)
					t.Fatalf("somebody is logged in: %+v", proof)
				}
				if !refusedAs(err, test.want) {
					t.Errorf("refused otherwise than as %s: %v", test.want, err)
				}
				if strings.Contains(err.Error(), "47906701517") || strings.Contains(err.Error(), "code-1") {
					t.Errorf("the error tells too much: %v", err)
				}
			})
		}
	})
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests followed a redirect to another host", n)
	}
	t.Logf("hostile logins %d, accepted %d", len(hostile), accepted.Load())
	if len(hostile) < 40 {
		t.Errorf("%d hostile logins are too few to prove much", len(hostile))
	}
}

// TestHostileLogout: a logout that is wrong in one thing ends nobody's session.
func TestHostileLogout(t *testing.T) {
	t.Parallel()
	change := func(name string, value any) func(map[string]any) {
		return func(c map[string]any) {
			c[name] = value
			if value == nil {
				delete(c, name)
			}
		}
	}
	tests := []struct {
		name   string
		forger func(*forger)
		change func(map[string]any)
	}{
		{"alg none", signedBy(func(h, c map[string]any) string { h["alg"] = "none"; return unsigned(h, c) + "." }), nil},
		{"HS256 with the public key", sharedKey(publicPEM()), nil},
		{"another key", signedBy(signRSA(otherKey())), nil},
		{"an access token", func(f *forger) { f.header = map[string]any{"typ": "at+jwt"} }, nil},
		{"an ID token", func(f *forger) { f.header = map[string]any{"typ": "JWT"} }, func(c map[string]any) {
			delete(c, "events")
			c["nonce"] = "n"
		}},
		{"no event", nil, change("events", nil)},
		{"another event", nil, change("events", map[string]any{"http://schemas.openid.net/event/login": map[string]any{}})},
		{"an event that is no object", nil, change("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": "yes"})},
		{"a nonce", nil, change("nonce", "n")},
		{"another issuer", nil, change("iss", "https://other.example")},
		{"another audience", nil, change("aud", "them")},
		{"an audience beside us", nil, change("aud", []string{"us", "them"})},
		{"no id", nil, change("jti", nil)},
		{"nobody", nil, func(c map[string]any) { delete(c, "sub"); delete(c, "sid") }},
		{"run out", nil, change("exp", noon.Add(-time.Second).Unix())},
		{"never runs out", nil, change("exp", nil)},
		{"old", nil, change("iat", noon.Add(-time.Hour).Unix())},
		{"to come", nil, change("iat", noon.Add(time.Hour).Unix())},
		{"not a token", signedBy(func(_, _ map[string]any) string { return "yes" }), nil},
	}
	open := func(t *testing.T, forger func(*forger)) (*forgerAnd, error) {
		f := newForger(t)
		if forger != nil {
			forger(f)
		}
		p, err := Open(f.settings(), nil, func() time.Time { return noon }, rand.Reader)
		return &forgerAnd{f, p}, err
	}
	at, err := open(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw := at.logout(nil)
	if out, err := at.LogoutToken(t.Context(), raw); err != nil || out != (Logout{at.url, "subject", "s1"}) {
		t.Fatalf("nothing wrong: %+v, %v", out, err)
	}
	accepted := 0
	if _, err := at.LogoutToken(t.Context(), raw); !refusedAs(err, failed) {
		accepted++
		t.Errorf("the same logout again: %v", err)
	}
	for _, test := range tests {
		at, err := open(t, test.forger)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := at.LogoutToken(t.Context(), at.logout(test.change)); !refusedAs(err, failed) {
			accepted++
			t.Errorf("%s: %+v, %v", test.name, out, err)
		}
	}
	t.Logf("hostile logouts %d, accepted %d", len(tests)+1, accepted)
}

type forgerAnd struct {
	*forger
	*Provider
}

// TestMixUp: two providers, one of them evil. The evil one sends its answer to
// where the honest one's belong, and the other way round; nobody is logged in,
// and no code reaches the wrong provider with its login's secrets.
func TestMixUp(t *testing.T) {
	t.Parallel()
	honest, evil := newForger(t), newForger(t)
	open := func(f *forger, id string) *Provider {
		s := f.settings()
		s.ID = id
		p, err := Open(s, nil, func() time.Time { return noon }, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	at, other := open(honest, "a"), open(evil, "b")
	for name, from := range map[string][]string{"named": {honest.url}, "unnamed": nil} {
		_, pending, err := other.Begin(t.Context(), "https://site.example/login/b/back", Ask{})
		if err != nil {
			t.Fatal(err)
		}
		// The honest provider's answer, which the evil one has brought about.
		query := url.Values{"code": {"honest code"}, "state": {pending.State}}
		if from != nil {
			query["iss"] = from
		}
		if _, err := at.Finish(t.Context(), pending, query); !refusedAs(err, failed) {
			t.Errorf("%s: a login begun at one provider ends at another: %v", name, err)
		}
		if from != nil {
			if _, err := other.Finish(t.Context(), pending, query); !refusedAs(err, failed) {
				t.Errorf("%s: an answer of one provider is taken to another: %v", name, err)
			}
		}
	}
	if len(honest.forms)+len(evil.forms) != 0 {
		t.Errorf("codes were redeemed: %v, %v", honest.forms, evil.forms)
	}
}

// TestProviderComesBack: a provider that was down is asked again after a moment,
// not for every click meanwhile; one that changed its keys is believed.
func TestProviderComesBack(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	var asked atomic.Int64
	var sick atomic.Bool
	sick.Store(true)
	f.serve = func(w http.ResponseWriter, r *http.Request) bool {
		asked.Add(1)
		if sick.Load() {
			ill(w, r)
		}
		return sick.Load()
	}
	now := noon
	p, err := Open(f.settings(), nil, func() time.Time { return now }, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	begin := func() error {
		_, _, err := p.Begin(t.Context(), "https://site.example/back", Ask{})
		return err
	}
	for range 10 {
		if err := begin(); !refusedAs(err, down) {
			t.Fatalf("a provider that is down: %v", err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("a provider that is down was asked %d times in one instant", asked.Load())
	}
	sick.Store(false)
	now = now.Add(metadataAgain)
	for range 10 {
		if err := begin(); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() != 2 {
		t.Errorf("the metadata was asked for %d times, want twice", asked.Load())
	}

	logout := func(key string) error {
		f.now, f.header = now, map[string]any{"kid": key}
		_, err := p.LogoutToken(t.Context(), f.logout(func(c map[string]any) { c["jti"] = rand.Text() }))
		return err
	}
	if err := logout("k1"); err != nil {
		t.Fatal(err)
	}
	before := asked.Load()
	for range 10 {
		if err := logout("k2"); !refusedAs(err, failed) {
			t.Fatalf("a key nobody knows: %v", err)
		}
	}
	if n := asked.Load() - before; n > 1 {
		t.Errorf("ten forged tokens asked for the keys %d times", n)
	}
	f.key.KeyID = "k2"
	now = now.Add(keysAgain)
	if err := logout("k2"); err != nil {
		t.Errorf("a new key of the provider: %v", err)
	}
	now = now.Add(metadataLife)
	if err := begin(); err != nil {
		t.Errorf("the day after: %v", err)
	}
}

// TestEndSession: where to send the browser when somebody logs out.
func TestEndSession(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	p, err := Open(f.settings(), nil, func() time.Time { return noon }, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	address, err := p.EndSession(t.Context(), "", "https://site.example/", "s")
	want := f.url + "/end?client_id=us&post_logout_redirect_uri=https%3A%2F%2Fsite.example%2F&state=s"
	if err != nil || address != want {
		t.Errorf("%s, %v; want %s", address, err, want)
	}
	silent := newForger(t)
	silent.meta = func(m map[string]any) { delete(m, "end_session_endpoint") }
	if p, err = Open(silent.settings(), nil, func() time.Time { return noon }, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if address, err := p.EndSession(t.Context(), "hint", "", ""); err != nil || address != "" {
		t.Errorf("a provider without such a place: %q, %v", address, err)
	}
}

// TestRedirectExact: the address to come back to goes out to the letter, with
// the code as with the asking; and the verifier belongs to the challenge.
func TestRedirectExact(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	p, err := Open(f.settings(), nil, func() time.Time { return noon }, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const back = "https://site.example/login/a/back"
	address, pending, err := p.Begin(t.Context(), back, Ask{})
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	asked := to.Query()
	f.nonce = asked.Get("nonce")
	if _, err := p.Finish(t.Context(), pending, url.Values{"code": {"c"}, "state": asked["state"]}); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(f.forms[0].Get("code_verifier")))
	want := map[string]string{
		"redirect_uri": back, "response_type": "code", "client_id": "us", "scope": "openid",
		"code_challenge_method": "S256", "code_challenge": base64url(sum[:]),
	}
	for name, value := range want {
		if asked.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, asked.Get(name), value)
		}
	}
	if f.forms[0].Get("redirect_uri") != back || f.forms[0].Has("client_secret") {
		t.Errorf("the code was redeemed with %v", f.forms[0])
	}
	secrets := map[string]bool{}
	for range 100 {
		_, pending, err := p.Begin(t.Context(), back, Ask{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{pending.State, pending.Nonce, pending.Verifier} {
			if secrets[s] || len(s) != 43 {
				t.Fatalf("the secret %q is used twice or too short", s)
			}
			secrets[s] = true
		}
	}
}

// TestIdentity: the same person at two providers is two, and a new subject with
// the same number and address is another.
func TestIdentity(t *testing.T) {
	t.Parallel()
	same := withClaim("email", "kari@example.org")
	one, err := forged{forger: same}.run(t)
	if err != nil {
		t.Fatal(err)
	}
	two, err := forged{forger: same}.run(t)
	if err != nil {
		t.Fatal(err)
	}
	if one.Issuer == two.Issuer || one.Subject != two.Subject {
		t.Errorf("two providers: %s %s, %s %s", one.Issuer, one.Subject, two.Issuer, two.Subject)
	}
	text, err := json.Marshal(map[string]any{"proof": Proof{Provider: one.Provider, Issuer: one.Issuer, Subject: one.Subject, Name: one.Name}})
	if err != nil || strings.Contains(string(text), "kari@") {
		t.Errorf("an e-mail address is part of who they are: %s, %v", text, err)
	}
	if kinds := (&Provider{settings: Settings{Key: []byte("k"), Secret: []byte("s"), For: []care.ActorKind{care.Patient}}}).Settings(); kinds.Key != nil || kinds.Secret != nil {
		t.Error("the settings hand out the key")
	}
}
