package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"crypto/rand"

	"forlop/store"
)

// tokenCommand makes secrets.
type tokenCommand struct {
	Key    tokenKey    `cmd:"" help:"Make the site's key: 32 random bytes in a file that its owner alone can read."`
	Rotate tokenRotate `cmd:"" help:"Change the site's key: everything is found and read with the new one, nothing with the old."`
	Login  tokenLogin  `cmd:"" help:"Make a link that logs one person in, once, within 15 minutes."`

	Account tokenAccount `cmd:"" help:"Make a link that sets up an account for one person, once."`

	ClientKey tokenClientKey `cmd:"" help:"Make the key that a login provider knows this service by."`
}

// tokenKey makes the site's key.
type tokenKey struct {
	File string `arg:"" help:"The file to make. One that is there is never replaced."`
}

// Run makes the key.
func (c *tokenKey) Run(p *program) error {
	err := makeKey(c.File, rand.Reader)
	if errors.Is(err, fs.ErrExist) {
		return usage("%s is there already; a site's key is never replaced, because everything about people is sealed under it", c.File)
	}
	if err != nil {
		return err
	}
	p.say("The site's key is in %s. Keep a copy where neither the database nor its backups are: without it nothing about people can be read.", c.File)
	return nil
}

// makeKey writes a new key into a file that must not be there.
func makeKey(path string, random io.Reader) error {
	key := make([]byte, store.KeySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return fmt.Errorf("random bytes for the key: %w", err)
	}
	return writeNew(path, key)
}

// writeNew writes a secret, durably, into a file that must not be there.
func writeNew(path string, secret []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(secret)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
