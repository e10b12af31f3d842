package store

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"fmt"
	"slices"
)

// findings are sentences, at most so many of one kind: a log that was rewritten
// has one for every entry.
type findings struct {
	all  []string
	left int
}

const mostFindings = 20

func (f *findings) add(format string, args ...any) {
	if len(f.all) < mostFindings {
		f.all = append(f.all, fmt.Sprintf(format, args...))
	} else {
		f.left++
	}
}

func (f *findings) list() []string {
	if f.left > 0 {
		f.all, f.left = append(f.all, "and more of this kind"), 0
	}
	return f.all
}

// LookAudit checks an access log that is handed to it by ReadLooks: every chain,
// what checkpoints say of it, that it begins where the last pruning ended, and
// that patients find every entry about them.
type LookAudit struct {
	// Entries were read; Unchained of them are from before the log was chained.
	Entries, Unchained int64

	findings
	heads map[string]StrandHead
	// unchained is how many entries the last checkpoint knows from before the log
	// was chained; -1 where there is no checkpoint.
	unchained int64
	wanted    map[string]map[int64]StrandHead
	numbers   map[string]map[int64]int64
	indexed   int64
}

// NewLookAudit begins an audit with the checkpoints, of the database and of
// witnesses, and the prunings there have been.
func NewLookAudit(checks []Checkpoint, prunings []Pruning) *LookAudit {
	a := &LookAudit{unchained: -1, heads: map[string]StrandHead{}, wanted: map[string]map[int64]StrandHead{}, numbers: map[string]map[int64]int64{}}
	for _, c := range checks {
		a.unchained = max(a.unchained, 0)
		for _, h := range c.Looks {
			if h.Strand == "" {
				a.unchained = max(a.unchained, h.Seq)
			}
			if a.wanted[h.Strand] == nil {
				a.wanted[h.Strand], a.numbers[h.Strand] = map[int64]StrandHead{}, map[int64]int64{}
			}
			had, ok := a.wanted[h.Strand][h.Seq]
			if ok && !bytes.Equal(had.Hash, h.Hash) {
				a.add("the checkpoints %d and %d disagree about the entry %d of strand %q", a.numbers[h.Strand][h.Seq], c.Number, h.Seq, h.Strand)
			}
			if !ok {
				a.wanted[h.Strand][h.Seq], a.numbers[h.Strand][h.Seq] = h, c.Number
			}
		}
	}
	for _, p := range prunings {
		for _, h := range p.Heads {
			if had := a.heads[h.Strand]; h.Seq <= had.Seq {
				a.add("the pruning of %s ends before an earlier one", p.At.Format("2006-01-02"))
				continue
			}
			for seq := range a.wanted[h.Strand] {
				if seq < h.Seq {
					delete(a.wanted[h.Strand], seq) // it was there and was removed
				}
			}
			a.heads[h.Strand] = h
			a.reached(h)
		}
	}
	return a
}

// reached compares an entry with what the checkpoints say of it.
func (a *LookAudit) reached(h StrandHead) {
	want, ok := a.wanted[h.Strand][h.Seq]
	if !ok {
		return
	}
	if !bytes.Equal(want.Hash, h.Hash) {
		a.add("the entry %d of strand %q is not the one that checkpoint %d was signed over", h.Seq, h.Strand, a.numbers[h.Strand][h.Seq])
	}
	delete(a.wanted[h.Strand], h.Seq)
}

// Add checks the next entry.
func (a *LookAudit) Add(l Look, indexed int) {
	a.Entries++
	a.indexed += int64(indexed)
	h := a.heads[l.Strand]
	if l.Strand == "" {
		a.Unchained++
		if l.Seq != 0 || len(l.Hash) != 0 {
			a.add("the entry with id %d has a place and no strand", l.ID)
		}
		l.Seq = h.Seq + 1
		l.Hash = LookHash(h.Hash, l)
	}
	switch {
	case l.Seq != h.Seq+1:
		a.add("strand %q goes from entry %d to %d", l.Strand, h.Seq, l.Seq)
	case !bytes.Equal(l.Hash, LookHash(h.Hash, l)):
		a.add("the entry %d of strand %q, id %d, does not give its stored hash", l.Seq, l.Strand, l.ID)
	}
	persons := slices.Clone(l.Persons)
	slices.Sort(persons)
	if named := len(slices.Compact(persons)); named != indexed {
		a.add("the entry %d of strand %q, id %d, is about %d persons, and %d of them find it", l.Seq, l.Strand, l.ID, named, indexed)
	}
	h = StrandHead{Strand: l.Strand, Seq: l.Seq, Hash: bytes.Clone(l.Hash)}
	a.heads[l.Strand] = h
	a.reached(h)
}

