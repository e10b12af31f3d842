package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// tx is the writer's open transaction. Its statements are prepared once and
// never interrupted: a caller's context ends the waiting, not the writing.
type tx struct{ w *writer }

func (t tx) stmt(q string) (prepared, error) {
	if s, ok := t.w.stmts[q]; ok {
		return prepared{s, true}, nil
	}
	s, err := t.w.conn.PrepareContext(context.Background(), q)
	if err != nil {
		return prepared{}, fmt.Errorf("store/sqlite: prepare %q: %w", q, err)
	}
	t.w.stmts[q] = s
	return prepared{s, true}, nil
}

// exec runs a statement and answers the number of rows it changed.
func (t tx) exec(q string, args ...any) (int64, error) {
	s, err := t.stmt(q)
	if err != nil {
		return 0, err
	}
	r, err := s.Exec(args...)
	if err != nil {
		t.w.wrote = true // a statement that fails may have been half done
		return 0, err
	}
	n, err := r.RowsAffected()
	t.w.wrote = t.w.wrote || n != 0
	return n, err
}

// insert runs an insert into a table whose ids the database gives, and answers
// the id.
func (t tx) insert(q string, args ...any) (int64, error) {
	s, err := t.stmt(q)
	if err != nil {
		return 0, err
	}
	t.w.wrote = true
	r, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// get reads one row and reports whether there is one.
func (t tx) get(q string, args []any, dest ...any) (bool, error) {
	s, err := t.stmt(q)
	if err != nil {
		return false, err
	}
	err = s.QueryRow(args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each reads rows.
func (t tx) each(q string, args []any, row func(*sql.Rows) error) error {
	s, err := t.stmt(q)
	if err != nil {
		return err
	}
	rows, err := s.Query(args...)
	return eachRow(rows, err, row)
}

// change reads the rows that a statement has changed.
func (t tx) change(q string, args []any, row func(*sql.Rows) error) error {
	t.w.wrote = true
	return t.each(q, args, row)
}

func eachRow(rows *sql.Rows, err error, row func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := row(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// raw runs what governs the transaction itself.
func (t tx) raw(q string) error {
	s, err := t.stmt(q)
	if err != nil {
		return err
	}
	_, err = s.Exec()
	return err
}

// rollback ends a transaction that failed. SQLite may have ended it already, so
// that there is nothing to roll back; BEGIN says if something is still wrong.
func (t tx) rollback() {
	_ = t.raw("rollback")
}
