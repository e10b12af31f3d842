package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// steps are the migrations' texts; the schema of a database is how many it has
// had.
func steps() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []string
	for i, n := range names {
		if want := fmt.Sprintf("migrations/%04d_", i+1); !strings.HasPrefix(n, want) {
			return nil, fmt.Errorf("migration %s stands where %s… belongs", n, want)
		}
		b, err := migrations.ReadFile(n)
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	return out, nil
}

// schemas are the migrations of this program; newest is the schema they lead to.
var schemas = mustSteps()

func newest() int { return len(schemas) }

func mustSteps() []string {
	s, err := steps()
	if err != nil {
		panic(err) // the binary was built with misnumbered migrations: no test passes
	}
	return s
}

// lockMigrate keeps two migrations apart.
const lockMigrate = 0x464F524E

// Migrate makes the schema or moves it forward, one transaction for each step,
// and answers its number. It makes three roles where they are missing:
// forlop_owner, which owns the tables; forlop_runtime, as which the service acts
// and which cannot change or remove an event; and forlop_reader, as which it
// answers questions and which sees no row beyond a scope. Whoever logs in for
// Migrate must be able to make roles and a schema; whoever serves needs only to
// be a member of forlop_runtime.
//
// ErrNotReady says what an administrator has to run first, or that the schema
// belongs to somebody else or to a newer program.
func Migrate(ctx context.Context, url string) (schema int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("store/postgres: migrate %s: %w", Redacted(url), err)
		}
	}()
	pc, err := config(url)
	if err != nil {
		return 0, err
	}
	// A step may take long: the server's own timeouts are not meant for it.
	pc.ConnConfig.RuntimeParams["statement_timeout"], pc.ConnConfig.RuntimeParams["lock_timeout"] = "0", "0"
	c, err := pgx.ConnectConfig(ctx, pc.ConnConfig)
	if err != nil {
		return 0, unreachable(ctx, err)
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	if err := suited(ctx, c); err != nil {
		return 0, err
	}
	if _, err := c.Exec(ctx, "select pg_advisory_lock($1, 0)", int32(lockMigrate)); err != nil {
		return 0, err
	}
	if err := roles(ctx, c); err != nil {
		return 0, err
	}
	return forward(ctx, c, schemas)
}

// suited refuses a server whose texts or version would not do.
func suited(ctx context.Context, c *pgx.Conn) error {
	var encoding, version string
	var number int
	if err := c.QueryRow(ctx, "select current_setting('server_encoding'), current_setting('server_version'), current_setting('server_version_num')::int").
		Scan(&encoding, &version, &number); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("%w: its encoding is %s; create the database with: encoding 'UTF8'", ErrNotReady, encoding)
	}
	return fitVersion(number, version)
}

// roles makes the roles, and the one who migrates a member of them. Who may act as
// forlop_runtime may act as forlop_reader, and has none of its rights unless they
// do: of two rules for one role the wider would hold.
func roles(ctx context.Context, c *pgx.Conn) error {
	var me string
	if err := c.QueryRow(ctx, "select current_user").Scan(&me); err != nil {
		return err
	}
	ask := func(err error) error {
		quoted := pgx.Identifier{me}.Sanitize()
		return fmt.Errorf("%w: %s may not make the roles or the schema (%w). An administrator can, once, in this database: "+
			"create role %s nologin; create role %s nologin noinherit; create role %s nologin; grant %s to %s; grant %s, %s to %s; create schema %s authorization %s",
			ErrNotReady, me, err, owner, runtime, reader, reader, runtime, owner, runtime, quoted, schemaName, owner)
	}
	for _, role := range []string{owner, runtime, reader} {
		var there, member bool
		if err := c.QueryRow(ctx, "select exists (select 1 from pg_roles where rolname = $1)", role).Scan(&there); err != nil {
			return err
		}
		if !there {
			// Roles belong to the whole server: somebody else may make them now.
			inherit := ""
			if role == runtime {
				inherit = " noinherit"
			}
			if _, err := c.Exec(ctx, "create role "+role+" nologin"+inherit); err != nil && state(err) != "42710" && state(err) != uniqueViolation {
				return ask(err)
			}
		}
		if err := c.QueryRow(ctx, "select pg_has_role(current_user, $1, 'member')", role).Scan(&member); err != nil {
			return err
		}
		if !member {
			if _, err := c.Exec(ctx, "grant "+role+" to "+pgx.Identifier{me}.Sanitize()); err != nil {
				return ask(err)
			}
		}
	}
	var inherits, may, there bool
	if err := c.QueryRow(ctx, "select rolinherit, pg_has_role($1, $2, 'member') from pg_roles where rolname = $1", runtime, reader).Scan(&inherits, &may); err != nil {
		return err
	}
	if inherits {
		if _, err := c.Exec(ctx, "alter role "+runtime+" noinherit"); err != nil {
			return ask(err)
		}
	}
	if !may {
		if _, err := c.Exec(ctx, "grant "+reader+" to "+runtime); err != nil {
			return ask(err)
		}
	}
	if err := c.QueryRow(ctx, "select exists (select 1 from pg_namespace where nspname = $1)", schemaName).Scan(&there); err != nil {
		return err
	}
	if !there {
		if _, err := c.Exec(ctx, "create schema "+schemaName+" authorization "+owner); err != nil {
			return ask(err)
		}
	}
	return nil
}