// End answers what is wrong, when every entry was added.
func (a *LookAudit) End(state LookState) []string {
	if a.indexed != state.Indexed {
		a.add("the index of persons has %d entries too many", state.Indexed-a.indexed)
	}
	if old := a.heads[""].Seq; a.unchained >= 0 && old != a.unchained {
		a.add("%d entries are from before the log was chained, and there were %d when it was first signed", old, a.unchained)
	}
	ends := map[string]StrandHead{}
	for _, h := range state.Heads {
		ends[h.Strand] = h
		if was := a.heads[h.Strand]; was.Seq != h.Seq || !bytes.Equal(was.Hash, h.Hash) {
			a.add("strand %q ends at entry %d, and its head says %d", h.Strand, was.Seq, h.Seq)
		}
	}
	for strand, h := range a.heads {
		if _, ok := ends[strand]; !ok && strand != "" {
			a.add("strand %q ends at entry %d and has no head", strand, h.Seq)
		}
	}
	for strand, wanted := range a.wanted {
		for seq := range wanted {
			a.add("checkpoint %d was signed over entry %d of strand %q, and there is none (it ends at %d)", a.numbers[strand][seq], seq, strand, a.heads[strand].Seq)
		}
	}
	slices.Sort(a.all)
	return a.list()
}

// RunAudit checks the event log as Follow reads it against what checkpoints were
// signed over.
type RunAudit struct {
	// Events were read.
	Events int64

	findings
	checks   []Checkpoint
	run      []byte
	position int64
}

// NewRunAudit begins an audit.
func NewRunAudit(checks []Checkpoint) *RunAudit {
	checks = slices.Clone(checks)
	slices.SortStableFunc(checks, func(a, b Checkpoint) int { return cmp.Compare(a.Position, b.Position) })
	return &RunAudit{checks: checks}
}

// Add looks at the next event.
func (a *RunAudit) Add(e Event) {
	a.settle(e.Position - 1)
	if e.Position <= a.position {
		a.add("the event at %d stands behind the one at %d", e.Position, a.position)
	}
	a.Events++
	a.run, a.position = RunHash(a.run, e), e.Position
}

// settle compares the checkpoints up to a position with what was read.
func (a *RunAudit) settle(position int64) {
	for len(a.checks) > 0 && a.checks[0].Position <= position {
		c := a.checks[0]
		a.checks = a.checks[1:]
		if c.Position != a.position || c.Events != a.Events || !bytes.Equal(c.Run, a.run) {
			a.add("the %d events up to %d are not the %d that checkpoint %d was signed over", a.Events, c.Position, c.Events, c.Number)
		}
	}
}

// End answers what is wrong, when every event was added.
func (a *RunAudit) End() []string {
	a.settle(a.position)
	for _, c := range a.checks {
		a.add("checkpoint %d was signed over events up to %d, and the log ends at %d", c.Number, c.Position, a.position)
	}
	a.checks = nil
	return a.list()
}

// AuditCheckpoints checks the checkpoints of a database: numbered without a gap,
// each naming the one before, the last signed by the site. Those of a witness
// must be the same ones, and none may be newer than the database has. Without a
// key (nil) no signature is checked.
func AuditCheckpoints(kept, witnessed []Checkpoint, key ed25519.PublicKey) []string {
	var f findings
	var prev []byte
	byNumber := map[int64]Checkpoint{}
	for i, c := range kept {
		if c.Number != int64(i)+1 {
			f.add("checkpoint %d stands where %d belongs", c.Number, i+1)
		} else if !bytes.Equal(c.Prev, prev) {
			f.add("checkpoint %d does not follow the one before it", c.Number)
		}
		prev = c.Sum()
		byNumber[c.Number] = c
	}
	if n := len(kept); n > 0 && key != nil {
		if err := kept[n-1].Signed(key); err != nil {
			f.add("%v: it is not signed by this site's key", err)
		}
	}
	last := int64(len(kept))
	for i, c := range witnessed {
		same, ok := byNumber[c.Number]
		switch {
		case ok && !same.Same(c):
			f.add("checkpoint %d is not the one that the witness has", c.Number)
		case !ok && c.Number > last:
			f.add("the witness has checkpoint %d of %s and the database ends at %d: an older copy was put in its place, or its end was cut off", c.Number, c.At.Format("2006-01-02 15:04 MST"), last)
		case !ok:
			f.add("the witness has checkpoint %d and the database does not", c.Number)
		}
		if i == len(witnessed)-1 && key != nil {
			if err := c.Signed(key); err != nil {
				f.add("%v: what the witness has last is not signed by this site's key", err)
			}
		}
	}
	return f.list()
}
