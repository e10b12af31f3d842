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

// each runs a query on the readers' connections and reads its rows.
func (s *Store) each(ctx context.Context, q string, args []any, row func(*sql.Rows) error) error {
	p, err := s.prepared(ctx, q)
	if err != nil {
		return err
	}
	defer p.release()
	rows, err := p.QueryContext(ctx, args...)
	return eachRow(rows, err, row)
}

// get reads one row; its error is sql.ErrNoRows where there is none.
func (s *Store) get(ctx context.Context, q string, args []any, dest ...any) error {
	p, err := s.prepared(ctx, q)
	if err != nil {
		return err
	}
	defer p.release()
	return p.QueryRowContext(ctx, args...).Scan(dest...)
}

// prepared is a statement, kept for the next caller or not.
type prepared struct {
	*sql.Stmt
	kept bool
}

func (p prepared) release() {
	if !p.kept {
		_ = p.Close() // it was only read from: nothing is lost
	}
}

func (s *Store) prepared(ctx context.Context, q string) (prepared, error) {
	s.mu.RLock()
	st, ok := s.stmts[q]
	s.mu.RUnlock()
	if ok {
		return prepared{st, true}, nil
	}
	st, err := s.reads.PrepareContext(ctx, q)
	if err != nil {
		return prepared{}, fmt.Errorf("store/sqlite: prepare %q: %w", q, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.stmts[q]; taken || len(s.stmts) >= maxStatements {
		return prepared{st, false}, nil
	}
	s.stmts[q] = st
	return prepared{st, true}, nil
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
