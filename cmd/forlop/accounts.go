package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	providers "forlop/access/login"
	"forlop/access/provider"
	"forlop/care"
	"forlop/casework"
	"forlop/web"
)

// vaulted keeps the accounts of the site's own provider in the vault.
type vaulted struct{ service *casework.Service }

// Account finds an account by its name.
func (v vaulted) Account(ctx context.Context, name string) (provider.Account, error) {
	var a provider.Account
	text, err := v.service.Account(ctx, name)
	if err != nil {
		return a, err
	}
	if text == nil {
		return a, provider.ErrNoAccount
	}
	err = json.Unmarshal(text, &a)
	return a, err
}

// Keep makes or replaces one.
func (v vaulted) Keep(ctx context.Context, a provider.Account) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return v.service.KeepAccount(ctx, a.Name, text)
}

// ownProvider opens the site's own provider at an address, and the relying party
// that stands before it as before any other. With people, everyone may be one of
// them.
func ownProvider(s *casework.Service, base, site string, people []provider.Person) (*provider.Provider, *providers.Provider, error) {
	// The library of the protocol reads the machine's clock, so both ends do.
	now := casework.SystemClock().Now
	own, err := provider.New(provider.Config{
		Base: base, Back: web.BackFrom(web.OwnProvider), Page: web.AccountPage, Site: site, Accounts: vaulted{s}, People: people, Now: now,
	})
	if err != nil {
		return nil, nil, err
	}
	id, secret := own.Client()
	at, err := providers.Open(providers.Settings{
		ID: web.OwnProvider, Name: site, Issuer: own.Issuer(), Client: id, Secret: secret, Algorithms: []string{"ES256"},
		For: []care.ActorKind{care.Patient, care.Professional}, Least: provider.LevelLow,
		Levels:      map[string]string{provider.LevelLow: "low", provider.LevelSubstantial: "substantial"},
		Prescribers: []providers.Prescriber{{Claim: own.PrescriberClaim()}},
	}, &http.Client{Transport: own.Transport()}, now, rand.Reader)
	return own, at, err
}

// reachedAt is the address people reach a service at, without a slash at its end.
func reachedAt(given, listening string) (string, error) {
	if given == "" {
		return listening, nil
	}
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || strings.Trim(u.Path, "/") != "" {
		return "", usage("the address is %q; write the one people reach the service at, such as https://forlop.example.org", given)
	}
	return strings.TrimSuffix(given, "/"), nil
}

// tokenAccount makes a link that sets up an account.
type tokenAccount struct {
	database
	keyed
	Professional string `xor:"who" required:"" placeholder:"ID" help:"Whose account: a professional who fills a post. The account is called so too."`
	Patient      string `xor:"who" required:"" placeholder:"KEY" help:"Whose account: a patient, by the key that journey list prints. Give the account a name with --name."`
	Name         string `placeholder:"NAME" help:"What they write to log in, where it is not their id."`
	Prescriber   bool   `help:"You answer for their right to prescribe: you have looked them up in the register."`
	At           string `default:"http://127.0.0.1:8080" env:"FORLOP_BASE" placeholder:"URL" help:"The address people reach the service at."`
}

// Help is shown under the flags.
func (tokenAccount) Help() string {
	return "Prints a link with which somebody sets up an account at the site's own provider (forlop serve --accounts): their passphrase and, in an " +
		"app on their telephone, one-time codes. It serves once, within three days. A new link gives an account that is there a new passphrase."
}

// Run prints the link. It only reads, so that it can be made beside a service
// that runs.
func (c *tokenAccount) Run(p *program) (err error) {
	base, err := reachedAt(c.At, "")
	if err != nil {
		return err
	}
	invite := casework.Invite{Name: c.Name, Actor: care.Actor{Kind: care.Professional, ID: c.Professional}, Prescriber: c.Prescriber}
	if c.Patient != "" {
		invite.Actor = care.Actor{Kind: care.Patient, ID: c.Patient}
		if c.Name == "" || c.Prescriber {
			return usage("an account of a patient needs --name, and no --prescriber")
		}
	}
	if invite.Name == "" {
		invite.Name = c.Professional
	}
	keys, err := c.keyring(c.database)
	if err != nil {
		return err
	}
	st, err := c.openToRead(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return err
	}
	token, until, err := s.InviteLink(p.ctx, invite)
	if err != nil {
		return err
	}
	if err := p.printf("%s/account/new?token=%s\n", base, token); err != nil {
		return err
	}
	p.say("It sets up the account %s, once, until %s.", invite.Name, until.Local().Format("2006-01-02 15:04"))
	return nil
}
