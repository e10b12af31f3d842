package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"forlop/store"
)

// The SQLSTATEs that mean something here
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const (
	uniqueViolation = "23505"
	serialization   = "40001"
	deadlock        = "40P01"
	lockNotGot      = "55P03"
	readOnly        = "25006"
	noSuchRole      = "22023" // invalid parameter value: role "…" does not exist
	notAllowed      = "42501"
	noTable         = "42P01"
	noSchema        = "3F000"
)

// state is the SQLSTATE of err, or "" where the server said nothing.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// unwritable says that the cause of err lies in the server and not in what was
// asked, as ErrReadOnly. Nothing was written. Other errors come back unchanged.
func unwritable(err error) error {
	if err == nil || errors.Is(err, store.ErrReadOnly) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code := state(err)
	switch {
	case code == readOnly:
		return fmt.Errorf("%w: the server is a standby or was made read-only: %w", store.ErrReadOnly, err)
	case code == lockNotGot:
		return fmt.Errorf("%w: a lock did not come in %s (a rebuild is under way, or a transaction was left open): %w", store.ErrReadOnly, lockTimeout, err)
	case code == notAllowed || code == noSuchRole:
		return err
	case strings.HasPrefix(code, "53"):
		return fmt.Errorf("%w: the server is out of disk, memory or connections: %w", store.ErrReadOnly, err)
	case strings.HasPrefix(code, "57P"):
		return fmt.Errorf("%w: the server is stopping or starting: %w", store.ErrReadOnly, err)
	case strings.HasPrefix(code, "58"):
		return fmt.Errorf("%w: the server's disk fails: %w", store.ErrReadOnly, err)
	case strings.HasPrefix(code, "08"):
		return fmt.Errorf("%w: the connection to the server was lost: %w", store.ErrReadOnly, err)
	}
	return err
}

// unreachable says what it means that no session could be had.
func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if code := state(err); code == notAllowed || code == noSuchRole || strings.HasPrefix(code, "28") || strings.HasPrefix(code, "3D") {
		return fmt.Errorf("%w: the server does not let us in: %w", ErrNotReady, err)
	}
	return fmt.Errorf("%w: %w: %w", store.ErrReadOnly, ErrAway, err)
}

// missing turns the absence of a row into ErrNotFound and names the thing; nil
// stays nil.
func missing(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%w: %s", store.ErrNotFound, fmt.Sprintf(format, args...))
	}
	return fmt.Errorf("store/postgres: %s: %w", fmt.Sprintf(format, args...), err)
}

// warned is where a session keeps the last warning it heard.
const warned = "forlop.warned"

// heard remembers warnings. One matters: a commit whose wait for the standby was
// cancelled is answered as done, and warns that it may not be there.
func heard(c *pgconn.PgConn, n *pgconn.Notice) {
	if n.SeverityUnlocalized == "WARNING" {
		c.CustomData()[warned] = n.Message
	}
}
