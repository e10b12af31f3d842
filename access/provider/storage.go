package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/subtle"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// pendingLife is how long somebody may take to log in, and a code to be redeemed.
const pendingLife = 10 * time.Minute

var (
	errGone = errors.New("the request has run out")
	errNone = errors.New("this provider does not do that")
)

// pending is one login on its way. It is never changed once it is kept: a step
// puts a new one in its place.
type pending struct {
	id     string
	asked  oidc.AuthRequest
	client string
	until  time.Time
	// who has logged in, when and how; empty until they have.
	subject    string
	at         time.Time
	level      string
	methods    []string
	prescriber bool
}

var _ op.AuthRequest = pending{}

func (p pending) GetID() string          { return p.id }
func (p pending) GetACR() string         { return p.level }
func (p pending) GetAMR() []string       { return p.methods }
func (p pending) GetAudience() []string  { return []string{p.client} }
func (p pending) GetAuthTime() time.Time { return p.at }
func (p pending) GetClientID() string    { return p.client }
func (p pending) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: p.asked.CodeChallenge, Method: p.asked.CodeChallengeMethod}
}
func (p pending) GetNonce() string                   { return p.asked.Nonce }
func (p pending) GetRedirectURI() string             { return p.asked.RedirectURI }
func (p pending) GetResponseType() oidc.ResponseType { return p.asked.ResponseType }
func (p pending) GetResponseMode() oidc.ResponseMode { return p.asked.ResponseMode }
func (p pending) GetScopes() []string                { return p.asked.Scopes }
func (p pending) GetState() string                   { return p.asked.State }
func (p pending) GetSubject() string                 { return p.subject }
func (p pending) Done() bool                         { return p.subject != "" }

// storage is what the protocol's library asks. Logins on their way are this
// process's memory: a browser that is led to another process begins anew.
type storage struct {
	client client
	secret []byte
	key    *ecdsa.PrivateKey
	keyID  string
	now    func() time.Time
	id     func() (string, error)

	mu    sync.Mutex
	asked map[string]pending
	codes map[string]string // from a code to its request
}

var _ op.Storage = (*storage)(nil)

// CreateAuthRequest begins a login. Only a request with a challenge (S256) is one.
func (s *storage) CreateAuthRequest(_ context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if r.CodeChallenge == "" || r.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("a code_challenge with S256 is needed")
	}
	if slices.Contains(r.Prompt, oidc.PromptNone) {
		return nil, oidc.ErrLoginRequired()
	}
	id, err := s.id()
	if err != nil {
		return nil, err
	}
	p := pending{id: id, asked: *r, client: r.ClientID, until: s.now().Add(pendingLife)}
	s.put(p)
	return p, nil
}

func (s *storage) put(p pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for id, other := range s.asked {
		if now.After(other.until) {
			delete(s.asked, id)
		}
	}
	for code, id := range s.codes {
		if _, there := s.asked[id]; !there {
			delete(s.codes, code)
		}
	}
	s.asked[p.id] = p
}

func (s *storage) request(id string) (pending, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.asked[id]
	if !ok || s.now().After(p.until) {
		return pending{}, errGone
	}
	return p, nil
}

// AuthRequestByID finds a login on its way.
func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	return s.request(id)
}

// AuthRequestByCode finds the login of a code, once.
func (s *storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	id, ok := s.codes[code]
	delete(s.codes, code)
	s.mu.Unlock()
	if !ok {
		return nil, errGone
	}
	return s.request(id)
}

// SaveAuthCode keeps the code that a login is redeemed with.
func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = id
	return nil
}

// DeleteAuthRequest forgets a login.
func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.asked, id)
	return nil
}

// CreateAccessToken names an access token that opens nothing: all that is asked
// stands in the ID token.
func (s *storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	id, err := s.id()
	return id, s.now().Add(time.Minute), err
}

// CreateAccessAndRefreshTokens refuses: nobody needs to be asked again later.
func (s *storage) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errNone
}

// TokenRequestByRefreshToken refuses: there are none.
func (s *storage) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNone
}

// TerminateSession has nothing to end: this provider asks anew at every login.
func (s *storage) TerminateSession(context.Context, string, string) error { return nil }

// RevokeToken has nothing to revoke.
func (s *storage) RevokeToken(context.Context, string, string, string) *oidc.Error { return nil }

// GetRefreshTokenInfo knows none.
func (s *storage) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

type signingKey struct {
	key any
	id  string
}

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k signingKey) Algorithm() jose.SignatureAlgorithm          { return jose.ES256 }
func (k signingKey) Key() any                                    { return k.key }
func (k signingKey) ID() string                                  { return k.id }
func (k signingKey) Use() string                                 { return "sig" }

// SigningKey is the key of this process's life.
func (s *storage) SigningKey(context.Context) (op.SigningKey, error) {
	return signingKey{s.key, s.keyID}, nil
}

// SignatureAlgorithms lists the one.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

// KeySet shows the public half.
func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{signingKey{&s.key.PublicKey, s.keyID}}, nil
}

// GetClientByClientID knows one client: the site itself.
func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client.id {
		return nil, errNone
	}
	return s.client, nil
}

// AuthorizeClientIDSecret checks the client's secret.
func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.client.id || subtle.ConstantTimeCompare([]byte(secret), s.secret) != 1 {
		return errNone
	}
	return nil
}

// SetUserinfoFromScopes names whom the ID token is about; the library takes that
// from here.
func (s *storage) SetUserinfoFromScopes(_ context.Context, info *oidc.UserInfo, subject, _ string, _ []string) error {
	info.Subject = subject
	return nil
}

// SetUserinfoFromRequest says in the ID token what the operator answers for.
func (s *storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, _ []string) error {
	if p, ok := r.(pending); ok && p.prescriber {
		info.AppendClaims(claimPrescriber, "yes")
	}
	return nil
}

// SetUserinfoFromToken tells nothing: there is no more than the ID token says.
func (s *storage) SetUserinfoFromToken(context.Context, *oidc.UserInfo, string, string, string) error {
	return errNone
}

// SetIntrospectionFromToken tells nothing.
func (s *storage) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNone
}

// GetPrivateClaimsFromScopes adds nothing.
func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

// GetKeyByIDAndClientID knows no client that signs.
func (s *storage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNone
}

// ValidateJWTProfileScopes knows none.
func (s *storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNone
}

// Health has nothing that can be ill.
func (s *storage) Health(context.Context) error { return nil }

// client is the site itself.
type client struct {
	id, back string
	login    func(request string) string
	insecure bool
}

var _ op.Client = client{}

func (c client) GetID() string                       { return c.id }
func (c client) RedirectURIs() []string              { return []string{c.back} }
func (c client) PostLogoutRedirectURIs() []string    { return nil }
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) LoginURL(request string) string       { return c.login(request) }
func (c client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration       { return 5 * time.Minute }
func (c client) DevMode() bool                        { return c.insecure }
func (c client) IsScopeAllowed(string) bool           { return false }
func (c client) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c client) ClockSkew() time.Duration             { return 0 }

func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string { //nolint:staticcheck,revive // the library's name
	return func(scopes []string) []string { return scopes }
}

func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
