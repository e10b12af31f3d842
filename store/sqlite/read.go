package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"forlop/store"
)

// maxStatements bounds the prepared texts that are kept. Lists with many posts or
// units have texts of their own; beyond the bound they are prepared each time.
const maxStatements = 512

// read runs a query on the readers' connections.
func (s *Store) each(ctx context.Context, q string, args []any, row func(*sql.Rows) error) error {
	st, done, err := s.prepared(ctx, q)
	if err != nil {
		return err
	}
	defer done()
	rows, err := st.QueryContext(ctx, args...)
	return eachRow(rows, err, row)
}

// get reads one row; its error is sql.ErrNoRows where there is none.
func (s *Store) get(ctx context.Context, q string, args []any, dest ...any) error {
	st, done, err := s.prepared(ctx, q)
	if err != nil {
		return err
	}
	defer done()
	return st.QueryRowContext(ctx, args...).Scan(dest...)
}

func (s *Store) prepared(ctx context.Context, q string) (_ *sql.Stmt, done func(), err error) {
	s.mu.RLock()
	st, ok := s.stmts[q]
	full := len(s.stmts) >= maxStatements
	s.mu.RUnlock()
	if ok {
		return st, func() {}, nil
	}
	if st, err = s.reads.PrepareContext(ctx, q); err != nil {
		return nil, nil, fmt.Errorf("store/sqlite: prepare %q: %w", q, err)
	}
	if !full {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, taken := s.stmts[q]; !taken && len(s.stmts) < maxStatements {
			s.stmts[q] = st
			return st, func() {}, nil
		}
	}
	return st, func() {
		// A failed close loses nothing: the statement was only read from.
		if err := st.Close(); err != nil {
			return
		}
	}, nil
}

// change runs a job, or says that this store only reads.
func (s *Store) change(ctx context.Context, run func(tx) error) error {
	return s.submit(ctx, &job{run: run})
}

func (s *Store) submit(ctx context.Context, j *job) error {
	if s.w == nil {
		return fmt.Errorf("%w: %s was opened for reading", store.ErrReadOnly, s.path)
	}
	return s.w.do(ctx, j)
}
