package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"forlop/store"
)

// How often a change is begun again before the caller hears of it. Nothing of
// the attempts before is left: they ended without COMMIT having been sent.
const (
	maxRaces   = 20 // with another change that won
	maxLosses  = 3  // of the connection
	maxWaits   = 2  // for a lock that did not come
	undoWithin = 5 * time.Second
)

// attempt makes a change in a transaction that it has begun itself (so that
// BEGIN travels with its first statements). It reports whether there is anything
// to commit.
type attempt func(ctx context.Context, c *pgx.Conn) (commit bool, err error)

// change runs an attempt until it is committed, refused or given up.
func (s *Store) change(ctx context.Context, run attempt) error {
	if s.writes == nil {
		return fmt.Errorf("%w: %s was opened for reading", store.ErrReadOnly, s.place)
	}
	var races, losses, waits int
	for {
		lost, err := s.once(ctx, run)
		switch code := state(err); {
		case err == nil || errors.Is(err, store.ErrUnknown) || ctx.Err() != nil:
			return err
		case code == uniqueViolation || code == serialization || code == deadlock:
			if races++; races > maxRaces {
				return fmt.Errorf("%w after %d races: %w", outraced(err), races, err)
			}
		case code == lockNotGot:
			if waits++; waits >= maxWaits {
				return unwritable(err)
			}
		case lost:
			if losses++; losses > maxLosses {
				return unwritable(disconnected(err))
			}
		default:
			return unwritable(err)
		}
	}
}

// outraced is what it means to lose every race.
func outraced(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.ConstraintName {
		case "claim_key", "blob_key", "delivery_key":
			return store.ErrClaimed
		case "event_stream", "stream_pkey":
			return store.ErrVersion
		}
	}
	return store.ErrReadOnly
}

// disconnected gives an error without a word of the server's a meaning.
func disconnected(err error) error {
	if state(err) == "" {
		return fmt.Errorf("%w: the connection to the server was lost: %w", store.ErrReadOnly, err)
	}
	return err
}

// once runs an attempt once. lost says that the connection went and COMMIT had
// not been sent.
func (s *Store) once(ctx context.Context, run attempt) (lost bool, err error) {
	conn, err := s.writes.Acquire(ctx)
	if err != nil {
		return false, unreachable(ctx, err)
	}
	c := conn.Conn()
	defer conn.Release()
	commit, err := run(ctx, c)
	if err == nil && commit {
		if err = ctx.Err(); err == nil {
			return false, commitOn(ctx, c)
		}
	}
	if err != nil && state(err) == readOnly {
		// This server was deposed: the next session looks for another.
		closeNow(c)
		return true, err
	}
	if !c.IsClosed() && c.PgConn().TxStatus() != 'I' {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWithin)
		defer cancel()
		if _, failed := c.Exec(undo, "rollback"); failed != nil {
			closeNow(c)
		}
	}
	return err != nil && c.IsClosed(), err
}

func closeNow(c *pgx.Conn) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	_ = c.Close(over) // nothing depends on its last word
}

// commitOn commits, and says what a failed COMMIT means. What the server answers
// as an error was not written. Where its answer did not come, or the wait for a
// standby was cut short, nobody knows. The driver's word that an error came before
// anything was sent (pgconn.SafeToRetry) is not asked: pgx 5.12 says so as well of
// a session that is cut while it waits for the answer.
func commitOn(ctx context.Context, c *pgx.Conn) error {
	delete(c.PgConn().CustomData(), warned)
	tag, err := c.Exec(ctx, "commit")
	var e *pgconn.PgError
	switch {
	case err != nil && errors.As(err, &e) && e.SeverityUnlocalized == "ERROR" && !c.IsClosed():
		return err
	case err != nil:
		return fmt.Errorf("%w: commit: %w", store.ErrUnknown, err)
	case c.PgConn().CustomData()[warned] != nil:
		return fmt.Errorf("%w: commit: %v", store.ErrUnknown, c.PgConn().CustomData()[warned])
	case tag.String() != "COMMIT":
		return fmt.Errorf("store/postgres: the server answered COMMIT with %s: nothing was written", tag)
	}
	return nil
}

// exec runs one statement as a change of its own and answers how many rows it
// changed.
func (s *Store) exec(ctx context.Context, q string, args ...any) (n int64, err error) {
	err = s.change(ctx, func(ctx context.Context, c *pgx.Conn) (bool, error) {
		b := &pgx.Batch{}
		b.Queue("begin")
		b.Queue(q, args...).Exec(func(tag pgconn.CommandTag) error { n = tag.RowsAffected(); return nil })
		return true, c.SendBatch(ctx, b).Close()
	})
	return n, err
}

// each runs a query on a reader's session and reads its rows. A session that the
// server has ended is replaced once, as long as no row was read.
func (s *Store) each(ctx context.Context, q string, args []any, row func(pgx.Rows) error) error {
	read := false
	noted := func(rows pgx.Rows) error { read = true; return row(rows) }
	return s.asked(ctx, func(c *pgxpool.Conn) error {
		if s.scope != nil {
			return s.together(ctx, c, "", question{statement{q, args}, noted})
		}
		rows, err := c.Query(ctx, q, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := noted(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}, &read)
}

// get reads one row; its error is pgx.ErrNoRows where there is none.
func (s *Store) get(ctx context.Context, q string, args []any, dest ...any) error {
	return s.asked(ctx, func(c *pgxpool.Conn) error {
		if s.scope == nil {
			return c.QueryRow(ctx, q, args...).Scan(dest...)
		}
		found := false
		err := s.together(ctx, c, "", question{statement{q, args}, func(rows pgx.Rows) error { found = true; return rows.Scan(dest...) }})
		if err == nil && !found {
			err = pgx.ErrNoRows
		}
		return err
	}, new(bool))
}

// question is a query and what is done with each of its rows.
type question struct {
	statement
	row func(pgx.Rows) error
}

// together asks as of one instant and in one exchange: a transaction of its own,
// which begins with what the session is, says how to plan, and ends with it.
func (s *Store) together(ctx context.Context, c *pgxpool.Conn, plan string, all ...question) error {
	b := &pgx.Batch{}
	b.Queue("begin transaction isolation level repeatable read read only")
	if s.scope != nil {
		b.Queue(wallText, wallArgs(*s.scope, plan != "")...)
	}
	if plan != "" {
		b.Queue(plan)
	}
	for _, q := range all {
		b.Queue(q.text, q.args...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := q.row(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	}
	b.Queue("commit")
	return c.SendBatch(ctx, b).Close()
}

// asked runs questions on a reader's session.
func (s *Store) asked(ctx context.Context, ask func(*pgxpool.Conn) error, begun *bool) error {
	for losses := 0; ; losses++ {
		conn, err := s.reads.Acquire(ctx)
		if err != nil {
			return unreachable(ctx, err)
		}
		err = ask(conn)
		lost := conn.Conn().IsClosed()
		conn.Release()
		if err == nil || !lost || *begun || ctx.Err() != nil || losses >= maxLosses {
			return err
		}
	}
}
