package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"forlop/care"
	"forlop/store"
)

// strands is how many chains there are: as many as the migration makes.
const strands = 32

const lookColumns = "l.id, l.at, l.actor_kind, l.actor_id, l.actor_unit, l.unit, l.role, l.basis, l.question, l.reason, l.what, l.persons, l.key, l.strand, l.seq, l.hash"

// logLook gives a look its place in a strand and writes it, in one statement: the
// row of the strand is locked until the commit, and nobody else's is. It hashes
// as store.LookHash does; $1 is store.LookChainHead, $2 the digest.
const logLook = "with n as materialized (select nextval('look_id_seq') as id)," +
	" h as (update look_strand s set seq = s.seq + 1, hash = sha256($1::bytea || int8send(length(s.hash)::bigint) || s.hash || int8send(s.seq + 1) || int8send(n.id) || $2::bytea)" +
	" from n where s.name = $3 returning s.name, s.seq, s.hash, n.id)," +
	" l as (insert into look (id, at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, what, persons, key, strand, seq, hash)" +
	" overriding system value select h.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, h.name, h.seq, h.hash from h returning id)" +
	" insert into look_person (person, look) select p, l.id from l, unnest($16::text[]) p"

// Log keeps a look.
func (s *Store) Log(ctx context.Context, l store.Look) error {
	if err := l.Validate(); err != nil {
		return err
	}
	all := make([]string, len(l.Persons))
	for i, p := range l.Persons {
		all[i] = string(p)
	}
	persons, err := json.Marshal(all)
	if err != nil {
		return err
	}
	what, err := json.Marshal(append([]string{}, l.What...))
	if err != nil {
		return err
	}
	about := slices.Compact(slices.Sorted(slices.Values(all)))
	strand := s.takeStrand()
	defer s.giveStrand(strand)
	return s.change(ctx, func(ctx context.Context, c *pgx.Conn) (bool, error) {
		b := &pgx.Batch{}
		b.Queue("begin")
		known := false
		if l.Key != "" {
			b.Queue("select true from look where key = $1", l.Key).QueryRow(func(row pgx.Row) error { return none(row.Scan(&known)) })
			if err := c.SendBatch(ctx, b).Close(); err != nil || known {
				return false, err
			}
			b = &pgx.Batch{}
		}
		var n int64
		b.Queue(logLook, store.LookChainHead(strand), store.LookDigest(l), strand,
			store.Micros(l.At), string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit), string(l.Post.Unit), string(l.Post.Role),
			l.Basis, l.Question, l.Reason, string(what), string(persons), l.Key, about).Exec(func(tag pgconn.CommandTag) error { n = tag.RowsAffected(); return nil })
		if err := c.SendBatch(ctx, b).Close(); err != nil {
			return false, err
		}
		if n != int64(len(about)) {
			return false, fmt.Errorf("store/postgres: the strand %s is missing; a look was not logged", strand)
		}
		return true, nil
	})
}

// takeStrand names a strand that nobody else in this process writes to now, where
// there is one; processes begin at different ones.
func (s *Store) takeStrand() string {
	select {
	case name := <-s.strands:
		return name
	default:
		return fmt.Sprintf("%02d", 1+rand.IntN(strands))
	}
}

func (s *Store) giveStrand(name string) {
	select {
	case s.strands <- name:
	default:
	}
}

// someStrands are half of all, beginning anywhere.
func someStrands() chan string {
	free, first := make(chan string, writers), rand.IntN(strands)
	for i := range writers {
		free <- fmt.Sprintf("%02d", 1+(first+i)%strands)
	}
	return free
}

func scanLook(rows pgx.Rows, more ...any) (l store.Look, err error) {
	var at int64
	var what, persons []byte
	if err := rows.Scan(append([]any{&l.ID, &at, (*string)(&l.Actor.Kind), &l.Actor.ID, (*string)(&l.Actor.Unit), (*string)(&l.Post.Unit), (*string)(&l.Post.Role),
		&l.Basis, &l.Question, &l.Reason, &what, &persons, &l.Key, &l.Strand, &l.Seq, &l.Hash}, more...)...); err != nil {
		return l, err
	}
	l.At, l.Hash = store.FromMicros(at), bytes.Clone(l.Hash)
	if len(l.Hash) == 0 {
		l.Hash = nil
	}
	err = errors.Join(json.Unmarshal(what, &l.What), json.Unmarshal(persons, &l.Persons))
	if err != nil {
		err = fmt.Errorf("the look %d: %w", l.ID, err)
	}
	if len(l.What) == 0 {
		l.What = nil
	}
	if len(l.Persons) == 0 {
		l.Persons = nil
	}
	return l, err
}

