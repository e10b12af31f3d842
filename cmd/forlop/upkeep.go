package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"forlop/store"
)

// rebuildCommand makes every list anew.
type rebuildCommand struct{ database }

// Run rebuilds in one transaction; a file that is being served is refused.
func (c *rebuildCommand) Run(p *program) (err error) {
	st, err := c.open(p.ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(p.ctx, st, nil)
	if err != nil {
		return err
	}
	n, err := s.Rebuild(p.ctx)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	p.say("every list and timer was made anew from %d events; pending deliveries are held until they are released", n)
	return nil
}

// migrateCommand moves the schema forward, and switches on what a new release
// writes.
type migrateCommand struct {
	database
	Finish bool `help:"Switch on the events that only this release can read. Do it when every process runs this release; an older one stops being ready at once."`
}

// Run migrates.
func (c *migrateCommand) Run(p *program) (err error) {
	if err := c.migrate(p.ctx); err != nil {
		return err
	}
	st, err := c.open(p.ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	h, err := st.Check(p.ctx)
	if err != nil {
		return err
	}
	p.say("%s has schema %d, this program's own", c.database, h.Schema)
	if !c.Finish {
		return nil
	}
	s, err := newService(p.ctx, st, nil)
	if err != nil {
		return err
	}
	before, now, err := s.SwitchOn(p.ctx)
	if err != nil {
		return err
	}
	if before == now {
		p.say("nothing was left to switch on: level %d", now)
	} else {
		p.say("switched on from level %d to %d; a release that cannot read it stops being ready", before, now)
	}
	return nil
}

// doctorCommand says what is missing.
type doctorCommand struct {
	database
	keyed
	watched
	JSON bool `name:"json" help:"Print JSON: {checks: [{name, ok, figure, unit, anchor, detail}]}."`
}

// Run looks at everything serve needs. It opens the file for reading, so that
// it can look at a service that runs.
func (c *doctorCommand) Run(p *program) (err error) {
	if err := c.named(); err != nil {
		return err
	}
	var all []check
	look := func(name string, err error, ok string) bool {
		if err != nil {
			ok = err.Error()
		}
		all = append(all, check{Name: name, OK: err == nil, Detail: ok})
		return err == nil
	}
	keys, keyErr := c.keyring(c.database)
	look("site key", keyErr, "there, and its owner's alone")
	st, err := c.openToRead(p.ctx)
	if look("database", err, c.database.String()) {
		defer func() { err = errors.Join(err, st.Close()) }()
		h, err := st.Check(p.ctx)
		look("store", err, h.Engine+" "+h.Version+", schema "+strconv.Itoa(h.Schema))
		all[len(all)-1].Figure, all[len(all)-1].Unit = float64(h.Events), "events"
		c.examine(p.ctx, st, keys, look)
		all = append(all, c.surroundings(p.ctx, st)...)
	}
	return p.checks(all, c.JSON, exitFindings)
}

func (c *doctorCommand) examine(ctx context.Context, st store.Store, keys *store.Keyring, look func(string, error, string) bool) {
	s, err := newService(ctx, st, keys)
	if !look("units", err, "every unit's stream folds") {
		return
	}
	look("ready", s.Ready(ctx), "a named person stands at the top of every tree of units, and the clock is believed")
	defs, err := s.InUse(ctx)
	names := ""
	for _, d := range defs {
		names += " " + d.Ref.String()
	}
	if err == nil && len(defs) == 0 {
		err = errors.New("no pathway is in use, so no journey can be opened; two persons bring one into use: forlop pathway publish, forlop pathway approve (see docs/publishing.md)")
	}
	look("pathways", err, "in use:"+names)
	if keys != nil {
		look("site key opens names", opensNames(ctx, st, keys), "it is the key this database was written with")
	}
}

// opensNames tries the site's key on somebody who has one.
func opensNames(ctx context.Context, st store.Store, keys *store.Keyring) error {
	page, err := st.Streams(ctx, "professional", "", 1)
	if err != nil || len(page) == 0 {
		return err
	}
	id := page[0].Stream.ID()
	wrapped, err := st.Key(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = keys.DataKey(ctx, id, wrapped)
	return err
}
