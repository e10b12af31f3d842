package login

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// rsaKey is made once: making one takes longer than all else here.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// demands are what a provider asks of its clients.
type demands struct {
	signed, pushed, bound, namesItself bool
	maxAssertion                       time.Duration
}

// standIn stands in for a provider: a certified library (zitadel's pkg/op) does
// the flow and signs the tokens; around it stands what the library lacks, namely
// pushed requests, assertions used once, bound tokens, and the iss parameter.
type standIn struct {
	op.Storage // what is not written below is never called
	demands
	t      *testing.T
	url    string
	client string
	secret string
	back   string
	key    jose.JSONWebKey // the client's, public
	claims map[string]any  // of the one person who logs in
	acr    string
	sub    string
	proved time.Time // when they last logged in; the session is still open

	mu        sync.Mutex
	library   http.Handler
	requests  map[string]*pushedRequest
	auths     map[string]*authorization
	codes     map[string]string
	seen      map[string]bool // assertions and proofs
	asked     url.Values      // the last authorisation request
	assertion []string        // every assertion that came
	exchanged int
}

type pushedRequest struct{ form url.Values }

// authorization is one request as the library wants it.
type authorization struct {
	*oidc.AuthRequest
	id, acr, sub string
	at           time.Time
	done         bool
	jkt          string
}

func (a *authorization) GetID() string                      { return a.id }
func (a *authorization) GetACR() string                     { return a.acr }
func (a *authorization) GetAMR() []string                   { return nil }
func (a *authorization) GetAudience() []string              { return []string{a.ClientID} }
func (a *authorization) GetAuthTime() time.Time             { return a.at }
func (a *authorization) GetClientID() string                { return a.ClientID }
func (a *authorization) GetNonce() string                   { return a.Nonce }
func (a *authorization) GetScopes() []string                { return a.Scopes }
func (a *authorization) GetSubject() string                 { return a.sub }
func (a *authorization) GetState() string                   { return a.State }
func (a *authorization) GetRedirectURI() string             { return a.RedirectURI }
func (a *authorization) Done() bool                         { return a.done }
func (a *authorization) GetResponseType() oidc.ResponseType { return a.ResponseType }
func (a *authorization) GetResponseMode() oidc.ResponseMode { return a.ResponseMode }
func (a *authorization) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: a.CodeChallenge, Method: a.CodeChallengeMethod}
}

// registered is our client as the library wants it.
type registered struct{ *standIn }

func (c registered) GetID() string                       { return c.client }
func (c registered) RedirectURIs() []string              { return []string{c.back} }
func (c registered) PostLogoutRedirectURIs() []string    { return nil }
func (c registered) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c registered) AuthMethod() oidc.AuthMethod {
	if c.signed {
		return oidc.AuthMethodPrivateKeyJWT
	}
	return oidc.AuthMethodBasic
}
func (c registered) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c registered) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c registered) LoginURL(id string) string            { return "/login?id=" + id }
func (c registered) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (c registered) IDTokenLifetime() time.Duration       { return 5 * time.Minute }
func (c registered) DevMode() bool                        { return false }
func (c registered) IsScopeAllowed(string) bool           { return true }
func (c registered) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c registered) ClockSkew() time.Duration             { return 0 }
func (c registered) RestrictAdditionalIdTokenScopes() func([]string) []string { //nolint:staticcheck,revive // the library's name
	return func(s []string) []string { return s }
}
func (c registered) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(s []string) []string { return s }
}

// signingKey is the provider's own key, for the library to sign with and to show.
type signingKey struct{}

