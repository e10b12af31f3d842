package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

var lookTests = []test{
	{"looks are listed by person, newest first", looks},
	{"the access log is asked for by who, whom, what and when", lookLog},
	{"every look is chained, whoever writes at once", chainedLooks},
	{"a look with a key is kept once", keyedLooks},
	{"checkpoints are kept in order", checkpoints},
}

// placed is l with the place that a store gave it.
func placed(l, at store.Look) store.Look {
	l.ID, l.Strand, l.Seq, l.Hash = at.ID, at.Strand, at.Seq, at.Hash
	return l
}

func looks(t *testing.T, s store.Store) {
	a := store.Look{
		At: monday, Actor: nurse, Post: painDesk, Basis: "responsible", Question: "journey", Reason: "Før møtet på fredag",
		Persons: []care.PersonKey{"q2", "q1", "q2"},
	}
	b := store.Look{At: tuesday, Actor: care.Actor{Kind: care.Patient, ID: "q1"}, Basis: "own", Question: "me", Persons: []care.PersonKey{"q1"}}
	nobody := store.Look{At: friday, Actor: nurse, Question: "worklist"}
	for _, l := range []store.Look{a, b, nobody} {
		must(t, s.Log(ctx, l))
	}
	got, err := s.Looks(ctx, "q1", 0)
	must(t, err)
	if len(got) != 2 || got[0].ID <= got[1].ID || got[1].ID < 1 {
		t.Fatalf("looks at q1: %+v", got)
	}
	a, b = placed(a, got[1]), placed(b, got[0])
	a.At, b.At = utc(a.At), utc(b.At)
	same(t, "looks", got, []store.Look{b, a})
	got, err = s.Looks(ctx, "q1", 1)
	must(t, err)
	same(t, "the newest", got, []store.Look{b})
	got, err = s.Looks(ctx, "q2", 0)
	must(t, err)
	same(t, "once, though named twice", got, []store.Look{a})
	worklist := store.Look{At: friday, Actor: nurse, Question: "worklist"}
	for n := range 50 {
		worklist.Persons = append(worklist.Persons, care.PersonKey(fmt.Sprint("w", n)))
	}
	must(t, s.Log(ctx, worklist))
	for _, p := range worklist.Persons {
		got, err = s.Looks(ctx, p, 0)
		must(t, err)
		if len(got) != 1 || len(got[0].Persons) != 50 {
			t.Errorf("looks at %s: %+v", p, got)
		}
	}
	got, err = s.Looks(ctx, "q9", 0)
	must(t, err)
	same(t, "at nobody", len(got), 0)
}

func lookLog(t *testing.T, s store.Store) {
	clinic := care.Post{Unit: "u-gp", Role: "gp"}
	looks := []store.Look{
		{At: utc(monday), Actor: nurse, Post: painDesk, Question: "journey", Persons: []care.PersonKey{"q1"}, What: []string{"journey/1", "letter"}},
		{At: utc(tuesday), Actor: nurse, Post: painDesk, Question: "worklist", Persons: []care.PersonKey{"q1", "q2"}},
		{At: utc(tuesday), Actor: care.Actor{Kind: care.Professional, ID: "p-gp"}, Post: clinic, Question: "journey", Persons: []care.PersonKey{"q2"}},
		{At: utc(friday), Actor: nurse, Post: clinic, Question: "journey", Persons: []care.PersonKey{"q3"}},
	}
	for _, l := range looks {
		must(t, s.Log(ctx, l))
	}
	all, err := s.LookLog(ctx, store.LookQuery{})
	must(t, err)
	if len(all) != len(looks) {
		t.Fatalf("%d entries of %d", len(all), len(looks))
	}
	for i := range looks {
		looks[i] = placed(looks[i], all[i])
		same(t, "an entry", all[i], looks[i])
	}
	for name, c := range map[string]struct {
		q    store.LookQuery
		want []int
	}{
		"of a person":   {store.LookQuery{Person: "q2"}, []int{1, 2}},
		"of an actor":   {store.LookQuery{Actor: nurse.ID}, []int{0, 1, 3}},
		"of a unit":     {store.LookQuery{Unit: "u-gp"}, []int{2, 3}},
		"of a question": {store.LookQuery{Question: "journey"}, []int{0, 2, 3}},
		"from":          {store.LookQuery{From: tuesday}, []int{1, 2, 3}},
		"until":         {store.LookQuery{Until: tuesday}, []int{0}},
		"after":         {store.LookQuery{After: all[1].ID}, []int{2, 3}},
		"a page":        {store.LookQuery{After: all[0].ID, Limit: 2}, []int{1, 2}},
		"all of them":   {store.LookQuery{Person: "q1", Actor: nurse.ID, Unit: painDesk.Unit, Question: "worklist", From: tuesday, Until: friday, After: all[0].ID, Limit: 9}, []int{1}},
		"of nobody":     {store.LookQuery{Person: "q9"}, nil},
	} {
		got, err := s.LookLog(ctx, c.q)
		must(t, err)
		var want []store.Look
		for _, i := range c.want {
			want = append(want, looks[i])
		}
		same(t, name, got, want)
	}
}

