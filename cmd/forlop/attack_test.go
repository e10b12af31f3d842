package main

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/care"
	"forlop/casework"
	"forlop/store"
	"forlop/store/storetest"
)

// attackEnv asks for another number of attacks on the file.
const attackEnv = "FORLOP_ATTACKS"

// attacked is a site whose database somebody with every right to it changes.
type attacked struct {
	worker
	t       *testing.T
	keys    *store.Keyring
	witness *witness
	random  *rand.Rand
	// exec carries out one statement as the attacker and answers how many rows it
	// changed; its error is an attack that the database itself refused. rows reads
	// texts, numbers and bytes.
	exec func(statement string, args ...any) (int64, error)
	rows func(query string, args ...any) [][]any
}

// filled is a site with some journeys and many looks, and a checkpoint after each
// round, the last of which is over everything. after is called after each.
func filled(t *testing.T, d database, after func(round int)) *attacked {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a := &attacked{t: t, random: rand.New(rand.NewPCG(rand.Uint64(), 1))}
	must(makeKey(dir+"/x.key", crand.Reader))
	var err error
	a.keys, err = keyed{KeyFile: dir + "/x.key"}.keyring(d)
	must(err)
	a.witness, err = witnessAt(dir + "/witness/")
	must(err)
	must(d.migrate(ctx))
	a.st, err = d.open(ctx, true)
	must(err)
	a.s, err = casework.New(ctx, casework.Config{Store: a.st, Clock: casework.SystemClock(), Keys: a.keys, Random: crand.Reader, Witness: a.witness})
	must(err)
	a.who = casework.Who{Actor: care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}, Post: care.Post{Unit: "clinic", Role: "coordinator"}}
	_, err = shelveShipped(ctx, a.s)
	must(err)
	for i := range 3 {
		id, err := a.open(ctx, fmt.Sprint("person/", i))
		must(err)
		for n := range 5 {
			_, err = a.note(ctx, id, fmt.Sprint("note/", i, "/", n))
			must(err)
			_, err = casework.View(ctx, a.s, a.who, casework.Overview{Limit: 10})
			must(err)
		}
		_, err = a.s.Checkpoint(ctx)
		must(err)
		after(i)
	}
	return a
}

// audit answers what verify finds, with the key and the witness.
func (a *attacked) audit(st store.Store) []string {
	ctx := a.t.Context()
	outside, err := a.witness.read()
	if err != nil {
		a.t.Fatal(err)
	}
	s, err := newService(ctx, st, a.keys)
	if err != nil {
		return []string{"the service does not start: " + err.Error()}
	}
	v, err := verify(ctx, s, outside)
	if err != nil {
		return []string{"verify stops: " + err.Error()}
	}
	var found []string
	for _, f := range v.Findings {
		found = append(found, string(f.Stream)+": "+f.What)
	}
	return found
}

// pick is one of them.
func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

// changed is another value than v.
func (a *attacked) changed(v any) any {
	switch v := v.(type) {
	case int64:
		return v + 1 + a.random.Int64N(3)
	case []byte:
		if len(v) == 0 {
			return []byte{1}
		}
		b := bytes.Clone(v)
		b[a.random.IntN(len(b))] ^= 1
		return b
	case string:
		switch {
		case strings.HasPrefix(v, "["):
			return `["q9"]`
		case strings.HasPrefix(v, "{") && a.random.IntN(2) == 0:
			return strings.Replace(v, "{", "{ ", 1)
		case strings.HasPrefix(v, "{"):
			return "{}  "
		}
		return v + "x"
	}
	a.t.Fatalf("%T", v)
	return nil
}

// The columns of the logs, without those that only tell rows apart.
var (
	lookCells  = strings.Fields("id at actor_kind actor_id actor_unit unit role basis question reason what persons key strand seq hash")
	eventCells = strings.Fields("position stream version type happened learned actor_kind actor_id actor_unit unit role on_behalf regime cause command definition body sealed hash")
)

// any row's key in a table.
func (a *attacked) anyOf(table, key string) any {
	all := a.rows("select " + key + " from " + table + " order by " + key)
	return pick(a.random, all)[0]
}

