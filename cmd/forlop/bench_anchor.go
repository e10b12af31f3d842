package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"forlop/casework"
	"forlop/store/sqlite"
)

// anchor is bare SQL: one connection, one transaction at a time, synced at every
// commit, no program around it. It writes to a file of its own with the same
// tables and indexes, and reads from the file that is measured.
type anchor struct {
	db      *sql.DB
	written int
}

// newAnchor makes the bare file and attaches the measured one as src.
func newAnchor(ctx context.Context, measured, bare string) (*anchor, error) {
	st, err := sqlite.Open(ctx, bare)
	if err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(bare)+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-16000)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	a := &anchor{db: db}
	if _, err := db.ExecContext(ctx, "attach $1 as src", "file:"+url.PathEscape(measured)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

func (a *anchor) close() error {
	if a == nil {
		return nil
	}
	return a.db.Close()
}

// row is one row to write: its statement and its values.
type row struct {
	query  string
	values []any
}

// read reads rows of the measured file as statements that write them.
func (a *anchor) read(ctx context.Context, table, where string, args ...any) (out []row, err error) {
	rows, err := a.db.QueryContext(ctx, "select * from src."+table+" where "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	skip := slices.Index(columns, "position")
	if skip >= 0 {
		columns = slices.Delete(columns, skip, skip+1)
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",")
	query := "insert or replace into main." + table + " (" + strings.Join(columns, ",") + ") values (" + marks + ")"
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, 0, len(columns)+1)
		for i := range values {
			into = append(into, &values[i])
		}
		if skip >= 0 {
			into = slices.Insert(into, skip, any(new(any)))
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range values {
			// An empty blob is read as nil, and no column here takes null.
			if b, ok := v.([]byte); v == nil || ok && b == nil {
				values[i] = []byte{}
			}
		}
		out = append(out, row{query, values})
	}
	return out, rows.Err()
}

// commit writes each batch in a transaction of its own and answers how many
// batches a second.
func (a *anchor) commit(ctx context.Context, clock casework.Clock, batches [][]row) (_ float64, err error) {
	statements := map[string]*sql.Stmt{}
	defer func() {
		for _, s := range statements {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, batch := range batches {
		for _, r := range batch {
			if statements[r.query] != nil {
				continue
			}
			prepared, err := a.db.PrepareContext(ctx, r.query) //nolint:sqlclosecheck // closed with all the others
			if err != nil {
				return 0, fmt.Errorf("%s: %w", r.query, err)
			}
			statements[r.query] = prepared
		}
	}
	start := clock.Now()
	for _, batch := range batches {
		tx, err := a.db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		for _, r := range batch {
			s := tx.StmtContext(ctx, statements[r.query]) //nolint:sqlclosecheck // the transaction closes its statements
			if _, err := s.ExecContext(ctx, r.values...); err != nil {
				return 0, errors.Join(err, tx.Rollback())
			}
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return rate(len(batches), clock.Now().Sub(start)), nil
}

// command is the row that makes an order happen once.
func command(key string) row {
	return row{"insert or replace into main.command (actor, key, digest, answer) values (?, ?, ?, ?)",
		[]any{"professional/bench", key, make([]byte, 32), []byte(`{"target":"0123456789abcdef01234567","version":12,"first":1}`)}}
}

// write writes everything that opening a journey wrote.
func (a *anchor) write(ctx context.Context, clock casework.Clock, journeys [][]string) (float64, error) {
	var batches [][]row
	for _, streams := range journeys {
		batch := []row{command(streams[0])}
		for _, st := range streams {
			for _, table := range []string{"event", "item", "journey", "relation", "timer"} {
				rows, err := a.read(ctx, table, "stream = $1", st)
				if err != nil {
					return 0, err
				}
				batch = append(batch, rows...)
			}
			_, id, _ := strings.Cut(st, "/")
			for _, table := range []string{"data_key", "identity"} {
				rows, err := a.read(ctx, table, "subject = $1", id)
				if err != nil {
					return 0, err
				}
				batch = append(batch, rows...)
			}
		}
		batches = append(batches, batch)
	}
	a.written += len(batches)
	return a.commit(ctx, clock, batches)
}

// reached is a stream with its version at some time.
type reached struct {
	stream string
	at     int
}

// versions are the streams' versions now.
func (a *anchor) versions(ctx context.Context, journeys []string) ([]reached, error) {
	var out []reached
	for _, j := range journeys {
		v := reached{stream: "journey/" + j}
		if err := a.db.QueryRowContext(ctx, "select max(version) from src.event where stream = $1", v.stream).Scan(&v.at); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// rewrite writes what happened since: the events, one item gone, the journey's
// line, its items and its timer.
func (a *anchor) rewrite(ctx context.Context, clock casework.Clock, since []reached) (float64, error) {
	var batches [][]row
	for i, v := range since {
		batch := []row{command(fmt.Sprint(v.stream, "/", v.at, "/", i)), {"delete from main.item where stream = ? and key = 'step/2'", []any{v.stream}}}
		events, err := a.read(ctx, "event", "stream = $1 and version > $2", v.stream, v.at)
		if err != nil {
			return 0, err
		}
		batch = append(batch, events...)
		for _, table := range []string{"journey", "timer"} {
			rows, err := a.read(ctx, table, "stream = $1", v.stream)
			if err != nil {
				return 0, err
			}
			batch = append(batch, rows...)
		}
		batches = append(batches, batch)
	}
	return a.commit(ctx, clock, batches)
}

// events counts a journey's events.
func (a *anchor) events(ctx context.Context, journey string) (n int, err error) {
	err = a.db.QueryRowContext(ctx, "select count(*) from src.event where stream = $1", "journey/"+journey).Scan(&n)
	return n, err
}

// bytes is what the rows of one journey take in the bare file.
func (a *anchor) bytes() (float64, error) {
	var pages, size int
	if err := a.db.QueryRow("pragma main.page_count").Scan(&pages); err != nil {
		return 0, err
	}
	if err := a.db.QueryRow("pragma main.page_size").Scan(&size); err != nil {
		return 0, err
	}
	return float64(pages*size) / float64(max(a.written, 1)), nil
}

// scan reads every event in stream order and does nothing with it.
func (a *anchor) scan(ctx context.Context, clock casework.Clock) (_ float64, err error) {
	start := clock.Now()
	rows, err := a.db.QueryContext(ctx, "select stream, version, type, happened, learned, body, sealed, hash from src.event order by stream, version")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	n := 0
	cells := make([]any, 8)
	for i := range cells {
		cells[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return 0, err
		}
		n++
	}
	return rate(n, clock.Now().Sub(start)), rows.Err()
}

// page reads the first page of a clinic's list, its count, and who the people
// are, and logs the look. It answers the middle of many.
func (a *anchor) page(ctx context.Context, clock casework.Clock, clinics, times int) (time.Duration, error) {
	var each []time.Duration
	for i := range times {
		start := clock.Now()
		persons, err := a.texts(ctx, "select person from src.item where unit = $1 order by due, stream, key limit 50", clinicOf(i%clinics))
		if err != nil {
			return 0, err
		}
		if _, err := a.texts(ctx, "select count(*) from src.item where unit = $1", clinicOf(i%clinics)); err != nil {
			return 0, err
		}
		if err := a.who(ctx, persons); err != nil {
			return 0, err
		}
		each = append(each, clock.Now().Sub(start))
	}
	return middle(each), nil
}

// who reads people's identities and logs the look, durably.
func (a *anchor) who(ctx context.Context, persons []string) error {
	args := make([]any, len(persons))
	for i, p := range persons {
		args[i] = p
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(persons)), ",")
	if _, err := a.texts(ctx, "select sealed from src.identity where subject in ("+marks+")", args...); err != nil {
		return err
	}
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	r, err := tx.ExecContext(ctx, "insert into main.look (at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, persons)"+
		" values (0, 'professional', 'bench', 'clinic', 'clinic', 'coordinator', 'takes-part', 'worklist', '', $1)", strings.Join(persons, ","))
	if err == nil {
		var id int64
		if id, err = r.LastInsertId(); err == nil {
			slices.Sort(persons)
			for _, p := range slices.Compact(persons) {
				if _, err = tx.ExecContext(ctx, "insert into main.look_person (person, look) values ($1, $2)", p, id); err != nil {
					break
				}
			}
		}
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (a *anchor) texts(ctx context.Context, query string, args ...any) (out []string, err error) {
	rows, err := a.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// mine reads what a patient's page stands on, and logs the look.
func (a *anchor) mine(ctx context.Context, clock casework.Clock, persons []string) (time.Duration, error) {
	var each []time.Duration
	for _, p := range persons {
		start := clock.Now()
		streams, err := a.texts(ctx, "select stream from src.journey where person = $1", p)
		if err != nil {
			return 0, err
		}
		for _, st := range append(streams, "person/"+p) {
			if _, err := a.texts(ctx, "select body || sealed from src.event where stream = $1 order by version", st); err != nil {
				return 0, err
			}
		}
		if err := a.who(ctx, []string{p}); err != nil {
			return 0, err
		}
		each = append(each, clock.Now().Sub(start))
	}
	return middle(each), nil
}

// multiply copies every open journey's lines to other clinics, so that the
// tables are as long as they would be with so many times as many.
func (a *anchor) multiply(ctx context.Context, times int) error {
	for k := 1; k < times; k++ {
		for _, q := range []string{
			"insert into src.item select stream || $1, key, kind, ref, unit || $1, role, person || $1, pathway, since, due, latest, version, overdue from src.item where stream not like '%~%'",
			"insert into src.journey select stream || $1, key, person || $1, pathway, pathway_version, regime, status, unit || $1, role, coordinator_unit, coordinator_role, received, ended, next_ref, next_due, latest, version from src.journey where stream not like '%~%'",
			"insert into src.relation select stream || $1, key, person || $1, unit || $1, basis, from_at, until_at from src.relation where stream not like '%~%'",
		} {
			if _, err := a.db.ExecContext(ctx, q, fmt.Sprint("~", k)); err != nil {
				return err
			}
		}
	}
	return nil
}
