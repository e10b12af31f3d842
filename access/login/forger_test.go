package login

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"forlop/care"
)

// otherKey is a key that is not the provider's.
var otherKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// noon is when all of this happens.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// forger is a provider that does as it is told, however wrong.
type forger struct {
	url string
	now time.Time

	meta   func(map[string]any)                       // changes what it says of itself
	header map[string]any                             // of the ID token
	claims func(map[string]any)                       // changes those of the ID token
	sign   func(header, claims map[string]any) string // in place of the provider's own key
	key    jose.JSONWebKey                            // as it is shown
	answer map[string]any                             // changes the token answer
	serve  func(http.ResponseWriter, *http.Request) bool

	mu    sync.Mutex
	nonce string
	forms []url.Values // of the token endpoint
}

func newForger(t *testing.T) *forger {
	t.Helper()
	f := &forger{now: noon, key: jose.JSONWebKey{Key: rsaKey().Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func (f *forger) settings() Settings {
	return Settings{
		ID: "a", Name: "A", Issuer: f.url, Client: "us", Secret: []byte("between us two"), For: []care.ActorKind{care.Patient},
		Levels: map[string]string{"4": "high", "3": "substantial"}, Least: "substantial",
		Claims: Claims{NationalNumber: "pid"},
	}
}

func (f *forger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.serve != nil && f.serve(w, r) {
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		said := map[string]any{
			"issuer": f.url, "authorization_endpoint": f.url + "/authorize", "token_endpoint": f.url + "/token",
			"jwks_uri": f.url + "/keys", "end_session_endpoint": f.url + "/end",
			"pushed_authorization_request_endpoint": f.url + "/par",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		}
		if f.meta != nil {
			f.meta(said)
		}
		answerJSON(w, http.StatusOK, said)
	case "/keys":
		answerJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{f.key}})
	case "/token":
		if err := r.ParseForm(); err == nil {
			f.mu.Lock()
			f.forms = append(f.forms, r.PostForm)
			f.mu.Unlock()
		}
		said := map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": f.idToken()}
		maps.Copy(said, f.answer)
		answerJSON(w, http.StatusOK, said)
	default:
		http.NotFound(w, r)
	}
}

// idToken is a good one, changed as the forger is told.
func (f *forger) idToken() string {
	f.mu.Lock()
	nonce := f.nonce
	f.mu.Unlock()
	claims := map[string]any{
		"iss": f.url, "sub": "subject", "aud": "us", "nonce": nonce, "acr": "4", "pid": "47906701517", "sid": "s1",
		"iat": f.now.Unix(), "exp": f.now.Add(time.Minute).Unix(), "auth_time": f.now.Unix(),
	}
	if f.claims != nil {
		f.claims(claims)
	}
	return f.signed(claims)
}

func (f *forger) signed(claims map[string]any) string {
	header := map[string]any{"alg": "RS256", "kid": "k1", "typ": "JWT"}
	maps.Copy(header, f.header)
	if f.sign != nil {
		return f.sign(header, claims)
	}
	return signRSA(rsaKey())(header, claims)
}

func (f *forger) logout(change func(map[string]any)) string {
	claims := map[string]any{
		"iss": f.url, "aud": "us", "sub": "subject", "sid": "s1", "jti": "logout-1",
		"iat": f.now.Unix(), "exp": f.now.Add(time.Minute).Unix(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	if change != nil {
		change(claims)
	}
	if f.header == nil {
		f.header = map[string]any{"typ": "logout+jwt"}
	}
	return f.signed(claims)
}

// unsigned is the part of a token that is signed.
func unsigned(header, claims map[string]any) string {
	return segment(header) + "." + segment(claims)
}

func segment(v map[string]any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return base64url(text)
}

func signRSA(key *rsa.PrivateKey) func(header, claims map[string]any) string {
	return func(header, claims map[string]any) string {
		text := unsigned(header, claims)
		sum := sha256.Sum256([]byte(text))
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		if err != nil {
			panic(err)
		}
		return text + "." + base64url(signature)
	}
}

// login is one login at a forger, changed at each of its steps.
type forged struct {
	settings func(*Settings)
	forger   func(*forger)
	ask      Ask
	client   *http.Client
	pending  func(*Pending)
	query    func(url.Values)
	later    time.Duration // between asking and coming back
}

// run carries the login out and answers what came of it.
func (l forged) run(t *testing.T) (Proof, error) {
	t.Helper()
	f := newForger(t)
	if l.forger != nil {
		l.forger(f)
	}
	s := f.settings()
	if l.settings != nil {
		l.settings(&s)
	}
	now := noon
	p, err := Open(s, l.client, func() time.Time { return now }, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	address, pending, err := p.Begin(t.Context(), "https://site.example/login/a/back", l.ask)
	if err != nil {
		return Proof{}, err
	}
	to, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, f.url+"/authorize?") {
		t.Fatalf("the browser is sent to %s", address)
	}
	f.mu.Lock()
	f.nonce = to.Query().Get("nonce")
	f.mu.Unlock()
	query := url.Values{"code": {"code-1"}, "state": {to.Query().Get("state")}, "iss": {f.url}}
	if l.pending != nil {
		l.pending(&pending)
	}
	if l.query != nil {
		l.query(query)
	}
	now = now.Add(l.later)
	return p.Finish(t.Context(), pending, query)
}