// attacks are by name; each answers an error where the database refused it.
var attacks = map[string]func(a *attacked) error{
	"change a cell of a look":   func(a *attacked) error { return a.edit("look", "id", pick(a.random, lookCells)) },
	"change a cell of an event": func(a *attacked) error { return a.edit("event", "position", pick(a.random, eventCells)) },
	"change a strand's head": func(a *attacked) error {
		return a.edit("look_strand", "name", pick(a.random, []string{"name", "seq", "hash"}))
	},
	"change a checkpoint":        (*attacked).editCheckpoint,
	"sign with another key":      (*attacked).forgeCheckpoint,
	"swap two looks":             func(a *attacked) error { return a.swap("look", "id", lookCells[1:13]) },
	"swap two looks' places":     func(a *attacked) error { return a.swap("look", "id", []string{"at", "seq", "hash", "strand"}) },
	"swap two events":            func(a *attacked) error { return a.swap("event", "position", []string{"body", "type", "sealed"}) },
	"swap two events' positions": (*attacked).swapPositions,
	"remove a look": func(a *attacked) error {
		id := a.anyOf("look", "id")
		_, err := a.exec("delete from look_person where look = $1", id)
		if err == nil {
			_, err = a.exec("delete from look where id = $1", id)
		}
		return err
	},
	"remove an event": func(a *attacked) error {
		return a.one("delete from event where position = $1", a.anyOf("event", "position"))
	},
	"remove a checkpoint": func(a *attacked) error {
		return a.one("delete from checkpoint where number = $1", a.anyOf("checkpoint", "number"))
	},
	"remove checkpoints": func(a *attacked) error { return a.one("delete from checkpoint") },
	"remove a stream": func(a *attacked) error {
		return a.one("delete from event where stream = $1", a.anyOf("event", "stream"))
	},
	"hide a look": func(a *attacked) error {
		return a.one("delete from look_person where look = $1", a.anyOf("look_person", "look"))
	},
	"hide a person's looks": func(a *attacked) error {
		return a.one("delete from look_person where person = $1", a.anyOf("look_person", "person"))
	},
	"give looks to another": func(a *attacked) error {
		look := a.anyOf("look_person", "look")
		return a.one("update look_person set person = 'q9' where look = $1 and person = (select min(person) from look_person where look = $1)", look)
	},
	"plant a person": func(a *attacked) error {
		return a.one("insert into look_person (person, look) values ('q9', $1)", a.anyOf("look", "id"))
	},
	"empty the access log": func(a *attacked) error {
		_, err := a.exec("delete from look_person")
		if err == nil {
			_, err = a.exec("delete from look")
		}
		if err == nil {
			_, err = a.exec("update look_strand set seq = 0")
		}
		return err
	},
	"plant a look from before": func(a *attacked) error {
		return a.one("insert into look (id, at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, persons)" + a.always() +
			" values (900000, 1, 'professional', 'p', '', '', '', '', 'journey', '', '[]')")
	},
	"plant a look": func(a *attacked) error {
		return a.one("insert into look (id, at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, persons, strand, seq, hash)"+a.always()+
			" select id + 900000, at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, '[]', strand, seq + 900000, hash from look where id = $1", a.anyOf("look", "id"))
	},
	"plant an event": func(a *attacked) error {
		cells := strings.Join(eventCells[3:], ", ")
		return a.one("insert into event (position, stream, version, "+cells+") select position + 900000, 'journey/x', 1, "+cells+" from event where position = $1", a.anyOf("event", "position"))
	},
	"rewrite the access log":   func(a *attacked) error { return a.rewriteLooks(false) },
	"cut the access log":       func(a *attacked) error { return a.rewriteLooks(true) },
	"rewrite a stream":         (*attacked).rewriteStream,
	"back to an older instant": (*attacked).rollBack,
}

// always lets an id be given on PostgreSQL.
func (a *attacked) always() string {
	if len(a.rows("select name from look_strand")) > 1 {
		return " overriding system value"
	}
	return ""
}

// one wants a statement to change something.
func (a *attacked) one(statement string, args ...any) error {
	n, err := a.exec(statement, args...)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s changed nothing", statement)
	}
	return err
}

