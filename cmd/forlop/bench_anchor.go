package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // bare SQL on a server

	"forlop/casework"
	"forlop/store/sqlite"
)

// anchor is bare SQL: one connection, one transaction at a time, synced at every
// commit, no program around it. It writes to tables of its own with the same
// indexes, and reads from those that are measured.
type anchor struct {
	db *sql.DB
	// src and bare stand before the names of the measured tables and its own.
	src, bare string
	// sized answers how many bytes its own tables take.
	sized   string
	server  bool
	written int
}

// keys are what each table's rows are told apart by; a row that is there already
// is changed.
var keys = map[string]string{
	"event": "stream, version", "item": "stream, key", "journey": "stream, key", "relation": "stream, key", "timer": "stream",
	"data_key": "subject", "identity": "subject", "command": "actor, key", "stream": "name",
}

// anchorOnFile makes a bare file and attaches the measured one as src.
func anchorOnFile(ctx context.Context, measured, bare string) (*anchor, error) {
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
	a := &anchor{db: db, src: "src.", bare: "main.", sized: "select page_count * page_size from pragma_page_count('main'), pragma_page_size('main')"}
	if _, err := db.ExecContext(ctx, "attach $1 as src", "file:"+url.PathEscape(measured)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

// anchorOnServer makes bare tables in a schema of their own, beside the measured
// ones.
func anchorOnServer(ctx context.Context, at string) (*anchor, error) {
	db, err := sql.Open("pgx", at)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	a := &anchor{db: db, src: "forlop.", bare: "bare.", server: true,
		sized: "select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'bare' and c.relkind = 'r'"}
	for _, q := range []string{"drop schema if exists bare cascade", "create schema bare"} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	for _, table := range slices.Sorted(maps.Keys(keys)) {
		if _, err := db.ExecContext(ctx, "create table bare."+table+" (like forlop."+table+" including all)"); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	for _, table := range []string{"look", "look_person"} {
		if _, err := db.ExecContext(ctx, "create table bare."+table+" (like forlop."+table+" including all)"); err != nil {
			return nil, errors.Join(err, db.Close())
		}
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
	rows, err := a.db.QueryContext(ctx, "select * from "+a.src+table+" where "+where, args...)
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
	query := a.insert(table, columns)
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

// insert is the statement that writes a row, or changes the one that is there.
func (a *anchor) insert(table string, columns []string) string {
	marks, sets := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		marks[i], sets[i] = "$"+strconv.Itoa(i+1), c+" = excluded."+c
	}
	return "insert into " + a.bare + table + " (" + strings.Join(columns, ", ") + ") values (" + strings.Join(marks, ", ") + ")" +
		" on conflict (" + keys[table] + ") do update set " + strings.Join(sets, ", ")
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
func (a *anchor) command(key string) row {
	return row{a.insert("command", []string{"actor", "key", "digest", "answer"}),
		[]any{"professional/bench", key, make([]byte, 32), []byte(`{"target":"0123456789abcdef01234567","version":12,"first":1}`)}}
}

// write writes everything that opening a journey wrote.
func (a *anchor) write(ctx context.Context, clock casework.Clock, journeys [][]string) (float64, error) {
	var batches [][]row
	for _, streams := range journeys {
		batch := []row{a.command(streams[0])}
		for _, st := range streams {
			for _, table := range a.tables("event", "item", "journey", "relation", "timer") {
				rows, err := a.read(ctx, table, a.column(table)+" = $1", st)
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

// tables are the tables given, and the heads of streams where the store keeps
// them.
func (a *anchor) tables(names ...string) []string {
	if a.server {
		names = append(names, "stream")
	}
	return names
}

func (a *anchor) column(table string) string {
	if table == "stream" {
		return "name"
	}
	return "stream"
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
		if err := a.db.QueryRowContext(ctx, "select max(version) from "+a.src+"event where stream = $1", v.stream).Scan(&v.at); err != nil {
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
		batch := []row{a.command(fmt.Sprint(v.stream, "/", v.at, "/", i)), {"delete from " + a.bare + "item where stream = $1 and key = 'step/2'", []any{v.stream}}}
		events, err := a.read(ctx, "event", "stream = $1 and version > $2", v.stream, v.at)
		if err != nil {
			return 0, err
		}
		batch = append(batch, events...)
		for _, table := range a.tables("journey", "timer") {
			rows, err := a.read(ctx, table, a.column(table)+" = $1", v.stream)
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
	err = a.db.QueryRowContext(ctx, "select count(*) from "+a.src+"event where stream = $1", "journey/"+journey).Scan(&n)
	return n, err
}

// bytes is what the rows of one journey take in the bare tables.
func (a *anchor) bytes(ctx context.Context) (float64, error) {
	var size int64
	err := a.db.QueryRowContext(ctx, a.sized).Scan(&size)
	return float64(size) / float64(max(a.written, 1)), err
}

// scan reads every event in stream order and does nothing with it.
func (a *anchor) scan(ctx context.Context, clock casework.Clock) (_ float64, err error) {
	start := clock.Now()
	rows, err := a.db.QueryContext(ctx, "select stream, version, type, happened, learned, body, sealed, hash from "+a.src+"event order by stream, version")
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
		persons, err := a.texts(ctx, "select person from "+a.src+"item where unit = $1 order by due, stream, key limit 50", clinicOf(i%clinics))
		if err != nil {
			return 0, err
		}
		if _, err := a.texts(ctx, "select cast(count(*) as text) from "+a.src+"item where unit = $1", clinicOf(i%clinics)); err != nil {
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
	args, marks := make([]any, len(persons)), make([]string, len(persons))
	for i, p := range persons {
		args[i], marks[i] = p, "$"+strconv.Itoa(i+1)
	}
	if _, err := a.texts(ctx, "select sealed from "+a.src+"identity where subject in ("+strings.Join(marks, ",")+")", args...); err != nil {
		return err
	}
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	var id int64
	err = tx.QueryRowContext(ctx, "insert into "+a.bare+"look (at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, persons)"+
		" values (0, 'professional', 'bench', 'clinic', 'clinic', 'coordinator', 'takes-part', 'worklist', '', $1) returning id", strings.Join(persons, ",")).Scan(&id)
	if err == nil {
		slices.Sort(persons)
		for _, p := range slices.Compact(persons) {
			if _, err = tx.ExecContext(ctx, "insert into "+a.bare+"look_person (person, look) values ($1, $2)", p, id); err != nil {
				break
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
		streams, err := a.texts(ctx, "select stream from "+a.src+"journey where person = $1", p)
		if err != nil {
			return 0, err
		}
		for _, st := range append(streams, "person/"+p) {
			if _, err := a.texts(ctx, "select body from "+a.src+"event where stream = $1 order by version", st); err != nil {
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
