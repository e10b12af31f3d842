package main

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"forlop/casework"
	"forlop/store"
	"forlop/store/sqlite"
)

// A backup is one file, a tar archive of three: what it is, the database as it
// stood at one instant, and at the end what whoever restores it must find again. A
// backup that was cut off has no end, so it can never be taken for a whole one. It
// holds no site key.
const (
	backupHead = "forlop-backup.json"
	backupData = "forlop.db"
	backupEnd  = "manifest.json"
	// backupFormat is raised where an older program could not read it.
	backupFormat = 1
)

// manifest says what a backup holds. The head of the file has it without SHA256
// and State, which are known at the end.
type manifest struct {
	Format  int       `json:"format"`
	Program string    `json:"program"`
	At      time.Time `json:"at"`
	// Schema, Epoch and Position are the database's own; Bytes is how long it is.
	Schema   int   `json:"schema"`
	Epoch    int64 `json:"epoch"`
	Position int64 `json:"position"`
	Bytes    int64 `json:"bytes"`
	// Key names the site's key that opens it; the key itself is kept elsewhere.
	Key string `json:"key"`
	// SHA256 is over the database, State over every event up to Position.
	SHA256 string `json:"sha256,omitempty"`
	State  string `json:"state,omitempty"`
}

// backupCommand copies a database, or tries a copy out.
type backupCommand struct {
	Write backupWrite `cmd:"" default:"withargs" help:"Copy a database into one file, while it is served."`
	Drill backupDrill `cmd:"" help:"Restore a backup to a place that goes away again, read every event of it, and say how long that took."`
}

// backupWrite copies a database into a file.
type backupWrite struct {
	database
	File string `arg:"" type:"path" help:"The file to write; it must not be there."`
	JSON bool   `name:"json" help:"Print what the backup holds as JSON."`
}

// Help is shown under the flags.
func (backupWrite) Help() string {
	return "Of a SQLite file, whoever serves it meanwhile. The file holds everything but the site's key: keep that apart. " +
		"A PostgreSQL server has tools of its own for this: see docs/operate.md."
}

// Run copies.
func (c *backupWrite) Run(p *program) (err error) {
	if c.onServer() {
		return usage("forlop backup copies a SQLite file. A server has tools of its own, which know its log and its roles: "+
			"pg_dump --format=custom --file=%s, or pg_basebackup with the log archived (see docs/operate.md)", c.File)
	}
	opened, err := c.openToRead(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	st, ok := opened.(*sqlite.Store)
	if !ok {
		return fmt.Errorf("%s is no SQLite file", c.database)
	}
	if mark, err := st.Setting(p.ctx, demoSetting); err == nil && mark == demoMaking {
		return notReady(fmt.Errorf("%s is being made", c.database))
	}
	clock := casework.SystemClock()
	begun := clock.Now()
	m, err := writeBackup(p.ctx, st, c.File, begun)
	if err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	took := clock.Now().Sub(begun)
	p.say("%s: %d events, %.1f MB in %s. It opens with the site key %s alone, which is not in it", c.File, m.Position, float64(m.Bytes)/1e6, took.Round(time.Millisecond), m.Key)
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(m)
	}
	return p.printf("%s %s\n", m.State, c.File)
}

// writeBackup writes the file under another name and gives it its own when all of
// it is on the disk.
func writeBackup(ctx context.Context, st *sqlite.Store, path string, at time.Time) (m manifest, err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%s is there already; name another file", path)
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(part))
		}
	}()
	if m, err = pack(ctx, st, f, at); err != nil {
		return m, err
	}
	if err := f.Sync(); err != nil {
		return m, err
	}
	// A link, unlike a rename, never puts itself in the place of what came meanwhile.
	if err := os.Link(part, path); err != nil {
		return m, err
	}
	return m, errors.Join(f.Close(), os.Remove(part), syncFolder(filepath.Dir(path)))
}

// pack writes the archive.
func pack(ctx context.Context, st *sqlite.Store, f io.Writer, at time.Time) (m manifest, err error) {
	m = manifest{Format: backupFormat, Program: version(), At: at}
	if m.Key, err = store.KeyOf(ctx, st); err != nil {
		return m, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	archive, sum := tar.NewWriter(out), sha256.New()
	begin := func(c sqlite.Copied) (io.Writer, error) {
		m.Schema, m.Epoch, m.Position, m.Bytes = c.Schema, c.Epoch, c.Position, c.Bytes
		if err := packJSON(archive, backupHead, m); err != nil {
			return nil, err
		}
		err := archive.WriteHeader(&tar.Header{Name: backupData, Mode: 0o600, Size: c.Bytes, ModTime: at, Format: tar.FormatPAX})
		return io.MultiWriter(archive, sum), err
	}
	if _, err := st.Copy(ctx, begin); err != nil {
		return m, err
	}
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if m.State, err = stateOf(ctx, st, m.Position); err != nil {
		return m, err
	}
	return m, errors.Join(packJSON(archive, backupEnd, m), archive.Close(), out.Flush())
}

func packJSON(to *tar.Writer, name string, m manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := to.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text)), ModTime: m.At}); err != nil {
		return err
	}
	_, err = to.Write(text)
	return err
}

// stateOf is a hash over every event up to a position, in their order. What a
// database says follows from its events, so two databases with the same hash say the
// same (L12); forlop verify shows that the rest of one follows from its events.
// Events are never changed, so it can be computed after a copy was made.
func stateOf(ctx context.Context, st store.Store, position int64) (string, error) {
	var run []byte
	for after := int64(0); after < position; {
		events, err := st.Follow(ctx, after, 1000)
		if err != nil {
			return "", err
		}
		if len(events) == 0 {
			return "", fmt.Errorf("the log ends at %d, before %d", after, position)
		}
		for _, e := range events {
			if e.Position > position {
				break
			}
			run = store.RunHash(run, e)
		}
		after = events[len(events)-1].Position
	}
	return hex.EncodeToString(run), nil
}

// syncFolder makes the names in a folder last.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	// Windows cannot sync a folder and does not need to.
	if err := dir.Sync(); err != nil && !errors.Is(err, os.ErrPermission) && !errors.Is(err, os.ErrInvalid) {
		return errors.Join(err, dir.Close())
	}
	return dir.Close()
}
