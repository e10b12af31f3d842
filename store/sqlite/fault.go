package sqlite

import (
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"forlop/store"
)

// code is SQLite's primary result code of err, or 0.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// unwritable says that the cause of err lies in the disk and not in what was
// asked, as ErrReadOnly. Nothing was written. Other errors come back unchanged.
func unwritable(err error) error {
	switch code(err) {
	case lib.SQLITE_FULL:
		return fmt.Errorf("%w: the disk is full; reading goes on, and writing does when there is space again: %w", store.ErrReadOnly, err)
	case lib.SQLITE_READONLY, lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM, lib.SQLITE_NOLFS:
		return fmt.Errorf("%w: the file or its folder cannot be written: %w", store.ErrReadOnly, err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return fmt.Errorf("%w: another program holds the file's lock: %w", store.ErrReadOnly, err)
	}
	return err
}

// uncommitted says what a failed COMMIT means. A full or read-only disk refused
// the commit record, so nothing is there. After any other failure (a failed
// sync above all) the record may be found again after a crash: the outcome is
// not known.
func uncommitted(err error) error {
	switch code(err) {
	case lib.SQLITE_FULL, lib.SQLITE_READONLY, lib.SQLITE_BUSY:
		return unwritable(err)
	}
	return fmt.Errorf("%w: commit: %w", store.ErrUnknown, err)
}

// missing turns the absence of a row into ErrNotFound and names the thing; nil
// stays nil.
func missing(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %s", store.ErrNotFound, fmt.Sprintf(format, args...))
	}
	return fmt.Errorf("store/sqlite: %s: %w", fmt.Sprintf(format, args...), err)
}
