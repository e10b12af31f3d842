package provider_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/access/login"
	"forlop/access/provider"
	"forlop/care"

	"github.com/pquerna/otp/totp"
)

const base = "http://127.0.0.1:9"

// shelf keeps accounts as the site does, in memory.
type shelf struct {
	mu   sync.Mutex
	kept map[string]provider.Account
}

func (s *shelf) Account(_ context.Context, name string) (provider.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.kept[name]
	if !ok {
		return a, provider.ErrNoAccount
	}
	return a, nil
}

func (s *shelf) Keep(_ context.Context, a provider.Account) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[a.Name] = a
	return nil
}

// site is a provider and the relying party that stands before it.
type site struct {
	t     *testing.T
	p     *provider.Provider
	rp    *login.Provider
	shelf *shelf
	mu    sync.Mutex
	ahead time.Duration
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.ahead)
}

func (s *site) pass(d time.Duration) { s.mu.Lock(); defer s.mu.Unlock(); s.ahead += d }

func open(t *testing.T, people ...provider.Person) *site {
	t.Helper()
	s := &site{t: t, shelf: &shelf{kept: map[string]provider.Account{}}}
	var err error
	s.p, err = provider.New(provider.Config{Base: base, Back: "/login/back/own", Page: "/account?request=", Site: "Forløp", Accounts: s.shelf, People: people, Now: s.now})
	if err != nil {
		t.Fatal(err)
	}
	id, secret := s.p.Client()
	s.rp, err = login.Open(login.Settings{
		ID: "own", Issuer: s.p.Issuer(), Client: id, Secret: secret, For: []care.ActorKind{care.Patient, care.Professional}, Least: "low",
		Levels: map[string]string{"low": "low", "substantial": "substantial"}, Algorithms: []string{"ES256"},
		Prescribers: []login.Prescriber{{Claim: s.p.PrescriberClaim()}},
	}, &http.Client{Transport: s.p.Transport()}, time.Now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// begin begins a login and answers the request's name at the provider.
func (s *site) begin() (login.Pending, string) {
	s.t.Helper()
	address, pending, err := s.rp.Begin(s.t.Context(), base+"/login/back/own", login.Ask{Fresh: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return pending, s.to(address).Query().Get("request")
}

// to is where an address of the provider leads.
func (s *site) to(address string) *url.URL {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.p.Transport().RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	u, err := answer.Location()
	if err != nil {
		s.t.Fatalf("%s leads nowhere: %d", address, answer.StatusCode)
	}
	return u
}

// invited sets up an account and answers the secret of its codes.
func (s *site) invited(name string, codes bool) string {
	s.t.Helper()
	i := provider.Invitation{Name: name, Subject: "professional/" + name, Prescriber: codes, Issued: s.now()}
	secret, _, err := s.p.Offer(i)
	if err != nil {
		s.t.Fatal(err)
	}
	code := s.code(secret)
	if !codes {
		secret, code = "", ""
	}
	if err := s.p.SetUp(s.t.Context(), i, phrase, phrase, secret, code); err != nil {
		s.t.Fatal(err)
	}
	return secret
}

const phrase = "fire grå steiner"

func (s *site) code(secret string) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	if r, ok := care.AsRefusal(err); !ok || r.Code != code {
		t.Errorf("got %v, want the refusal %s", err, code)
	}
}

// Whoever writes the passphrase and a code is proved through the same relying
// party as with any provider, at the level that this shows.
func TestLoginGoesThroughTheRelyingParty(t *testing.T) {
	t.Parallel()
	for _, codes := range []bool{true, false} {
		s := open(t)
		secret, level := s.invited("kari", codes), "low"
		code := ""
		if codes {
			// As if the account had been set up some time ago: its code served once.
			a := s.shelf.kept["kari"]
			a.Step = 0
			s.shelf.kept["kari"] = a
			code, level = s.code(secret), "substantial"
		}
		pending, request := s.begin()
		to, err := s.p.LogIn(t.Context(), request, " kari ", phrase, code, "10.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		back := s.to(base + to)
		if back.Path != "/login/back/own" {
			t.Fatalf("the browser goes to %s", back)
		}
		proof, err := s.rp.Finish(t.Context(), pending, back.Query())
		if err != nil {
			t.Fatal(err)
		}
		if proof.Subject != "professional/kari" || proof.Issuer != s.p.Issuer() || proof.Level != level || proof.Prescriber != codes || proof.At.IsZero() {
			t.Errorf("the proof is %+v", proof)
		}
		// Neither the login nor its code serves twice.
		if _, err := s.rp.Finish(t.Context(), pending, back.Query()); err == nil {
			t.Error("a login was finished twice")
		}
		if _, err := s.p.LogIn(t.Context(), "made-up", "kari", phrase, code, "10.0.0.1"); err == nil {
			t.Error("a made-up request logs in")
		}
	}
}

// A code is never redeemed without the verifier of its challenge, and no request
// without a challenge begins.
func TestChallengeIsNeeded(t *testing.T) {
	t.Parallel()
	s := open(t, provider.Person{Subject: "patient/p1", Name: "Ola"})
	_, request := s.begin()
	to, err := s.p.Be(request, "patient/p1")
	if err != nil {
		t.Fatal(err)
	}
	id, secret := s.p.Client()
	for name, form := range map[string]url.Values{
		"without a verifier": {"grant_type": {"authorization_code"}, "code": {s.to(base + to).Query().Get("code")}, "redirect_uri": {base + "/login/back/own"}},
		"with another":       {"grant_type": {"authorization_code"}, "code": {s.to(base + to).Query().Get("code")}, "redirect_uri": {base + "/login/back/own"}, "code_verifier": {strings.Repeat("a", 43)}},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.p.Issuer()+"/oauth/token", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(id, string(secret))
		answer, err := s.p.Transport().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s a code is redeemed: %d", name, answer.StatusCode)
		}
		_ = answer.Body.Close()
	}
	plain := s.p.Issuer() + "/authorize?response_type=code&scope=openid&state=x&client_id=" + id + "&redirect_uri=" + url.QueryEscape(base+"/login/back/own")
	for _, query := range []string{"", "&code_challenge=abc&code_challenge_method=plain", "&code_challenge=abc"} {
		if u := s.to(plain + query); u.Query().Get("error") == "" {
			t.Errorf("a request with %q begins: %s", query, u)
		}
	}
	if _, err := s.p.Be(request, "patient/p2"); err == nil {
		t.Error("somebody who is not offered was chosen")
	}
}

// What is wrong is not said; each code serves once; whoever guesses waits ever
// longer, and a guessed account lets its owner in afterwards.
func TestGuessing(t *testing.T) {
	t.Parallel()
	s := open(t)
	secret := s.invited("kari", true)
	s.pass(time.Minute)
	_, request := s.begin()
	try := func(name, passphrase, code, from string) error {
		t.Helper()
		_, err := s.p.LogIn(t.Context(), request, name, passphrase, code, from)
		return err
	}
	good := s.code(secret)
	for _, c := range [][3]string{{"kari", phrase, ""}, {"kari", phrase + "x", good}, {"kari", "", good}} {
		refused(t, try(c[0], c[1], c[2], "10.0.0.1"), "account-wrong")
	}
	refused(t, try("nobody", phrase, good, "10.0.0.2"), "account-wrong")
	refused(t, try("", "", "", "10.0.0.2"), "account-wrong")
	if err := try("kari", phrase, good, "10.0.0.3"); err != nil {
		t.Fatalf("the owner, after three guesses: %v", err)
	}
	refused(t, try("kari", phrase, good, "10.0.0.3"), "account-wrong")
	// From one address, against many names; and against one name, from many.
	waited := 0
	for i := range 12 {
		if err := try("nobody"+string(rune('a'+i)), "x", "", "10.0.0.9"); err != nil && strings.Contains(err.Error(), "account-wait") {
			waited++
		}
	}
	if waited != 8 {
		t.Errorf("one address waited %d times of 12", waited)
	}
	waited = 0
	for i := range 12 {
		if err := try("kari", "x", "", "10.0.1."+string(rune('0'+i))); err != nil && strings.Contains(err.Error(), "account-wait") {
			waited++
		}
	}
	if waited < 8 {
		t.Errorf("one account waited %d times of 12", waited)
	}
	s.pass(16 * time.Minute)
	_, request = s.begin()
	if err := try("kari", phrase, s.code(secret), "10.0.0.3"); err != nil {
		t.Errorf("the owner, after waiting: %v", err)
	}
	// In a day of guessing there are few tries.
	tries := 0
	for range 24 * 60 * 12 {
		s.pass(5 * time.Second)
		if s.p.Known(request) == false {
			_, request = s.begin()
		}
		if err := try("kari", "x", "", "10.0.2.1"); err != nil && strings.Contains(err.Error(), "account-wrong") {
			tries++
		}
	}
	if tries > 120 || tries < 50 {
		t.Errorf("in a day one account was tried %d times", tries)
	}
}

// An invitation serves once, for one person, with a passphrase that is hard to
// guess and an app that shows the code.
func TestSettingUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	i := provider.Invitation{Name: "kari", Subject: "professional/kari", Issued: s.now()}
	secret, address, err := s.p.Offer(i)
	if err != nil || !strings.HasPrefix(address, "otpauth://totp/") || !strings.Contains(address, secret) {
		t.Fatalf("the offer is %s, %v", address, err)
	}
	for _, c := range []struct{ passphrase, again, code, refusal string }{
		{"kort", "kort", s.code(secret), "passphrase-short"},
		{strings.Repeat("å", 201), "", s.code(secret), "passphrase-long"},
		{"aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", s.code(secret), "passphrase-easy"},
		{"KARI passer på", "KARI passer på", s.code(secret), "passphrase-easy"},
		{phrase, phrase + " ", s.code(secret), "passphrase-differs"},
		{phrase, phrase, "000000", "code-wrong"},
	} {
		refused(t, s.p.SetUp(ctx, i, c.passphrase, c.again, secret, c.code), c.refusal)
	}
	if _, err := s.shelf.Account(ctx, "kari"); !errors.Is(err, provider.ErrNoAccount) {
		t.Fatal("a refused set-up made an account")
	}
	if err := s.p.SetUp(ctx, i, phrase, phrase, secret, s.code(secret)); err != nil {
		t.Fatal(err)
	}
	a, err := s.shelf.Account(ctx, "kari")
	if err != nil || strings.Contains(a.Passphrase, "steiner") || !strings.HasPrefix(a.Passphrase, "argon2id$") {
		t.Errorf("the account is kept as %+v, %v", a, err)
	}
	refused(t, s.p.SetUp(ctx, i, phrase, phrase, "", ""), "login-link-dead")
	other := provider.Invitation{Name: "kari", Subject: "professional/per", Issued: s.now().Add(time.Minute)}
	refused(t, s.p.SetUp(ctx, other, phrase, phrase, "", ""), "account-name-taken")
	// A new link from the operator gives a new passphrase.
	s.pass(time.Minute)
	again := provider.Invitation{Name: "kari", Subject: "professional/kari", Issued: s.now()}
	s.pass(time.Minute)
	if err := s.p.SetUp(ctx, again, phrase+" til", phrase+" til", "", ""); err != nil {
		t.Error(err)
	}
}
