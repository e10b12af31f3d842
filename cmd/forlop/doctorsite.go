package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"forlop/casework"
	"forlop/store"
)

// What the doctor finds too little of. Both are ours (proposed).
const (
	// leastRoom is what is left to write before a disk counts as full.
	leastRoom = 1 << 30
	// mostSkew is how far the database's clock may stand from this machine's.
	mostSkew = 2 * time.Second
)

// watched is what the doctor is told of the backups.
type watched struct {
	Backups      string        `placeholder:"DIR" type:"path" env:"FORLOP_BACKUPS" help:"Where forlop backup writes its files, so that the age of the last is looked at. Unset, it is not."`
	BackupWithin time.Duration `default:"36h" help:"How old the last backup may be: a day, and half of one for a night that failed."`
}

// surroundings looks at what the service stands on: the last backup, room on the
// disk, and the database's clock. Each finding names the way on.
func (c *doctorCommand) surroundings(ctx context.Context, st store.Store) []check {
	clock := casework.SystemClock()
	all := []check{c.lastBackup(clock.Now())}
	if file, err := c.file(); err == nil && !c.onServer() {
		all = append(all, room(file))
	}
	if asked, ok := st.(interface {
		Now(context.Context) (time.Time, error)
	}); ok {
		before := clock.Now()
		theirs, err := asked.Now(ctx)
		after := clock.Now()
		if err != nil {
			return append(all, check{Name: "clock of the database", Detail: err.Error()})
		}
		all = append(all, skew(before, theirs, after))
	}
	return all
}

// lastBackup looks how old the newest whole backup is, by what it says itself: a
// copied file has the time of the copying.
func (c *doctorCommand) lastBackup(now time.Time) check {
	k := check{Name: "last backup"}
	switch {
	case c.onServer() && c.Backups == "":
		k.OK, k.Detail = true, "not looked at: PostgreSQL's own tools take it (see docs/operate.md)"
		return k
	case c.Backups == "":
		k.OK, k.Detail = true, "not looked at: say with --backups where they are"
		return k
	}
	files, err := os.ReadDir(c.Backups)
	if err != nil {
		k.Detail = "the folder of backups cannot be read: " + err.Error()
		return k
	}
	var last manifest
	var name string
	for _, f := range files {
		if f.IsDir() || filepath.Ext(f.Name()) == ".part" {
			continue
		}
		if head, err := headOf(filepath.Join(c.Backups, f.Name())); err == nil && head.At.After(last.At) {
			last, name = head, f.Name()
		}
	}
	if name == "" {
		k.Detail = fmt.Sprintf("there is none in %s; make one now: forlop backup %s --database %s", c.Backups, filepath.Join(c.Backups, "now.forlop"), c.database)
		return k
	}
	age := now.Sub(last.At)
	k.Figure, k.Unit, k.OK = age.Hours(), "hours", age <= c.BackupWithin
	k.Detail = name
	if !k.OK {
		k.Detail += fmt.Sprintf(" is older than %s; make one now, and look why the timer did not: forlop backup", c.BackupWithin)
	}
	return k
}

// room looks whether the disk of a database has room for as much again, which is
// what a restore beside it or its log can take, and a gigabyte at least.
func room(file string) check {
	k := check{Name: "room on the disk", Unit: "GB"}
	info, err := os.Stat(file)
	if err != nil {
		k.Detail = err.Error()
		return k
	}
	free, known, err := roomAt(filepath.Dir(file))
	switch {
	case err != nil:
		k.Detail = err.Error()
	case !known:
		k.OK, k.Unit, k.Detail = true, "", "this system does not say"
	default:
		need := max(info.Size(), leastRoom)
		k.Figure, k.OK = float64(free)/1e9, free >= need
		k.Detail = "free where the database is"
		if !k.OK {
			k.Detail += fmt.Sprintf("; it needs %.1f. Make room or a larger disk: on a full one the service can only be read", float64(need)/1e9)
		}
	}
	return k
}

// skew compares the database's clock with the middle of the asking. What a slow
// network could have caused is no skew.
func skew(before, theirs, after time.Time) check {
	away := theirs.Sub(before.Add(after.Sub(before) / 2)).Abs()
	k := check{Name: "clock of the database", Figure: away.Seconds(), Unit: "s", OK: away <= mostSkew+after.Sub(before)/2}
	k.Detail = "from this machine's"
	if !k.OK {
		k.Detail += fmt.Sprintf("; more than %s. Set both by the same time servers (timedatectl, chronyc tracking) before anybody is served: latest dates are reckoned here", mostSkew)
	}
	return k
}
