//go:build unix

package storetest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Cluster answers the connection URL of a database of the test's own on a
// PostgreSQL server that belongs to this test binary: a copy of one that prepare
// has filled, which is done once in the binary's life, or an empty one where
// prepare is nil. The server is started when the first test
// asks, listens on a socket in a folder of its own and on no port, and is stopped
// and removed when the test binary ends, however it ends. It does not sync: what
// it holds need not outlive it. The database is dropped after the test.
//
// A test fails where PostgreSQL's programs are missing.
func Cluster(t testing.TB, prepare func(url string) error) string {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.err = newServer(false) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	if prepare == nil {
		return shared.server.Database(t)
	}
	const prepared = "prepared"
	shared.prepare.Do(func() {
		shared.server.SQL(t, "postgres", "create database "+prepared+" template template0")
		shared.err = prepare(shared.server.URL(prepared))
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server.copyOf(t, prepared)
}

var shared struct {
	once, prepare sync.Once
	server        *Server
	err           error
}

// Server is a PostgreSQL server of a test's own, with the durability of a real
// one: a test may kill it and start it again.
type Server struct {
	bin, dir string
	as       *syscall.Credential // who runs it; nil for ourselves
	options  string
	made     atomic.Int32
}

// DurableServer starts a server that syncs what it commits. It is removed after
// the test.
func DurableServer(t testing.TB) *Server {
	t.Helper()
	s, err := newServer(true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.remove(t) })
	return s
}

func (s *Server) remove(t testing.TB) {
	_, _ = s.run("pg_ctl", "stop", "-D", s.data(), "-m", "immediate") // it may be stopped already
	if err := os.RemoveAll(s.dir); err != nil {
		t.Error(err)
	}
}

// Database makes an empty database and answers its URL. It is dropped after the
// test.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	return s.copyOf(t, "template0")
}

func (s *Server) copyOf(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprint("t", s.made.Add(1))
	s.SQL(t, "postgres", "create database "+name+" template "+template)
	t.Cleanup(func() {
		// A server that the test has stopped takes its databases with it.
		_, _ = s.run("psql", "-qX", "-h", s.dir, "-U", "postgres", "-d", "postgres", "-c", "drop database if exists "+name+" with (force)")
	})
	return s.URL(name)
}

// URL is where a database of the server is.
func (s *Server) URL(database string) string {
	return URLOf(database, s)
}

// SQL runs statements in a database and answers what they print.
func (s *Server) SQL(t testing.TB, database, statements string) string {
	t.Helper()
	out, err := s.run("psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", s.dir, "-U", "postgres", "-d", database, "-c", statements)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// Copy dumps a database into another that is empty, as a backup that is put back
// would. Roles are not part of a dump.
func Copy(t testing.TB, from, to string) {
	t.Helper()
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "dump.sql")
	for _, cmd := range []*exec.Cmd{
		exec.Command(filepath.Join(bin, "pg_dump"), "-f", file, from),
		exec.Command(filepath.Join(bin, "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", file, to),
	} {
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, out)
		}
	}
}

// Kill kills the server's first process, as a crash would, and the others end
// with it.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	pid, err := s.pid()
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Lose ends the server's processes at once, as the loss of its machine would:
// nothing that it was doing is finished or answered.
func (s *Server) Lose(t testing.TB) {
	t.Helper()
	if _, err := s.run("pg_ctl", "stop", "-D", s.data(), "-m", "immediate", "-w", "-t", "60"); err != nil {
		t.Fatal(err)
	}
}

// Standby starts a second server that follows s, and makes s wait with every
// commit until the second one has it on disk. It is removed after the test.
func (s *Server) Standby(t testing.TB) *Server {
	t.Helper()
	dir, err := folderOf(s.as)
	if err != nil {
		t.Fatal(err)
	}
	other := &Server{bin: s.bin, dir: dir, as: s.as, options: options(dir) + " -c cluster_name=" + standbyName}
	t.Cleanup(func() { other.remove(t) })
	if _, err := other.run("pg_basebackup", "-D", other.data(), "-h", s.dir, "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync"); err != nil {
		t.Fatal(err)
	}
	other.Start(t)
	// Said after the copy was made, which would carry it along otherwise.
	for _, statement := range []string{"alter system set synchronous_standby_names = '" + standbyName + "'", "select pg_reload_conf()"} {
		s.SQL(t, "postgres", statement)
	}
	return other
}

const standbyName = "standby"

// Promote makes a standby a server that takes writes.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	if _, err := s.run("pg_ctl", "promote", "-D", s.data(), "-w", "-t", "60"); err != nil {
		t.Fatal(err)
	}
}

// StartAsStandby starts a server that was lost as one that takes no writes.
func (s *Server) StartAsStandby(t testing.TB) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.data(), "standby.signal"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s.Start(t)
}