// forward runs the steps that are missing. The number of a step is in its own
// transaction.
func forward(ctx context.Context, c *pgx.Conn, all []string) (at int, err error) {
	if _, err := c.Exec(ctx, "set role "+owner); err != nil {
		return 0, err
	}
	if _, err := c.Exec(ctx, "set search_path = "+schemaName+"; set "+wallSetting+" = "+wallService); err != nil {
		return 0, err
	}
	if at, err = schemaOf(ctx, c); err != nil {
		return 0, err
	}
	switch {
	case at > len(all):
		return at, newer(at, len(all))
	case at == 0:
		var tables int
		if err := c.QueryRow(ctx, "select count(*) from pg_class where relnamespace = $1::regnamespace", schemaName).Scan(&tables); err != nil {
			return 0, err
		}
		if tables > 0 {
			return 0, fmt.Errorf("%w: its schema %s belongs to another program (%d things in it)", ErrNotReady, schemaName, tables)
		}
	}
	for ; at < len(all); at++ {
		text := "begin;\n"
		if at == 0 {
			text += "create table migration (number int primary key, at timestamptz not null default now());\ngrant select on migration to " + runtime + ";\n"
		}
		text += all[at] + fmt.Sprintf(";\ninsert into migration (number) values (%d);\ncommit;", at+1)
		if _, err := c.PgConn().Exec(ctx, text).ReadAll(); err != nil {
			_, undo := c.Exec(ctx, "rollback")
			return at, errors.Join(fmt.Errorf("migration %d: %w", at+1, err), undo)
		}
	}
	return at, nil
}

func newer(have, know int) error {
	return fmt.Errorf("%w: it has schema %d and this program knows up to %d; use the newer program that migrated it", ErrNotReady, have, know)
}

// asker is a session or a pool.
type asker interface {
	QueryRow(ctx context.Context, q string, args ...any) pgx.Row
}

// schemaOf answers how many steps the database has had, 0 for none.
func schemaOf(ctx context.Context, c asker) (at int, err error) {
	err = c.QueryRow(ctx, "select coalesce(max(number), 0) from migration").Scan(&at)
	if code := state(err); code == noTable || code == noSchema {
		return 0, nil
	}
	return at, err
}

// home names the database that this is: the server's own number, and the
// database's in it. A database that is restored elsewhere has another.
const home = "select system_identifier::text || '/' || (select oid from pg_database where datname = current_database()) from pg_control_system()"

// settle raises the epoch of a database that was restored since it was last
// opened: what followers remember may not be there. Only one of several
// processes that open it does so.
func (s *Store) settle(ctx context.Context) error {
	over, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.change(over, func(ctx context.Context, c *pgx.Conn) (bool, error) {
		if _, err := c.Exec(ctx, "begin"); err != nil {
			return false, err
		}
		var here, was string
		if err := c.QueryRow(ctx, home).Scan(&here); err != nil {
			return false, err
		}
		if err := none(c.QueryRow(ctx, "select value from setting where name = 'home' for update").Scan(&was)); err != nil || was == here {
			return false, err
		}
		if was != "" {
			if _, err := c.Exec(ctx, "update setting set value = (cast(value as bigint) + 1)::text where name = 'epoch'"); err != nil {
				return false, err
			}
		}
		_, err := c.Exec(ctx, setSetting, "home", here)
		return true, err
	})
}