func (a *attacked) edit(table, key, cell string) error {
	at := a.anyOf(table, key)
	was := a.rows("select "+cell+" from "+table+" where "+key+" = $1", at)[0][0]
	if table == "look_strand" && a.rows("select seq from look_strand where name = $1", at)[0][0] == int64(0) {
		return fmt.Errorf("a strand that was never used")
	}
	return a.one("update "+table+" set "+cell+" = $1 where "+key+" = $2", a.changed(was), at)
}

func (a *attacked) swap(table, key string, cells []string) error {
	x, y := a.anyOf(table, key), a.anyOf(table, key)
	read := "select " + strings.Join(cells, ", ") + " from " + table + " where " + key + " = $1"
	rx, ry := a.rows(read, x)[0], a.rows(read, y)[0]
	if fmt.Sprint(rx) == fmt.Sprint(ry) {
		return fmt.Errorf("they are the same")
	}
	if table == "look" && cells[len(cells)-1] == "strand" {
		if _, err := a.exec("update look set seq = seq + 700000 where id = $1", x); err != nil {
			return err
		}
	}
	set := ""
	for i, c := range cells {
		set += fmt.Sprintf(", %s = $%d", c, i+2)
	}
	write := "update " + table + " set " + set[2:] + " where " + key + " = $1"
	if err := a.one(write, append([]any{y}, rx...)...); err != nil {
		return err
	}
	return a.one(write, append([]any{x}, ry...)...)
}

func (a *attacked) swapPositions() error {
	x, y := a.anyOf("event", "position"), a.anyOf("event", "position")
	if x == y {
		return fmt.Errorf("they are the same")
	}
	for _, m := range [][2]any{{x, int64(900001)}, {y, x}, {int64(900001), y}} {
		if err := a.one("update event set position = $1 where position = $2", m[1], m[0]); err != nil {
			return err
		}
	}
	return nil
}

