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

	"forlop/casework"
	"forlop/store"
	"forlop/store/sqlite"
)

// restoreCommand makes a database from a backup.
type restoreCommand struct {
	File string `arg:"" type:"existingfile" help:"What forlop backup has written."`
	database
	keyed
}

// Help is shown under the flags.
func (restoreCommand) Help() string {
	return "The database must not be there. What was to be sent is held until somebody lets it go, every login has ended, and the log " +
		"has a new epoch. Refused: a backup that is cut off or changed, one of a newer program, one whose site key is not here. " +
		"Whoever was erased after the backup was made is in it again: carry those decisions out anew before it is served."
}

// Run restores and compares.
func (c *restoreCommand) Run(p *program) error {
	if c.onServer() {
		return usage("forlop restore makes a SQLite file. For a server: pg_restore (see docs/operate.md)")
	}
	path, err := c.file()
	if err != nil {
		return err
	}
	keys, err := c.keyFor(c.File, c.database)
	if err != nil {
		return err
	}
	m, err := restore(p.ctx, c.File, path, keys)
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	p.say("%s is as it was at %s: %d events. Look it through before it is served: forlop verify --database %s", path, m.At.Format("2006-01-02 15:04:05 MST"), m.Position, c.database)
	return p.printf("%s %s\n", m.State, path)
}

// keyFor reads the site's key, and says which one the backup asks for where it is
// not there.
func (k keyed) keyFor(backup string, d database) (*store.Keyring, error) {
	keys, err := k.keyring(d)
	if err == nil {
		return keys, nil
	}
	head, unread := headOf(backup)
	if unread != nil {
		return nil, unread
	}
	return nil, notReady(fmt.Errorf("the backup opens with the site key %s alone, and nothing was restored: %w", head.Key, err))
}

// restore makes the file at path from a backup. Until all of it is there and was
// compared it has another name.
func restore(ctx context.Context, backup, path string, keys *store.Keyring) (m manifest, err error) {
	for _, name := range []string{path, path + "-wal"} {
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return m, fmt.Errorf("%s is there already, and a restore never writes over anything; name another place, or move it away", name)
		}
	}
	part := path + ".restoring"
	if err := clearAway(part); err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, clearAway(part)) }()
	if m, err = headOf(backup); err != nil {
		return m, err
	}
	if m.Key != "" && m.Key != keys.ID() {
		return m, notReady(fmt.Errorf("the backup opens with the site key %s, and the key given is %s; name the right file with --key-file", m.Key, keys.ID()))
	}
	if m, err = unpack(backup, part); err != nil {
		return m, err
	}
	if err := sqlite.Restored(ctx, part); err != nil {
		return m, err
	}
	if err := compare(ctx, part, m, keys); err != nil {
		return m, err
	}
	if err := os.Link(part, path); err != nil {
		return m, err
	}
	return m, syncFolder(filepath.Dir(path))
}

