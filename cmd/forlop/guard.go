package main

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"forlop/casework"
	"forlop/store"
)

// guarded is what keeps the access log whole while a database is served.
type guarded struct {
	Witness      string        `env:"FORLOP_WITNESS" placeholder:"PATH" help:"A folder or file outside the database, best on another machine, that gets signed checkpoints of both logs. With it, forlop verify finds an older copy put in the database's place."`
	WitnessEvery time.Duration `default:"1m" env:"FORLOP_WITNESS_EVERY" placeholder:"TIME" help:"How often both logs are signed. What was written since can be cut off unseen."`
	Reserve      string        `env:"FORLOP_RESERVE" placeholder:"FILE" help:"Room set aside for the access log, so that reading goes on while the disk is full; beside the file of the database, ending in .reserve, or forlop.reserve beside the site's key unless said. Each process has its own."`
	KeyBackups   int           `default:"0" env:"FORLOP_KEY_BACKUPS" placeholder:"DAYS" help:"How long backups that hold the keys are kept, the site's key among them. The answer to an erasure says the day after which no copy of the key is left; unsaid, that it depends on your backups."`
	CopyToRecord bool          `env:"FORLOP_COPY_TO_RECORD" help:"Put texts that belong in the record on a worklist until somebody says that they are copied there."`
	ReserveSize  int64         `default:"1048576" env:"FORLOP_RESERVE_SIZE" placeholder:"BYTES" help:"How much room, when the file is made."`
}

// service starts the one way in with its guards. key is the file of the site's key;
// out is how notices leave; done lets the guards go.
func (g guarded) service(ctx context.Context, d database, key string, st store.Store, keys *store.Keyring, out *casework.Outgoing, watch casework.Watcher) (_ *casework.Service, done func() error, err error) {
	c := casework.Config{Store: st, Clock: casework.SystemClock(), Keys: keys, Random: rand.Reader, Wakers: wakers, Every: g.WitnessEvery, Out: out, Watch: watch}
	if g.KeyBackups < 0 {
		return nil, nil, usage("--key-backups takes a number of days")
	}
	c.KeyBackups, c.CopyToRecord = g.KeyBackups, g.CopyToRecord
	if g.Witness != "" {
		w, err := witnessAt(g.Witness)
		if err != nil {
			return nil, nil, err
		}
		c.Witness = w
	}
	path := g.Reserve
	if path == "" {
		path = filepath.Join(filepath.Dir(key), "forlop.reserve")
		if file, err := d.file(); err == nil {
			path = strings.TrimSuffix(file, filepath.Ext(file)) + ".reserve"
		}
	}
	r, err := openReserve(path, g.ReserveSize)
	if err != nil {
		return nil, nil, notReady(err)
	}
	c.Reserve = r
	s, err := casework.New(ctx, c)
	if err != nil {
		return nil, nil, errors.Join(keyFault(err), r.Close())
	}
	return s, r.Close, nil
}