func (a *attacked) checkpoint() store.Checkpoint {
	c, err := store.ReadCheckpoint([]byte(pick(a.random, a.rows("select line from checkpoint order by number"))[0].(string)))
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

func (a *attacked) editCheckpoint() error {
	c := a.checkpoint()
	number := c.Number
	switch a.random.IntN(7) {
	case 0:
		c.At = c.At.Add(time.Hour)
	case 1:
		c.Looks[0].Seq++
	case 2:
		c.Looks[0].Hash[3] ^= 1
	case 3:
		c.Run[3] ^= 1
	case 4:
		c.Number++
	case 5:
		c.Signature[3] ^= 1
	case 6:
		c.Events++
	}
	line, err := c.Line()
	if err != nil {
		return err
	}
	return a.one("update checkpoint set line = $1 where number = $2", string(line), number)
}

// forgeCheckpoint signs every checkpoint anew with a key of the attacker's.
func (a *attacked) forgeCheckpoint() error {
	keys, err := store.NewKeyring(bytes.Repeat([]byte{9}, store.KeySize), crand.Reader)
	if err != nil {
		return err
	}
	var prev []byte
	for _, r := range a.rows("select line from checkpoint order by number") {
		c, err := store.ReadCheckpoint([]byte(r[0].(string)))
		if err != nil {
			return err
		}
		c.Prev = prev
		c = c.Sign(keys)
		prev = c.Sum()
		line, err := c.Line()
		if err != nil {
			return err
		}
		if err := a.one("update checkpoint set line = $1 where number = $2", string(line), c.Number); err != nil {
			return err
		}
	}
	return nil
}

// rewriteLooks changes one look, or cuts the log before it, and makes the chain
// and its head anew as the program would have.
func (a *attacked) rewriteLooks(cut bool) error {
	all, err := a.st.LookLog(a.t.Context(), store.LookQuery{})
	if err != nil {
		return err
	}
	from := pick(a.random, all)
	head := store.StrandHead{Strand: from.Strand}
	for _, l := range all {
		switch {
		case l.Strand != from.Strand:
		case l.Seq < from.Seq:
			head = store.StrandHead{Strand: l.Strand, Seq: l.Seq, Hash: l.Hash}
		case cut:
			if _, err := a.exec("delete from look_person where look = $1", l.ID); err != nil {
				return err
			}
			if err := a.one("delete from look where id = $1", l.ID); err != nil {
				return err
			}
		default:
			if l.Seq == from.Seq {
				l.Actor.ID = "somebody-else"
			}
			head = store.StrandHead{Strand: l.Strand, Seq: l.Seq, Hash: store.LookHash(head.Hash, l)}
			if err := a.one("update look set actor_id = $1, hash = $2 where id = $3", l.Actor.ID, head.Hash, l.ID); err != nil {
				return err
			}
		}
	}
	if head.Hash == nil {
		head.Hash = []byte{}
	}
	return a.one("update look_strand set seq = $1, hash = $2 where name = $3", head.Seq, head.Hash, head.Strand)
}

// rewriteStream changes one event and makes the stream's chain anew.
func (a *attacked) rewriteStream() error {
	name := store.Stream(a.anyOf("event", "stream").(string))
	events, err := a.st.Load(a.t.Context(), name, 0)
	if err != nil {
		return err
	}
	n := a.random.IntN(len(events))
	events[n].Learned = events[n].Learned.Add(time.Second)
	for _, e := range store.Chain(name, 0, nil, events) {
		if err := a.one("update event set learned = $1, hash = $2 where stream = $3 and version = $4", store.Micros(e.Learned), e.Hash, string(name), int64(e.Version)); err != nil {
			return err
		}
	}
	return nil
}

// rollBack takes everything back to a checkpoint, as an older copy would.
func (a *attacked) rollBack() error {
	c := a.checkpoint()
	if len(a.rows("select number from checkpoint where number > $1", c.Number)) == 0 {
		return fmt.Errorf("nothing is newer")
	}
	ends := map[string]store.StrandHead{}
	for _, h := range c.Looks {
		ends[h.Strand] = h
	}
	for _, r := range a.rows("select name, seq from look_strand where seq > 0") {
		h := ends[r[0].(string)]
		if h.Hash == nil {
			h.Hash = []byte{}
		}
		if _, err := a.exec("delete from look_person where look in (select id from look where strand = $1 and seq > $2)", r[0], h.Seq); err != nil {
			return err
		}
		if _, err := a.exec("delete from look where strand = $1 and seq > $2", r[0], h.Seq); err != nil {
			return err
		}
		if err := a.one("update look_strand set seq = $1, hash = $2 where name = $3", h.Seq, h.Hash, r[0]); err != nil {
			return err
		}
	}
	if err := a.one("delete from event where position > $1", c.Position); err != nil {
		return err
	}
	return a.one("delete from checkpoint where number > $1", c.Number)
}

// figures count attacks.
type figures struct {
	done, undetected int
	rounds           int
	kinds            map[string]int
	verifying        time.Duration
	slowest          time.Duration
}

// attack carries out one attack, looks whether verify finds it, and says so.
func (f *figures) attack(a *attacked, name string, st func() (store.Store, func())) {
	if err := attacks[name](a); err != nil {
		return // the database itself refused it, or it changed nothing
	}
	reader, done := st()
	defer done()
	begun := time.Now()
	found := a.audit(reader)
	took := time.Since(begun)
	f.verifying += took
	f.slowest = max(f.slowest, took)
	f.done++
	f.kinds[name]++
	if len(found) == 0 {
		f.undetected++
		a.t.Errorf("%s: undetected", name)
	}
}

func (f *figures) print(t *testing.T, where string) {
	for name := range attacks {
		if f.kinds[name] == 0 {
			t.Errorf("%s: no attack %q came through", where, name)
		}
	}
	t.Logf("%s: attacks %d of %d kinds, undetected %d, time to verify %s on average and %s at most", where, f.done, len(f.kinds), f.undetected,
		(f.verifying / time.Duration(max(1, f.done))).Round(time.Millisecond), f.slowest.Round(time.Millisecond))
}

// round names the attacks to carry out now: every kind until n have been done,
// then those that chance has not let through yet, and none when each has come.
func (f *figures) round(n int) []string {
	if f.rounds++; f.rounds > 40+n {
		return nil // print says which kind never comes through
	}
	var kinds []string
	for name := range attacks {
		if f.done < n || f.kinds[name] == 0 {
			kinds = append(kinds, name)
		}
	}
	return kinds
}

// TestAttacksOnTheFile lets somebody with every right to the file change the logs
// in every way there is; verify finds each.
func TestAttacksOnTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := dir + "/x.db"
	a := filled(t, database{Database: "sqlite:" + path}, func(int) {})
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	pristine, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	victim := dir + "/victim.db"
	reader := func() (store.Store, func()) {
		st, err := database{Database: "sqlite:" + victim}.openToRead(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return st, func() {
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	fresh := func() *sql.DB {
		for _, end := range []string{"-wal", "-shm"} {
			_ = os.Remove(victim + end)
		}
		if err := os.WriteFile(victim, pristine, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", victim)
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		a.exec = func(q string, args ...any) (int64, error) {
			r, err := db.ExecContext(t.Context(), q, args...)
			if err != nil {
				return 0, err
			}
			return r.RowsAffected()
		}
		a.rows = func(q string, args ...any) [][]any { return readAll(t, db, q, args) }
		return db
	}
	db := fresh()
	st, done := reader()
	if found := a.audit(st); len(found) > 0 {
		t.Fatalf("before any attack: %v", found)
	}
	done()
	// The triggers stop who does not mean to.
	if _, err := a.exec("delete from look"); err == nil {
		t.Error("a look was removed")
	}
	if _, err := a.exec("update event set body = '{}'"); err == nil {
		t.Error("an event was changed")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	n := 320
	if text := os.Getenv(attackEnv); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			t.Fatal(err)
		}
	}
	f := figures{kinds: map[string]int{}}
	for kinds := f.round(n); len(kinds) > 0; kinds = f.round(n) {
		for _, name := range kinds {
			db := fresh()
			for _, r := range a.rows("select name from sqlite_schema where type = 'trigger'") {
				if _, err := a.exec("drop trigger " + r[0].(string)); err != nil {
					t.Fatal(err)
				}
			}
			for _, r := range a.rows("select name from sqlite_schema where type = 'index' and name in ('look_chain', 'event_stream')") {
				if a.random.IntN(2) == 0 {
					continue
				}
				if _, err := a.exec("drop index " + r[0].(string)); err != nil {
					t.Fatal(err)
				}
			}
			st, done := reader()
			a.st = st
			f.attack(a, name, reader)
			done()
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.print(t, "SQLite")
}

func readAll(t *testing.T, db *sql.DB, q string, args []any) (out [][]any) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q, args...)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAttacksOnTheServer does the same as a superuser of a PostgreSQL server.
func TestAttacksOnTheServer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	url := storetest.DurableServer(t).Database(t)
	d := database{Database: url}
	a := filled(t, d, func(int) {})
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(c.Close(context.WithoutCancel(ctx)), a.close()); err != nil {
			t.Error(err)
		}
	}()
	a.exec = func(q string, args ...any) (int64, error) {
		tag, err := c.Exec(ctx, q, args...)
		return tag.RowsAffected(), err
	}
	a.rows = func(q string, args ...any) (out [][]any) {
		rows, err := c.Query(ctx, q, args...)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		defer rows.Close()
		for rows.Next() {
			row, err := rows.Values()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, row)
		}
		if err := rows.Err(); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		return out
	}
	must := func(q string) {
		t.Helper()
		if _, err := c.Exec(ctx, q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	must("set search_path = forlop")
	must("create schema pristine")
	tables := []string{"look", "look_person", "look_strand", "checkpoint", "event", "stream"}
	for _, table := range tables {
		must("create table pristine." + table + " as table forlop." + table)
	}
	reader := func() (store.Store, func()) { return a.st, func() {} }
	if found := a.audit(a.st); len(found) > 0 {
		t.Fatalf("before any attack: %v", found)
	}
	f := figures{kinds: map[string]int{}}
	for kinds := f.round(60); len(kinds) > 0; kinds = f.round(60) {
		for _, name := range kinds {
			f.attack(a, name, reader)
			for _, table := range tables {
				must("delete from " + table)
				always := ""
				if table == "look" {
					always = " overriding system value"
				}
				must("insert into " + table + always + " select * from pristine." + table)
			}
		}
	}
	f.print(t, "PostgreSQL")
}