const looksText = "select " + lookColumns + " from look_person p join look l on l.id = p.look where p.person = $1 order by p.look desc limit $2"

// Looks lists the looks at a person, newest first.
func (s *Store) Looks(ctx context.Context, p care.PersonKey, limit int) (out []store.Look, err error) {
	err = s.each(ctx, looksText,
		[]any{string(p), bound(limit)}, func(rows pgx.Rows) error {
			l, err := scanLook(rows)
			out = append(out, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: looks at %s: %w", p, err)
	}
	return out, nil
}

// LookLog lists entries in the order of their ids.
func (s *Store) LookLog(ctx context.Context, q store.LookQuery) (out []store.Look, err error) {
	var c query
	from := "look l"
	if q.Person != "" {
		from = "look_person p join look l on l.id = p.look"
		c.and("p.person = " + c.arg(string(q.Person)))
	}
	c.and("l.id > " + c.arg(q.After))
	if q.Actor != "" {
		c.and("l.actor_id = " + c.arg(q.Actor))
	}
	if q.Unit != "" {
		c.and("l.unit = " + c.arg(string(q.Unit)))
	}
	if q.Question != "" {
		c.and("l.question = " + c.arg(q.Question))
	}
	if !q.From.IsZero() {
		c.and("l.at >= " + c.arg(store.Micros(q.From)))
	}
	if !q.Until.IsZero() {
		c.and("l.at < " + c.arg(store.Micros(q.Until)))
	}
	text := "select " + lookColumns + " from " + from + " where " + c.text() + " order by l.id limit " + c.arg(bound(q.Limit))
	err = s.each(ctx, text, c.args, func(rows pgx.Rows) error {
		l, err := scanLook(rows)
		out = append(out, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: the access log: %w", err)
	}
	return out, nil
}

// readLooks also says how many of the persons an entry names the index has.
const readLooks = "select " + lookColumns + ", (select count(*) from look_person p where p.look = l.id and p.person = any (array(select jsonb_array_elements_text(l.persons::jsonb))))" +
	" from look l order by l.strand, l.seq, l.id"

const lookHeads = "select name, seq, hash from look_strand where seq > 0 order by name"

// ReadLooks hands over the whole log as one transaction of a reader's sees it.
func (s *Store) ReadLooks(ctx context.Context, each func(store.Look, int) error) (state store.LookState, err error) {
	conn, err := s.reads.Acquire(ctx)
	if err != nil {
		return state, unreachable(ctx, err)
	}
	defer conn.Release()
	t, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return state, unreachable(ctx, err)
	}
	defer func() {
		_ = t.Rollback(context.WithoutCancel(ctx)) // it was only read from
		if err != nil {
			err = fmt.Errorf("store/postgres: read the access log: %w", err)
		}
	}()
	all := func(q string, row func(pgx.Rows) error) error {
		rows, err := t.Query(ctx, q)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := row(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	if err := all(readLooks, func(rows pgx.Rows) error {
		var indexed int
		l, err := scanLook(rows, &indexed)
		if err != nil {
			return err
		}
		return each(l, indexed)
	}); err != nil {
		return state, err
	}
	if err := t.QueryRow(ctx, "select count(*) from look_person").Scan(&state.Indexed); err != nil {
		return state, err
	}
	return state, all(lookHeads, func(rows pgx.Rows) error { return scanHead(rows, &state.Heads) })
}

func scanHead(rows pgx.Rows, into *[]store.StrandHead) error {
	var h store.StrandHead
	err := rows.Scan(&h.Strand, &h.Seq, &h.Hash)
	h.Hash = bytes.Clone(h.Hash)
	*into = append(*into, h)
	return err
}

// LookHeads reads the strands' heads.
func (s *Store) LookHeads(ctx context.Context) (out []store.StrandHead, err error) {
	err = s.each(ctx, lookHeads, nil, func(rows pgx.Rows) error { return scanHead(rows, &out) })
	if err != nil {
		return nil, fmt.Errorf("store/postgres: the heads of the access log: %w", err)
	}
	return out, nil
}

// PutCheckpoint keeps a checkpoint.
func (s *Store) PutCheckpoint(ctx context.Context, c store.Checkpoint) error {
	line, err := c.Line()
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, "insert into checkpoint (number, line) values ($1, $2) on conflict do nothing", c.Number, string(line))
	if err == nil && n == 0 {
		err = fmt.Errorf("%w: checkpoint %d", store.ErrClaimed, c.Number)
	}
	return err
}

// Checkpoints lists checkpoints after a number. The number that the line says
// counts, and verify compares.
func (s *Store) Checkpoints(ctx context.Context, after int64, limit int) ([]store.Checkpoint, error) {
	return s.checkpoints(ctx, "where number > $1 order by number limit $2", after, bound(limit))
}

// LastCheckpoint reads the newest.
func (s *Store) LastCheckpoint(ctx context.Context) (store.Checkpoint, error) {
	found, err := s.checkpoints(ctx, "order by number desc limit 1")
	if err != nil || len(found) == 0 {
		return store.Checkpoint{}, errors.Join(err, missing(pgx.ErrNoRows, "a checkpoint"))
	}
	return found[0], nil
}

func (s *Store) checkpoints(ctx context.Context, which string, args ...any) (out []store.Checkpoint, err error) {
	err = s.each(ctx, "select number, line from checkpoint "+which, args, func(rows pgx.Rows) error {
		var number int64
		var line []byte
		if err := rows.Scan(&number, &line); err != nil {
			return err
		}
		c, err := store.ReadCheckpoint(line)
		if err == nil && c.Number != number {
			err = fmt.Errorf("checkpoint %d stands where %d belongs", c.Number, number)
		}
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: checkpoints: %w", err)
	}
	return out, nil
}

// PruneLooks removes what is old enough, in one transaction with its record. Only
// a store that was opened as the owner may (see Options).
func (s *Store) PruneLooks(ctx context.Context, p store.Pruning, seal func(store.Pruning) store.Pruning) (store.Pruning, error) {
	if !s.opened.Owner {
		return p, fmt.Errorf("%w: %s was not opened as its owner, who alone may remove from the access log", store.ErrReadOnly, s.place)
	}
	earlier, err := s.Prunings(ctx)
	if err != nil {
		return p, err
	}
	goes := store.NewPruned(p.Before, earlier)
	if _, err := s.ReadLooks(ctx, func(l store.Look, _ int) error { goes.Add(l); return nil }); err != nil {
		return p, err
	}
	if p = goes.Into(p); p.Count == 0 {
		return p, nil
	}
	p = seal(p)
	line, err := p.Line()
	if err != nil {
		return p, err
	}
	return p, s.change(ctx, func(ctx context.Context, c *pgx.Conn) (bool, error) {
		b := &pgx.Batch{}
		b.Queue("begin")
		b.Queue("set local statement_timeout = 0")
		b.Queue("insert into look_pruning (line) values ($1)", string(line))
		for _, h := range p.Heads {
			// What was never chained goes by id: the strand '' is written to no more.
			b.Queue("with gone as (delete from look where strand = $1 and (seq <= $2 and strand <> '' or id <= $3 and strand = '') returning id)"+
				" delete from look_person where look in (select id from gone)", h.Strand, h.Seq, goes.Last()[h.Strand])
		}
		return true, c.SendBatch(ctx, b).Close()
	})
}

// Prunings lists what was pruned, oldest first.
func (s *Store) Prunings(ctx context.Context) (out []store.Pruning, err error) {
	err = s.each(ctx, "select line from look_pruning order by number", nil, func(rows pgx.Rows) error {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			return err
		}
		p, err := store.ReadPruning(line)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: prunings: %w", err)
	}
	return out, nil
}