func (signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (signingKey) Algorithm() jose.SignatureAlgorithm          { return jose.RS256 }
func (signingKey) Use() string                                 { return "sig" }
func (signingKey) ID() string                                  { return "provider-1" }
func (signingKey) Key() any                                    { return rsaKey() }

type shownKey struct{ signingKey }

func (shownKey) Key() any { return rsaKey().Public() }

func (s *standIn) SigningKey(context.Context) (op.SigningKey, error) { return signingKey{}, nil }
func (s *standIn) KeySet(context.Context) ([]op.Key, error)          { return []op.Key{shownKey{}}, nil }
func (s *standIn) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (s *standIn) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client {
		return nil, errors.New("no such client")
	}
	return registered{s}, nil
}

func (s *standIn) GetKeyByIDAndClientID(_ context.Context, id, client string) (*jose.JSONWebKey, error) {
	if client != s.client || id != s.key.KeyID {
		return nil, errors.New("no such key")
	}
	return &s.key, nil
}

func (s *standIn) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.client || secret != s.secret || s.signed {
		return errors.New("wrong secret")
	}
	return nil
}

func (s *standIn) CreateAuthRequest(_ context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &authorization{AuthRequest: r, id: fmt.Sprint("request-", len(s.auths)), jkt: s.asked.Get("dpop_jkt"), at: s.proved}
	if slices.Contains(r.Prompt, "login") || r.MaxAge != nil && time.Since(s.proved) > time.Duration(*r.MaxAge)*time.Second {
		s.proved = time.Now()
		a.at = s.proved
	}
	s.auths[a.id] = a
	return a, nil
}

func (s *standIn) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.auths[id]; a != nil {
		return a, nil
	}
	return nil, errors.New("no such request")
}

func (s *standIn) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	id := s.codes[code]
	delete(s.codes, code)
	s.mu.Unlock()
	return s.AuthRequestByID(ctx, id)
}

func (s *standIn) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = id
	return nil
}

func (s *standIn) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.auths, id)
	return nil
}

func (s *standIn) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return "access-1", time.Now().Add(time.Minute), nil
}

func (s *standIn) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest writes the person's claims into the ID token.
func (s *standIn) SetUserinfoFromRequest(_ context.Context, u *oidc.UserInfo, r op.IDTokenRequest, _ []string) error {
	u.Subject = r.GetSubject()
	for name, value := range s.claims {
		u.AppendClaims(name, value)
	}
	return nil
}

func (s *standIn) Health(context.Context) error { return nil }

// start serves the stand-in on this machine.
func (s *standIn) start(t *testing.T) {
	t.Helper()
	s.t = t
	s.requests, s.auths = map[string]*pushedRequest{}, map[string]*authorization{}
	s.codes, s.seen = map[string]string{}, map[string]bool{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.url = "http://" + server.Listener.Addr().String()
	library, err := op.NewProvider(&op.Config{
		CryptoKey: [32]byte{1}, CodeMethodS256: true, AuthMethodPrivateKeyJWT: true,
	}, s, op.StaticIssuer(s.url), op.WithAllowInsecure())
	if err != nil {
		t.Fatal(err)
	}
	s.library = library
	server.Start()
	t.Cleanup(server.Close)
}

func (s *standIn) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		s.metadata(w, r)
	case "/par":
		s.takePushed(w, r)
	case "/authorize":
		s.authorize(w, r)
	case "/login":
		s.logIn(w, r)
	case "/authorize/callback":
		s.sendBack(w, r)
	case "/oauth/token":
		s.token(w, r)
	default:
		s.library.ServeHTTP(w, r)
	}
}

func (s *standIn) metadata(w http.ResponseWriter, r *http.Request) {
	recorded := httptest.NewRecorder()
	s.library.ServeHTTP(recorded, r)
	said := map[string]any{}
	if err := json.Unmarshal(recorded.Body.Bytes(), &said); err != nil {
		s.t.Error(err)
	}
	if s.pushed {
		said["pushed_authorization_request_endpoint"] = s.url + "/par"
		said["require_pushed_authorization_requests"] = true
	}
	said["authorization_response_iss_parameter_supported"] = s.namesItself
	answerJSON(w, http.StatusOK, said)
}