// clearAway removes what a restore leaves beside the file, and what one that was
// broken off has left.
func clearAway(part string) error {
	var errs []error
	for _, end := range []string{"", "-wal", "-shm", "-lock", "-journal"} {
		if err := os.Remove(part + end); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// compare refuses a database that is not what the manifest says.
func compare(ctx context.Context, path string, m manifest, keys *store.Keyring) (err error) {
	st, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := keys.Fits(ctx, st); err != nil && m.Key != "" {
		return keyFault(err)
	}
	state, err := stateOf(ctx, st, m.Position)
	if err != nil {
		return err
	}
	if state != m.State {
		return fmt.Errorf("its events are not those that were backed up: their hash is %s, and was %s", state, m.State)
	}
	return nil
}

// headOf reads what a backup says that it is.
func headOf(backup string) (m manifest, err error) {
	f, err := os.Open(backup)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if m, err = unpackJSON(tar.NewReader(f), backupHead); err != nil {
		return m, fmt.Errorf("%s is no backup of this program: %w", backup, err)
	}
	return m, nil
}

// unpack writes the database of a backup to a file, and refuses what is not whole.
func unpack(backup, path string) (end manifest, err error) {
	f, err := os.Open(backup)
	if err != nil {
		return end, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	archive := tar.NewReader(bufio.NewReaderSize(f, 1<<20))
	head, err := unpackJSON(archive, backupHead)
	if err != nil {
		return end, fmt.Errorf("%s is no backup of this program: %w", backup, err)
	}
	if head.Format > backupFormat || head.Schema > sqlite.Schema() {
		return end, fmt.Errorf("%s was made by a newer program (%s, schema %d; this one reads schema %d and older); restore it with that one",
			backup, head.Program, head.Schema, sqlite.Schema())
	}
	sum, err := unpackData(archive, path, head)
	if err == nil {
		end, err = unpackJSON(archive, backupEnd)
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return end, fmt.Errorf("%s is cut off: it has no end", backup)
	case err != nil:
		return end, err
	case end.SHA256 != sum:
		return end, fmt.Errorf("%s was changed after it was made: its checksum is %s, and was %s", backup, sum, end.SHA256)
	}
	return end, nil
}

func unpackJSON(from *tar.Reader, name string) (m manifest, err error) {
	h, err := from.Next()
	if err != nil {
		return m, err
	}
	if h.Name != name {
		return m, fmt.Errorf("it has %q where %s belongs", h.Name, name)
	}
	err = json.NewDecoder(io.LimitReader(from, 1<<16)).Decode(&m)
	return m, err
}

// unpackData writes the file, whole on the disk, and answers its checksum.
func unpackData(from *tar.Reader, path string, head manifest) (sum string, err error) {
	h, err := from.Next()
	if err != nil {
		return "", err
	}
	if h.Name != backupData || h.Size != head.Bytes {
		return "", fmt.Errorf("it has %q of %d bytes where %s of %d belongs", h.Name, h.Size, backupData, head.Bytes)
	}
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	_, err = io.CopyBuffer(io.MultiWriter(to, hash), from, make([]byte, 1<<20))
	return hex.EncodeToString(hash.Sum(nil)), errors.Join(err, to.Sync(), to.Close())
}

// backupDrill tries a backup out.
type backupDrill struct {
	File string `arg:"" type:"existingfile" help:"What forlop backup has written."`
	keyed
	Dir  string `placeholder:"DIR" type:"existingdir" help:"Where there is room for the database for a while; the system's folder for such things unless said."`
	JSON bool   `name:"json" help:"Print JSON: {checks: [{name, ok, figure, unit, anchor, detail}]}."`
}

// Help is shown under the flags.
func (backupDrill) Help() string {
	return "Nothing stays but the answer. A backup that was never restored is a hope: run this every week, on another machine than the one that serves."
}

// Run restores, reads everything, prints and clears away.
func (c *backupDrill) Run(p *program) (err error) {
	keys, err := c.keyFor(c.File, database{Database: "sqlite:forlop.db"})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.Dir, "forlop-drill-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d := database{Database: "sqlite:" + filepath.Join(dir, backupData)}
	clock := casework.SystemClock()
	begun := clock.Now()
	m, err := restore(p.ctx, c.File, filepath.Join(dir, backupData), keys)
	if err != nil {
		return fmt.Errorf("the backup could not be restored: %w", err)
	}
	restored := clock.Now().Sub(begun)
	st, err := d.openToRead(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return err
	}
	begun = clock.Now()
	v, err := verify(p.ctx, s, nil)
	if err != nil {
		return err
	}
	verified := clock.Now().Sub(begun)
	all := []check{
		{Name: "restored", OK: true, Figure: restored.Minutes(), Unit: "minutes", Detail: fmt.Sprintf("%.1f MB, %.0f MB/s", float64(m.Bytes)/1e6, float64(m.Bytes)/1e6/restored.Seconds())},
		{Name: "state", OK: true, Figure: float64(m.Position), Unit: "events", Detail: "equal to what was backed up: " + m.State},
		{Name: "verified", OK: len(v.Findings) == 0, Figure: verified.Minutes(), Unit: "minutes", Detail: fmt.Sprintf("%d streams, %d events, %d rows, %d entries of the access log", v.Streams, v.Events, v.Rows, v.log.Looks)},
		{Name: "age", OK: true, Figure: clock.Now().Sub(m.At).Hours(), Unit: "hours", Detail: "made " + m.At.Format("2006-01-02 15:04:05 MST")},
	}
	for _, f := range v.Findings {
		all = append(all, check{Name: string(f.Stream), Detail: f.What})
	}
	return p.checks(all, c.JSON, exitFindings)
}