// URLOf is where a database is that one of several servers has.
func URLOf(database string, servers ...*Server) string {
	var dirs []string
	for _, s := range servers {
		dirs = append(dirs, s.dir)
	}
	return "postgres://postgres@/" + database + "?host=" + url.QueryEscape(strings.Join(dirs, ","))
}

// Start starts a server that was killed or stopped, and waits until it answers.
// What is left of a killed one may hold the folder for a moment.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	for over := time.After(time.Minute); ; {
		err := s.start()
		if err == nil {
			return
		}
		select {
		case <-over:
			t.Fatal(err)
		default:
		}
	}
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}

func (s *Server) start() error {
	_, err := s.run("pg_ctl", "start", "-D", s.data(), "-w", "-t", "60", "-l", filepath.Join(s.dir, "log"), "-o", s.options)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log")) // without a log the error stands alone
		return fmt.Errorf("%w\n%s", err, tail(string(log)))
	}
	return nil
}

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}

// run runs one of PostgreSQL's programs as whoever runs the server.
func (s *Server) run(program string, args ...string) (string, error) {
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") }), "HOME="+s.dir, "LC_ALL=C.UTF-8")
	if s.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	}
	// The server outlives pg_ctl and would hold a pipe open: files are not waited for.
	out, err := os.CreateTemp("", "forlop-pg-*.out")
	if err != nil {
		return "", err
	}
	defer func() { _ = errors.Join(out.Close(), os.Remove(out.Name())) }()
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	text, readErr := os.ReadFile(out.Name())
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, tail(string(text)))
	}
	return string(text), readErr
}

// newServer makes a server and starts it. One that is not durable is given to a
// watchdog: a shell that reads from a pipe which nobody writes to, and which the
// system closes when this process ends.
func newServer(durable bool) (_ *Server, err error) {
	s := &Server{}
	if s.bin, err = programs(); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		if s.as, err = debian(); err != nil {
			return nil, err
		}
	}
	if s.dir, err = folderOf(s.as); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(s.dir))
		}
	}()
	if _, err := s.run("initdb", "-D", s.data(), "-A", "trust", "-U", "postgres", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		return nil, err
	}
	s.options = options(s.dir)
	if !durable {
		s.options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c max_wal_size=4GB"
		if err := s.watch(); err != nil {
			return nil, err
		}
	}
	if err := s.start(); err != nil {
		return nil, err
	}
	return s, nil
}

func options(dir string) string {
	return "-k " + dir + " -c listen_addresses='' -c max_connections=300 -c shared_buffers=64MB -c timezone=UTC -c log_min_messages=warning"
}

// watch starts the watchdog.
func (s *Server) watch() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	// An immediate stop that fails has nothing to stop.
	dog := exec.Command("/bin/sh", "-c", `trap "" INT TERM HUP; read nothing; "$1/pg_ctl" stop -D "$2/data" -m immediate -t 20; rm -rf "$2"`, "sh", s.bin, s.dir)
	dog.Stdin, dog.Dir = read, "/"
	dog.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	if err := dog.Start(); err != nil {
		return errors.Join(err, read.Close(), write.Close())
	}
	held = append(held, write)
	return read.Close()
}

// held keeps the pipes from being closed by the garbage collector.
var held []*os.File

// programs is the newest folder of PostgreSQL's server programs.
func programs() (string, error) {
	version := func(dir string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir))) // 0 for what is no number
		return n
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	for _, dir := range found {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		real, err := filepath.EvalSymlinks(path)
		return filepath.Dir(real), err
	}
	return "", errors.New("these tests need PostgreSQL's server programs (initdb, pg_ctl) and found none in /usr/lib/postgresql or PATH: install Debian's package postgresql; scripts/test does")
}

// debian is the account that Debian's package makes.
func debian() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no account postgres to run it as (Debian's package postgresql makes one): %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// longestSocket is what a socket's path may have with PostgreSQL's file name in
// it, on every Unix.
const longestSocket = 100

// folderOf makes a folder that belongs to whoever runs the server.
func folderOf(as *syscall.Credential) (string, error) {
	dir, err := folder()
	if err == nil && as != nil {
		err = os.Chown(dir, int(as.Uid), int(as.Gid))
	}
	return dir, err
}

// folder makes a folder that the server's account can reach, with a short path.
func folder() (string, error) {
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		dir, err := os.MkdirTemp(parent, "forlop-pg-")
		if err != nil {
			continue
		}
		if len(dir)+len("/.s.PGSQL.5432") < longestSocket && reachable(dir) {
			return dir, os.Chmod(dir, 0o755)
		}
		if err := os.Remove(dir); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("no folder for a PostgreSQL server: neither %s nor /tmp is short and open enough", os.TempDir())
}

// reachable reports whether another account can search every folder above dir.
func reachable(dir string) bool {
	for dir = filepath.Dir(dir); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}
