package sqlite

import (
	"context"
	"errors"
	"fmt"

	"forlop/store"
)

// Beside is a file opened for reading that another process may be serving, with
// one thing that can be written: the access log. A look must be durable before
// its answer leaves, whoever serves the file. SQLite itself lets the two
// processes take turns; a look is one short transaction and touches nothing that
// the serving process keeps in memory.
type Beside struct {
	*Store
	looks *Store
}

// OpenBeside opens a file that is there, as Open does with ReadOnly.
func OpenBeside(ctx context.Context, path string) (_ *Beside, err error) {
	s, err := Open(ctx, path, Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	b := &Beside{Store: s, looks: &Store{path: path}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("store/sqlite: open the access log of %s: %w", path, err), b.Close())
		}
	}()
	if b.looks.writes, err = open(path, "mode=rw&"+writePragmas, 1); err != nil {
		return nil, err
	}
	conn, err := b.looks.writes.Conn(ctx)
	if err != nil {
		return nil, unwritable(err)
	}
	if err := durable(ctx, conn); err != nil {
		return nil, errors.Join(unwritable(err), conn.Close())
	}
	b.looks.w = newWriter(conn)
	return b, nil
}

// Log keeps a look.
func (b *Beside) Log(ctx context.Context, l store.Look) error { return b.looks.Log(ctx, l) }

// Close lets the file go.
func (b *Beside) Close() error { return errors.Join(b.looks.Close(), b.Store.Close()) }
