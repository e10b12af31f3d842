package main

import (
	"errors"

	"forlop/store"
)

// tokenRotate changes the site's key.
type tokenRotate struct {
	database
	Old   string `required:"" placeholder:"FILE" help:"The site's key until now."`
	New   string `required:"" placeholder:"FILE" help:"The key from now on; make it with: forlop token key FILE."`
	Slice int    `hidden:"" default:"1000" help:"How many keys are wrapped anew at a time."`
}

// Help is shown under the flags.
func (tokenRotate) Help() string {
	return "Stop every process that serves the database first. Broken off, it goes on where it stopped when it is run again; until it is finished neither " +
		"key opens the database. Keep the old key for as long as backups made with it are kept."
}

// Run wraps every data key anew and hashes every identifier again. Nothing that
// was sealed is touched: what is sealed is sealed under data keys, which stay.
func (c *tokenRotate) Run(p *program) (err error) {
	old, err := readKey(c.Old)
	if err != nil {
		return err
	}
	next, err := readKey(c.New)
	if err != nil {
		return err
	}
	st, err := c.open(p.ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	r, err := store.Rotate(p.ctx, st, old, next)
	if err != nil {
		return keyFault(err)
	}
	wrapped, hashed := 0, 0
	for after, more := "", true; more; more = after != "" {
		var n int
		if after, n, err = r.Slice(p.ctx, after, c.Slice); err != nil {
			return keyFault(err)
		}
		wrapped += n
	}
	for n := 1; n > 0; hashed += n {
		if n, err = r.Rehash(p.ctx, c.Slice); err != nil {
			return err
		}
	}
	if err := r.Finish(p.ctx); err != nil {
		return err
	}
	p.say("the site key is now %s: %d keys were wrapped anew, %d hashes hashed again. %s opens this database no more; "+
		"keep it for as long as a backup made before this is kept", next.ID(), wrapped, hashed, c.Old)
	return nil
}
