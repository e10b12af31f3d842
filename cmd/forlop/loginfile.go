package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	providers "forlop/access/login"
	"forlop/pathway"
)

// logins are the places where people may log in.
type logins struct {
	Login []string `env:"FORLOP_LOGIN" placeholder:"FILE" help:"Where people log in: a provider's settings, such as docs/login/helseid.yaml. Name one file for each."`
}

// open reads the settings and asks nobody: a provider that is down stops no
// start. Files that the settings name lie beside them.
func (l logins) providers(now func() time.Time) ([]*providers.Provider, error) {
	var all []*providers.Provider
	from := map[string]string{}
	for _, file := range l.Login {
		settings, err := readLogin(file)
		if err != nil {
			return nil, &exit{exitUsage, err}
		}
		if other, twice := from[settings.ID]; twice {
			return nil, usage("%s and %s are both called %q; each provider needs an id of its own", other, file, settings.ID)
		}
		from[settings.ID] = file
		provider, err := providers.Open(settings, nil, now, rand.Reader)
		if err != nil {
			return nil, &exit{exitUsage, fmt.Errorf("%s: %w", file, err)}
		}
		all = append(all, provider)
	}
	return all, nil
}

func readLogin(file string) (providers.Settings, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return providers.Settings{}, err
	}
	from := providers.Reading{
		Open: func(name string) ([]byte, error) {
			if !filepath.IsAbs(name) {
				name = filepath.Join(filepath.Dir(file), name)
			}
			return readSecret(name)
		},
		Near: pathway.Nearest,
	}
	return from.Read(file, text)
}

// readSecret reads a key that nobody but its owner may read.
func readSecret(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if open := info.Mode().Perm() & fs.FileMode(0o077); open != 0 {
		return nil, fmt.Errorf("%s can be read by others than its owner; run: chmod 600 %s", name, name)
	}
	return os.ReadFile(name)
}

// tokenClientKey makes a key that a login provider knows us by.
type tokenClientKey struct {
	File string `arg:"" help:"The file to make. One that is there is never replaced."`
}

// Run makes the key and prints what to hand to the provider.
func (c *tokenClientKey) Run(p *program) error {
	private, public, err := providers.NewClientKey(rand.Reader)
	if err != nil {
		return err
	}
	err = writeNew(c.File, private)
	if errors.Is(err, fs.ErrExist) {
		return usage("%s is there already; a key that a provider knows is not replaced unasked", c.File)
	}
	if err != nil {
		return err
	}
	if err := p.printf("%s\n", public); err != nil {
		return err
	}
	p.say("The private key is in %s; name it as key-file in the provider's settings. Register the public one, printed here, with the provider.", c.File)
	return nil
}