// readLooks reads the whole log and checks its chains.
func readLooks(t *testing.T, s store.Store) (all []store.Look, state store.LookState) {
	t.Helper()
	indexed := int64(0)
	state, err := s.ReadLooks(ctx, func(l store.Look, n int) error {
		all = append(all, l)
		indexed += int64(n)
		return nil
	})
	must(t, err)
	same(t, "persons in the index", indexed, state.Indexed)
	heads := map[string]store.StrandHead{}
	for _, l := range all {
		h := heads[l.Strand]
		if l.Strand == "" || l.Seq != h.Seq+1 || !bytes.Equal(l.Hash, store.LookHash(h.Hash, l)) {
			t.Errorf("%+v does not follow %+v", l, h)
		}
		heads[l.Strand] = store.StrandHead{Strand: l.Strand, Seq: l.Seq, Hash: l.Hash}
	}
	same(t, "heads", len(state.Heads), len(heads))
	for _, h := range state.Heads {
		same(t, "head", h, heads[h.Strand])
	}
	got, err := s.LookHeads(ctx)
	must(t, err)
	same(t, "the heads alone", got, state.Heads)
	return all, state
}

func chainedLooks(t *testing.T, s store.Store) {
	all, _ := readLooks(t, s)
	same(t, "an empty log", len(all), 0)
	const writers, each = 24, 8
	var wait sync.WaitGroup
	errs := make([]error, writers)
	for n := range writers {
		wait.Go(func() {
			for i := range each {
				errs[n] = errors.Join(errs[n], s.Log(ctx, store.Look{
					At: monday.Add(time.Duration(i) * time.Second), Actor: nurse, Post: painDesk, Basis: "takes-part", Question: fmt.Sprint("question-", n),
					Reason: "Blåbær og \"rømme\"", What: []string{"journey/1", "x"}, Persons: []care.PersonKey{care.PersonKey(fmt.Sprint("q", n)), "q0"},
				}))
			}
		})
	}
	wait.Wait()
	must(t, errors.Join(errs...))
	all, _ = readLooks(t, s)
	same(t, "entries", len(all), writers*each)
	fails(t, s.Log(ctx, store.Look{Question: "a\x00b"}), store.ErrMalformed)
}

func keyedLooks(t *testing.T, s store.Store) {
	l := store.Look{At: monday, Actor: nurse, Question: "journey", Persons: []care.PersonKey{"q1"}, Key: "reserve/1"}
	for range 3 {
		must(t, s.Log(ctx, l))
	}
	l.Key = "reserve/2"
	must(t, s.Log(ctx, l))
	all, _ := readLooks(t, s)
	same(t, "entries", len(all), 2)
	same(t, "the first key", all[0].Key == "reserve/1" || all[1].Key == "reserve/1", true)
}

func checkpoints(t *testing.T, s store.Store) {
	_, err := s.LastCheckpoint(ctx)
	fails(t, err, store.ErrNotFound)
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), bytes.NewReader(nil))
	must(t, err)
	var made []store.Checkpoint
	for n := range int64(3) {
		c := store.Checkpoint{Number: n + 1, At: monday, Epoch: 1, Looks: []store.StrandHead{{Strand: "1", Seq: n, Hash: []byte{1}}}, Position: n, Events: n, Run: []byte{2}, Prev: []byte{3}}.Sign(keys)
		must(t, s.PutCheckpoint(ctx, c))
		made = append(made, c)
	}
	fails(t, s.PutCheckpoint(ctx, made[1]), store.ErrClaimed)
	got, err := s.Checkpoints(ctx, 0, 0)
	must(t, err)
	same(t, "checkpoints", got, made)
	got, err = s.Checkpoints(ctx, 1, 1)
	must(t, err)
	same(t, "a page", got, made[1:2])
	must(t, got[0].Signed(keys.Public()))
	last, err := s.LastCheckpoint(ctx)
	must(t, err)
	same(t, "the last", last, made[2])
}

// RunPruning judges the pruning of the access log. open gives an empty store whose
// login may remove from it.
func RunPruning(t *testing.T, open func(t *testing.T) store.Store) {
	t.Run("what was kept long enough goes from the front, with a record", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		t.Cleanup(func() { must(t, s.Close()) })
		seal := func(p store.Pruning) store.Pruning { p.Signature = []byte{9}; return p }
		p, err := s.PruneLooks(ctx, store.Pruning{At: friday, Before: friday, Actor: nurse}, seal)
		must(t, err)
		same(t, "of an empty log", p.Count, int64(0))
		for i := range 10 {
			at := monday
			if i >= 6 {
				at = friday
			}
			must(t, s.Log(ctx, store.Look{At: at, Actor: nurse, Question: fmt.Sprint(i), Persons: []care.PersonKey{"q1", "q2"}}))
		}
		p, err = s.PruneLooks(ctx, store.Pruning{At: utc(friday), Before: utc(friday), Actor: nurse}, seal)
		must(t, err)
		same(t, "removed", p.Count, int64(6))
		left, err := s.LookLog(ctx, store.LookQuery{})
		must(t, err)
		same(t, "left", len(left), 4)
		byPerson, err := s.Looks(ctx, "q2", 0)
		must(t, err)
		same(t, "left of a person", len(byPerson), 4)
		kept, err := s.Prunings(ctx)
		must(t, err)
		same(t, "the record", kept, []store.Pruning{p})
		p, err = s.PruneLooks(ctx, store.Pruning{At: friday, Before: friday, Actor: nurse}, seal)
		must(t, err)
		same(t, "again", p.Count, int64(0))
		must(t, s.Log(ctx, store.Look{At: friday, Actor: nurse, Question: "after", Persons: []care.PersonKey{"q1"}}))
		after, err := s.LookLog(ctx, store.LookQuery{After: left[3].ID})
		must(t, err)
		same(t, "an id is never given twice", len(after), 1)
	})
}