func answerJSON(w http.ResponseWriter, status int, said any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(said) // a client that went away hears nothing
}

func refuse(w http.ResponseWriter, code string) {
	answerJSON(w, http.StatusBadRequest, map[string]string{"error": code})
}

// knows checks which client it is, as strictly as HelseID says it does.
func (s *standIn) knows(r *http.Request) error {
	if !s.signed {
		id, secret, _ := r.BasicAuth()
		secret, err := url.QueryUnescape(secret)
		if err != nil || id != s.client || secret != s.secret {
			return errors.New("the secret is wrong")
		}
		return nil
	}
	raw := r.PostForm.Get("client_assertion")
	s.mu.Lock()
	s.assertion = append(s.assertion, raw)
	s.mu.Unlock()
	signed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256})
	if err != nil {
		return err
	}
	payload, err := signed.Verify(s.key)
	if err != nil {
		return err
	}
	var said struct {
		Issuer, Subject, Audience, ID string
		Issued, From, Until           int64
	}
	claims := map[string]any{"iss": &said.Issuer, "sub": &said.Subject, "aud": &said.Audience, "jti": &said.ID,
		"iat": &said.Issued, "nbf": &said.From, "exp": &said.Until}
	if err := readClaims(payload, claims); err != nil {
		return err
	}
	now := time.Now()
	switch {
	case said.Issuer != s.client || said.Subject != s.client || said.Audience != s.url:
		return errors.New("iss, sub or aud is wrong")
	case said.From > now.Unix() || said.Until <= now.Unix() || said.Until-now.Unix() > int64(s.maxAssertion.Seconds()):
		return errors.New("the assertion's time is wrong")
	case signed.Signatures[0].Protected.KeyID != s.key.KeyID:
		return errors.New("the key's name is wrong")
	}
	return s.once("assertion " + said.ID)
}

