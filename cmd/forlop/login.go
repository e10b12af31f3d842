package main

import (
	"errors"
	"net/url"
	"strings"

	"forlop/care"
)

// tokenLogin makes a login link.
type tokenLogin struct {
	database
	keyed
	Professional string `xor:"who" required:"" placeholder:"ID" help:"Whose link: a professional who fills a post."`
	Patient      string `xor:"who" required:"" placeholder:"KEY" help:"Whose link: a patient, by the key that journey list prints."`
	At           string `default:"http://127.0.0.1:8080" env:"FORLOP_BASE" placeholder:"URL" help:"The address people reach the service at."`
}

// Help is shown under the flags.
func (tokenLogin) Help() string {
	return "Prints a link that logs in once, within 15 minutes, while the service runs. It is the person's key: hand it to them yourself. " +
		"Whoever can read the site's key and the database can make one."
}

// Run prints the link. It only reads, so that it can be made beside a service
// that runs.
func (c *tokenLogin) Run(p *program) (err error) {
	base, err := url.Parse(c.At)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return usage("--at is %q; write the address people reach the service at, such as https://forlop.example.org", c.At)
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
	actor := care.Actor{Kind: care.Professional, ID: c.Professional}
	if c.Patient != "" {
		actor = care.Actor{Kind: care.Patient, ID: c.Patient}
	}
	token, until, err := s.LoginLink(p.ctx, actor)
	if err != nil {
		return err
	}
	if err := p.printf("%s/login?token=%s\n", strings.TrimSuffix(c.At, "/"), token); err != nil {
		return err
	}
	p.say("It logs %s in, once, until %s.", actor.ID, until.Local().Format("15:04"))
	return nil
}
