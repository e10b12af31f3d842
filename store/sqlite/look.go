package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"forlop/care"
	"forlop/store"
)

// strand is the one chain that a file has.
const strand = "1"

const lookColumns = "l.id, l.at, l.actor_kind, l.actor_id, l.actor_unit, l.unit, l.role, l.basis, l.question, l.reason, l.what, l.persons, l.key, l.strand, l.seq, l.hash"

// Log keeps a look; it shares its commit with whatever else is written.
func (s *Store) Log(ctx context.Context, l store.Look) error {
	if err := l.Validate(); err != nil {
		return err
	}
	persons, err := json.Marshal(notNilPersons(l.Persons))
	if err != nil {
		return err
	}
	what, err := json.Marshal(append([]string{}, l.What...))
	if err != nil {
		return err
	}
	about := slices.Clone(l.Persons)
	slices.Sort(about)
	about = slices.Compact(about)
	return s.change(ctx, func(t tx) error {
		if l.Key != "" {
			var one int
			if known, err := t.get("select 1 from look where key = $1", []any{l.Key}, &one); err != nil || known {
				return err
			}
		}
		l := l // the job may run again
		l.Strand = strand
		var prev []byte
		if _, err := t.get("select seq, hash, look from look_strand where name = $1", []any{strand}, &l.Seq, &prev, &l.ID); err != nil {
			return err
		}
		l.Seq, l.ID = l.Seq+1, l.ID+1
		l.Hash = store.LookHash(prev, l)
		if _, err := t.exec("update look_strand set seq = $1, hash = $2, look = $3 where name = $4", l.Seq, l.Hash, l.ID, strand); err != nil {
			return err
		}
		if _, err := t.exec("insert into look (id, at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, what, persons, key, strand, seq, hash)"+
			" values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
			l.ID, store.Micros(l.At), string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit), string(l.Post.Unit), string(l.Post.Role),
			l.Basis, l.Question, l.Reason, string(what), string(persons), l.Key, l.Strand, l.Seq, l.Hash); err != nil {
			return err
		}
		// A worklist is about as many persons as it has rows; they are written
		// sixteen in a statement.
		for part := range slices.Chunk(about, 16) {
			q := query{args: []any{l.ID}}
			var rows []string
			for _, p := range part {
				rows = append(rows, "("+q.arg(string(p))+", $1)")
			}
			if _, err := t.exec("insert into look_person (person, look) values "+strings.Join(rows, ", "), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func notNilPersons(p []care.PersonKey) []care.PersonKey {
	if p == nil {
		return []care.PersonKey{}
	}
	return p
}

func scanLook(rows *sql.Rows, more ...any) (l store.Look, err error) {
	var at int64
	var what, persons []byte
	if err := rows.Scan(append([]any{&l.ID, &at, &l.Actor.Kind, &l.Actor.ID, &l.Actor.Unit, &l.Post.Unit, &l.Post.Role,
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

// Looks lists the looks at a person, newest first.
func (s *Store) Looks(ctx context.Context, p care.PersonKey, limit int) (out []store.Look, err error) {
	err = s.each(ctx, "select "+lookColumns+" from look_person p join look l on l.id = p.look where p.person = $1 order by p.look desc limit $2",
		[]any{string(p), bound(limit)}, func(rows *sql.Rows) error {
			l, err := scanLook(rows)
			out = append(out, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: looks at %s: %w", p, err)
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
	err = s.each(ctx, text, c.args, func(rows *sql.Rows) error {
		l, err := scanLook(rows)
		out = append(out, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: the access log: %w", err)
	}
	return out, nil
}

// readLooks also says how many of the persons an entry names the index has.
const readLooks = "select " + lookColumns + ", (select count(*) from look_person p where p.look = l.id and p.person in (select value from json_each(l.persons)))" +
	" from look l order by l.strand, l.seq, l.id"

const lookHeads = "select name, seq, hash from look_strand where seq > 0 order by name"

// ReadLooks hands over the whole log in one transaction of a reader's.
func (s *Store) ReadLooks(ctx context.Context, each func(store.Look, int) error) (state store.LookState, err error) {
	t, err := s.reads.BeginTx(ctx, nil)
	if err != nil {
		return state, err
	}
	defer func() {
		_ = t.Rollback() // it was only read from
		if err != nil {
			err = fmt.Errorf("store/sqlite: read the access log: %w", err)
		}
	}()
	rows, err := t.QueryContext(ctx, readLooks)
	if err := eachRow(rows, err, func(rows *sql.Rows) error {
		var indexed int
		l, err := scanLook(rows, &indexed)
		if err != nil {
			return err
		}
		return each(l, indexed)
	}); err != nil {
		return state, err
	}
	if err := t.QueryRowContext(ctx, "select count(*) from look_person").Scan(&state.Indexed); err != nil {
		return state, err
	}
	rows, err = t.QueryContext(ctx, lookHeads)
	return state, eachRow(rows, err, func(rows *sql.Rows) error { return scanHead(rows, &state.Heads) })
}

func scanHead(rows *sql.Rows, into *[]store.StrandHead) error {
	var h store.StrandHead
	err := rows.Scan(&h.Strand, &h.Seq, &h.Hash)
	h.Hash = bytes.Clone(h.Hash)
	*into = append(*into, h)
	return err
}

// LookHeads reads the strands' heads.
func (s *Store) LookHeads(ctx context.Context) (out []store.StrandHead, err error) {
	err = s.each(ctx, lookHeads, nil, func(rows *sql.Rows) error { return scanHead(rows, &out) })
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: the heads of the access log: %w", err)
	}
	return out, nil
}

// PutCheckpoint keeps a checkpoint.
func (s *Store) PutCheckpoint(ctx context.Context, c store.Checkpoint) error {
	line, err := c.Line()
	if err != nil {
		return err
	}
	return s.change(ctx, func(t tx) error {
		n, err := t.exec("insert into checkpoint (number, line) values ($1, $2) on conflict do nothing", c.Number, string(line))
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: checkpoint %d", store.ErrClaimed, c.Number)
		}
		return err
	})
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
		return store.Checkpoint{}, errors.Join(err, missing(sql.ErrNoRows, "a checkpoint"))
	}
	return found[0], nil
}

func (s *Store) checkpoints(ctx context.Context, which string, args ...any) (out []store.Checkpoint, err error) {
	err = s.each(ctx, "select number, line from checkpoint "+which, args, func(rows *sql.Rows) error {
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
		return nil, fmt.Errorf("store/sqlite: checkpoints: %w", err)
	}
	return out, nil
}

// PruneLooks removes what is old enough, in one transaction with its record.
func (s *Store) PruneLooks(ctx context.Context, p store.Pruning, seal func(store.Pruning) store.Pruning) (store.Pruning, error) {
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
	return p, s.submit(ctx, &job{alone: true, run: func(t tx) error {
		if _, err := t.insert("insert into look_pruning (line) values ($1)", string(line)); err != nil {
			return err
		}
		for _, h := range p.Heads {
			last := goes.Last()[h.Strand]
			// Who reads which entries may go: the triggers do, too.
			if _, err := t.exec("insert into look_pruned (strand, seq, look) values ($1, $2, $3)"+
				" on conflict (strand) do update set seq = excluded.seq, look = excluded.look", h.Strand, h.Seq, last); err != nil {
				return err
			}
			covered := "strand = $1 and seq <= $2 and id <= $3"
			if h.Strand == "" {
				covered = "strand = $1 and $2 > 0 and id <= $3"
			}
			if _, err := t.exec("delete from look_person where look in (select id from look where "+covered+")", h.Strand, h.Seq, last); err != nil {
				return err
			}
			if _, err := t.exec("delete from look where "+covered, h.Strand, h.Seq, last); err != nil {
				return err
			}
		}
		return nil
	}})
}

// Prunings lists what was pruned, oldest first.
func (s *Store) Prunings(ctx context.Context) (out []store.Pruning, err error) {
	err = s.each(ctx, "select line from look_pruning order by number", nil, func(rows *sql.Rows) error {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			return err
		}
		p, err := store.ReadPruning(line)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: prunings: %w", err)
	}
	return out, nil
}