func readClaims(payload []byte, into map[string]any) error {
	raw := map[string]json.RawMessage{}
	if err := json.Unmarshal(payload, &raw); err != nil {
		return err
	}
	for name, to := range into {
		if err := json.Unmarshal(raw[name], to); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (s *standIn) once(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[id] || len(id) < 20 {
		return fmt.Errorf("%s was used before", id)
	}
	s.seen[id] = true
	return nil
}

func (s *standIn) takePushed(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || !s.pushed {
		refuse(w, "invalid_request")
		return
	}
	if err := s.knows(r); err != nil {
		s.t.Logf("the stand-in does not know the client: %v", err)
		refuse(w, "invalid_client")
		return
	}
	s.mu.Lock()
	reference := fmt.Sprint("urn:ietf:params:oauth:request_uri:", len(s.requests))
	s.requests[reference] = &pushedRequest{r.PostForm}
	s.mu.Unlock()
	answerJSON(w, http.StatusCreated, map[string]any{"request_uri": reference, "expires_in": 60})
}

func (s *standIn) authorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	if s.pushed {
		s.mu.Lock()
		request := s.requests[asked.Get("request_uri")]
		delete(s.requests, asked.Get("request_uri"))
		s.mu.Unlock()
		if request == nil || len(asked) != 2 || asked.Get("client_id") != s.client {
			refuse(w, "invalid_request")
			return
		}
		asked = maps.Clone(request.form)
		asked.Del("client_assertion")
		asked.Del("client_assertion_type")
	}
	s.mu.Lock()
	s.asked = asked
	s.mu.Unlock()
	if asked.Get("code_challenge_method") != "S256" || len(asked.Get("code_challenge")) < 43 || len(asked.Get("nonce")) < 22 ||
		s.bound && len(asked.Get("dpop_jkt")) != 43 {
		refuse(w, "invalid_request")
		return
	}
	r = r.Clone(r.Context())
	r.URL.RawQuery = asked.Encode()
	s.library.ServeHTTP(w, r)
}

// logIn is the page where the person logs in.
func (s *standIn) logIn(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.auths[r.URL.Query().Get("id")]
	a.done, a.sub, a.acr = true, s.sub, s.acr
	http.Redirect(w, r, "/authorize/callback?id="+a.id, http.StatusFound)
}

func (s *standIn) sendBack(w http.ResponseWriter, r *http.Request) {
	recorded := httptest.NewRecorder()
	s.library.ServeHTTP(recorded, r)
	to, err := url.Parse(recorded.Header().Get("Location"))
	if err != nil {
		s.t.Error(err)
	}
	query := to.Query()
	if s.namesItself {
		query.Set("iss", s.url)
	}
	to.RawQuery = query.Encode()
	http.Redirect(w, r, to.String(), http.StatusFound)
}

// token checks what the library does not, and hands over to it.
func (s *standIn) token(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err := r.ParseForm(); err != nil {
		refuse(w, "invalid_request")
		return
	}
	if err := s.knows(r); err != nil {
		s.t.Logf("the stand-in does not know the client: %v", err)
		refuse(w, "invalid_client")
		return
	}
	if s.bound {
		if r.Header.Get("DPoP") == "" || !strings.Contains(decoded(r.Header.Get("DPoP")), `"nonce":"nonce-1"`) {
			w.Header().Set("DPoP-Nonce", "nonce-1")
			refuse(w, "use_dpop_nonce")
			return
		}
		if err := s.holds(r.Header.Get("DPoP"), r.PostForm.Get("code")); err != nil {
			s.t.Logf("the stand-in does not take the proof: %v", err)
			refuse(w, "invalid_dpop_proof")
			return
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Form, r.PostForm = nil, nil
	recorded := httptest.NewRecorder()
	s.library.ServeHTTP(recorded, r)
	said := map[string]any{}
	if err := json.Unmarshal(recorded.Body.Bytes(), &said); err != nil {
		s.t.Error(err)
	}
	if recorded.Code == http.StatusOK {
		s.mu.Lock()
		s.exchanged++
		s.mu.Unlock()
		if s.bound {
			said["token_type"] = "DPoP"
		}
	}
	answerJSON(w, recorded.Code, said)
}

// decoded is a token's payload, not believed.
func decoded(raw string) string {
	signed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return ""
	}
	return string(signed.UnsafePayloadWithoutVerification())
}

// holds checks a proof of possession (RFC 9449, 4.3).
func (s *standIn) holds(raw, code string) error {
	signed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return err
	}
	header := signed.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != "dpop+jwt" || header.JSONWebKey == nil || !header.JSONWebKey.IsPublic() {
		return errors.New("the header is wrong")
	}
	payload, err := signed.Verify(header.JSONWebKey)
	if err != nil {
		return err
	}
	var id, method, address string
	var issued int64
	if err := readClaims(payload, map[string]any{"jti": &id, "htm": &method, "htu": &address, "iat": &issued}); err != nil {
		return err
	}
	if method != http.MethodPost || address != s.url+"/oauth/token" || time.Since(time.Unix(issued, 0)).Abs() > time.Minute {
		return errors.New("the proof is for another request")
	}
	name, err := thumbprint(*header.JSONWebKey)
	if err != nil {
		return err
	}
	s.mu.Lock()
	a := s.auths[s.codes[code]]
	s.mu.Unlock()
	if a == nil || a.jkt != name {
		return errors.New("the code is bound to another key")
	}
	return s.once("proof " + id)
}

// browse follows the provider's redirects until they lead back.
func browse(t *testing.T, address, back string) url.Values {
	t.Helper()
	client := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	to, err := answer.Location()
	if err != nil || !strings.HasPrefix(to.String(), back) {
		body, _ := io.ReadAll(answer.Body)
		t.Fatalf("the provider does not send the browser back: %s %s", answer.Status, body)
	}
	return to.Query()
}
