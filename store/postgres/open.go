package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"forlop/store"
)

// ErrNotReady: the database cannot be served by this program as it is: it was
// never migrated, has another schema, or would lose what was acknowledged. The
// text says what to do.
var ErrNotReady = errors.New("store/postgres: the database is not ready")

// ErrAway: no server answers that can be written. It comes with
// store.ErrReadOnly; sessions are had again when one answers.
var ErrAway = errors.New("no server answers that can be written")

// Options of Open.
type Options struct {
	// ReadOnly opens the database for questions alone. Every write answers
	// store.ErrReadOnly.
	ReadOnly bool
	// MayLose opens a server that does not sync its commits (fsync=off,
	// full_page_writes=off, synchronous_commit=off), which is refused otherwise.
	// It is meant for tests: Check says that such a store is not durable.
	MayLose bool
	// Owner opens the database as the role that owns the tables. Only the pruning
	// of the access log needs it.
	Owner bool
}

// Store is one open database.
type Store struct {
	place  string
	opened Options
	reads  *pgxpool.Pool
	writes *pgxpool.Pool // nil when read-only
	walled *pgxpool.Pool // of forlop_reader; what Within answers reads from it
	scope  *store.Scope  // what is read is bounded by it; nil for the service's own
	// strands are the strands of the access log that this process writes to.
	strands chan string
}

var _ store.Store = (*Store)(nil)

// How the database is used. Readers cannot write, whatever role they have.
// Writers give up a lock that does not come, and the server ends a transaction
// that was left open, so that neither a lost client nor a rebuild holds the rest
// for ever.
const (
	schemaName = "forlop"
	runtime    = "forlop_runtime"
	reader     = "forlop_reader"
	owner      = "forlop_owner"

	writers = 16
	readers = 12 // of the service's own, and as many behind the wall

	connectTimeout = 5 * time.Second
	lockTimeout    = 5 * time.Second
)

// Open opens a database that Migrate has prepared. url is postgres://… as libpq
// reads it; several hosts may stand in it, and the one that takes writes is
// found, now and after a failover. Sessions act as the role forlop_runtime,
// whoever logs in.
//
// It answers ErrNotReady for a database that must be migrated first, is newer
// than this program, or may lose commits, and store.ErrReadOnly where no server
// that can be written answers. A database that was restored elsewhere since it
// was last opened gets a new epoch.
func Open(ctx context.Context, url string, options ...Options) (_ *Store, err error) {
	var o Options
	for _, given := range options {
		o = given
	}
	s := &Store{place: Redacted(url), opened: o, strands: someStrands()}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("store/postgres: open %s: %w", s.place, err), s.Close())
		}
	}()
	if s.reads, err = pool(url, readers, map[string]string{"default_transaction_read_only": "on", wallSetting: wallService}); err != nil {
		return nil, err
	}
	if s.walled, err = pool(url, readers, map[string]string{"default_transaction_read_only": "on", "role": reader, "enable_seqscan": "off"}); err != nil {
		return nil, err
	}
	if err := s.fit(ctx); err != nil {
		return nil, err
	}
	if o.ReadOnly {
		return s, nil
	}
	as := runtime
	if o.Owner {
		as = owner
	}
	if s.writes, err = pool(url, writers, map[string]string{
		wallSetting:    wallService,
		"role":         as,
		"lock_timeout": fmt.Sprint(lockTimeout.Milliseconds()), "idle_in_transaction_session_timeout": "30000",
		// A short statement that changes some rows never wants to read a table
		// from end to end, whatever the planner thinks of one that has just grown.
		"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
	}); err != nil {
		return nil, err
	}
	if err := s.settle(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Close ends every session; what is being written is waited for. A store that
// Within answered has none of its own.
func (s *Store) Close() error {
	for _, p := range []*pgxpool.Pool{s.reads, s.writes, s.walled} {
		if p != nil && s.scope == nil {
			p.Close()
		}
	}
	return nil
}

// pool makes a pool of sessions with settings of their own. It connects when it
// is first used.
func pool(url string, most int32, settings map[string]string) (*pgxpool.Pool, error) {
	c, err := config(url)
	if err != nil {
		return nil, err
	}
	p := c.ConnConfig.RuntimeParams
	p["search_path"], p["jit"], p["role"] = schemaName, "off", runtime
	if p["application_name"] == "" {
		p["application_name"] = "forlop"
	}
	for name, value := range settings {
		p[name] = value
	}
	if !strings.Contains(url, "pool_max_conns") {
		c.MaxConns = most
	}
	return pgxpool.NewWithConfig(context.Background(), c)
}

// config reads a URL. Its errors never show the password.
func config(url string) (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("%w: the URL cannot be read: write postgres://USER@HOST:PORT/DATABASE", ErrNotReady)
	}
	cc := c.ConnConfig
	if cc.ConnectTimeout == 0 || cc.ConnectTimeout > time.Minute {
		cc.ConnectTimeout = connectTimeout
	}
	if len(cc.Fallbacks) > 0 && cc.ValidateConnect == nil {
		cc.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	cc.OnNotice = heard
	c.PingTimeout = connectTimeout
	return c, nil
}

// Redacted is a URL that may be shown: user, hosts and database, and nothing that
// opens anything.
func Redacted(url string) string {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return "postgres://…"
	}
	cc := c.ConnConfig
	if strings.HasPrefix(cc.Host, "/") {
		folders := []string{cc.Host}
		for _, f := range cc.Fallbacks {
			folders = append(folders, f.Host)
		}
		return "postgres://" + cc.User + "@/" + cc.Database + "?host=" + strings.Join(folders, ",")
	}
	hosts := []string{net.JoinHostPort(cc.Host, fmt.Sprint(cc.Port))}
	for _, f := range cc.Fallbacks {
		// A host stands twice where it is first asked with TLS and then without.
		if h := net.JoinHostPort(f.Host, fmt.Sprint(f.Port)); !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return "postgres://" + cc.User + "@" + strings.Join(hosts, ",") + "/" + cc.Database
}