// fit refuses a database that cannot be served: another schema, or commits that
// are not kept.
func (s *Store) fit(ctx context.Context) error {
	conn, err := s.reads.Acquire(ctx)
	if err != nil {
		return s.refusedLogin(ctx, err)
	}
	defer conn.Release()
	at, err := schemaOf(ctx, conn)
	switch {
	case err != nil:
		return err
	case at > newest():
		return newer(at, newest())
	case at < newest():
		return fmt.Errorf("%w: it has schema %d and this program needs %d; run: forlop migrate --database URL", ErrNotReady, at, newest())
	}
	if err := errors.Join(suited(ctx, conn.Conn()), bounded(ctx, conn)); err != nil {
		return err
	}
	err = durable(ctx, conn)
	if s.opened.MayLose && errors.Is(err, errMayLose) {
		return nil
	}
	return err
}

// bounded refuses roles between which there is no wall: who serves must be able to
// act as the one that reads for others, and must not have its rights besides.
func bounded(ctx context.Context, c asker) error {
	var may, has bool
	if err := c.QueryRow(ctx, "select pg_has_role(session_user, $2, 'member'), pg_has_role($1, $2, 'usage')", runtime, reader).Scan(&may, &has); err != nil {
		return err
	}
	switch {
	case has:
		return fmt.Errorf("%w: %s has the rights of %s; an administrator can run: alter role %s noinherit; revoke %s from %s; grant %s to %s",
			ErrNotReady, runtime, reader, runtime, reader, runtime, reader, runtime)
	case !may:
		return fmt.Errorf("%w: whoever logs in must be able to act as %s; an administrator can run: grant %s to %s (or run forlop migrate again)",
			ErrNotReady, reader, reader, runtime)
	}
	return nil
}

// refusedLogin says what a session that was not had lacks.
func (s *Store) refusedLogin(ctx context.Context, err error) error {
	switch state(err) {
	case noSuchRole:
		return fmt.Errorf("%w: it was never migrated (there is no role %s); run: forlop migrate --database URL", ErrNotReady, runtime)
	case notAllowed:
		return fmt.Errorf("%w: whoever logs in must be a member of %s; an administrator can run: grant %s to USER (%w)", ErrNotReady, runtime, runtime, err)
	}
	return unreachable(ctx, err)
}

// oldest is the first PostgreSQL that may be used; one before it could break
// indexes that are made beside writers (release notes of 14.4).
const oldest = 140004

func fitVersion(number int, name string) error {
	if number < oldest {
		return fmt.Errorf("%w: PostgreSQL %s is too old; 14.4 or newer is needed", ErrNotReady, name)
	}
	return nil
}

// errMayLose: the server may lose what it has committed.
var errMayLose = fmt.Errorf("%w: commits would not be durable", ErrNotReady)

// durable reads the settings that a commit's durability rests on, as the
// sessions see them.
func durable(ctx context.Context, c asker) error {
	var fsync, pages, commit string
	if err := c.QueryRow(ctx, "select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')").
		Scan(&fsync, &pages, &commit); err != nil {
		return err
	}
	if fsync != "on" || pages != "on" || commit == "off" {
		return fmt.Errorf("%w: fsync is %s (needs on), full_page_writes is %s (needs on), synchronous_commit is %s (must not be off)", errMayLose, fsync, pages, commit)
	}
	return nil
}

// Check reads the engine, the schema and the durability settings, and that the
// log goes on behind its last event: a restore that forgot the sequence would
// give positions twice.
func (s *Store) Check(ctx context.Context) (h store.Health, err error) {
	h.Engine = "postgres"
	conn, err := s.reads.Acquire(ctx)
	if err != nil {
		return h, unreachable(ctx, err)
	}
	defer conn.Release()
	if h.Schema, err = schemaOf(ctx, conn); err != nil {
		return h, err
	}
	var last, given int64
	// A stream's version is the number of its events.
	if err := conn.QueryRow(ctx, "select current_setting('server_version'), (select coalesce(sum(version), 0)::bigint from stream),"+
		" (select coalesce(max(position), 0) from event), (select last_value from event_position)").Scan(&h.Version, &h.Events, &last, &given); err != nil {
		return h, err
	}
	if last > given {
		return h, fmt.Errorf("%w: the log's last position is %d and the next one given would be %d; run: select setval('%s.event_position', %d)", ErrNotReady, last, given+1, schemaName, last)
	}
	err = durable(ctx, conn)
	if h.Durable = err == nil && s.writes != nil; s.opened.MayLose && errors.Is(err, errMayLose) {
		return h, nil
	}
	return h, errors.Join(err, suited(ctx, conn.Conn()))
}
