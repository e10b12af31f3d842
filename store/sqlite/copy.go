package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
)

// Copied says what a copy holds: the file as it stood at one instant.
type Copied struct {
	Schema          int
	Epoch, Position int64
	// Bytes is how long the copy is.
	Bytes int64
}

// Copy writes the whole file as it stood when the copy began, whoever writes to it
// meanwhile. begin is told what it will be, and says where to. What is written is a
// database file: it opens as it is. The log beside the file cannot be folded back
// while a copy is under way.
//
// The pages are read in one read transaction through SQLite's own view of them
// (https://www.sqlite.org/dbpage.html), so that one pass is enough and nothing is
// written twice.
func (s *Store) Copy(ctx context.Context, begin func(Copied) (io.Writer, error)) (c Copied, err error) {
	conn, err := s.reads.Conn(ctx)
	if err != nil {
		return c, fmt.Errorf("store/sqlite: copy: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	t, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return c, fmt.Errorf("store/sqlite: copy: %w", err)
	}
	defer func() { err = errors.Join(err, t.Rollback()) }()
	var pages, size int64
	for _, ask := range []struct {
		q    string
		into any
	}{
		{"select coalesce(max(position), 0) from event", &c.Position},
		{"select cast(value as integer) from setting where name = 'epoch'", &c.Epoch},
		{"pragma user_version", &c.Schema}, {"pragma page_count", &pages}, {"pragma page_size", &size},
	} {
		if err := t.QueryRowContext(ctx, ask.q).Scan(ask.into); err != nil {
			return c, fmt.Errorf("store/sqlite: copy: %s: %w", ask.q, err)
		}
	}
	c.Bytes = pages * size
	w, err := begin(c)
	if err != nil {
		return c, err
	}
	rows, err := t.QueryContext(ctx, "select data from sqlite_dbpage order by pgno")
	var data sql.RawBytes
	var n int64
	err = eachRow(rows, err, func(rows *sql.Rows) error {
		if err := rows.Scan(&data); err != nil {
			return err
		}
		n += int64(len(data))
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("store/sqlite: copy: %w", err)
	}
	if n != c.Bytes {
		return c, fmt.Errorf("store/sqlite: copy: %d bytes were read of %d", n, c.Bytes)
	}
	return c, nil
}

// Restored makes a copy ready to be served in the file's place: its epoch is raised,
// so that whoever followed the log begins anew; what was to be sent is held until
// an operator lets it go, since it may have left after the copy was made; and every
// login ends, since it may have been ended. The whole file is looked through first.
func Restored(ctx context.Context, path string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("store/sqlite: the copy at %s: %w", path, err)
		}
	}()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var found string
	if err := s.get(ctx, "pragma quick_check(1)", nil, &found); err != nil || found != "ok" {
		return errors.Join(fmt.Errorf("%w: its pages are damaged: %s", ErrForeign, found), err)
	}
	return s.change(ctx, func(t tx) error {
		for _, q := range []string{
			"update setting set value = cast(cast(value as integer) + 1 as text) where name = 'epoch'",
			"update delivery set held = 1, owner = '', lease_until = 0",
			"update timer set owner = '', lease_until = 0",
			"delete from session",
		} {
			if _, err := t.exec(q); err != nil {
				return err
			}
		}
		return nil
	})
}
