package store

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

func goldenLook() Look {
	return Look{
		ID: 7, At: time.Date(2026, 3, 2, 8, 0, 0, 1000, time.UTC), Actor: care.Actor{Kind: care.Professional, ID: "p-1", Unit: "u-pain"},
		Post: care.Post{Unit: "u-pain", Role: "team"}, Basis: "takes-part", Question: "journey", Reason: "Før møtet", What: []string{"journey/1", "letter"},
		Persons: []care.PersonKey{"q1", "q2"}, Key: "k", Strand: "1", Seq: 3, Hash: []byte{1},
	}
}

// TestGoldenLook: the hash of a look is the same in every release.
func TestGoldenLook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"full": {LookHash([]byte{1, 2}, goldenLook()), "8590cd7de331f9782b1be83c0a0bac34856bed449bf282b480185cf39b6c1b22"},
		"bare": {LookHash(nil, Look{}), "c7c542f27cfe40d2621dee2ab83ef2cd6eae275c58f7bfd058698e1a01b0aa59"},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s: the hash is now %s: every access log written so far would be called broken", name, got)
		}
	}
}

// TestLookHashCoversEveryField changes each field of a look, one at a time; only
// Hash may leave the hash as it was.
func TestLookHashCoversEveryField(t *testing.T) {
	t.Parallel()
	want := LookHash(nil, goldenLook())
	if bytes.Equal(want, LookHash([]byte{1}, goldenLook())) {
		t.Error("the entry before does not count")
	}
	var walk func(path string, pick func(*Look) reflect.Value)
	walk = func(path string, pick func(*Look) reflect.Value) {
		l := goldenLook()
		v := pick(&l)
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
			v.Set(reflect.ValueOf(v.Interface().(time.Time).Add(time.Microsecond)))
		case v.Kind() == reflect.String:
			v.SetString(v.String() + "x")
		case v.CanInt():
			v.SetInt(v.Int() + 1)
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
			two := reflect.MakeSlice(v.Type(), 1, 1)
			two.Index(0).SetString(v.Index(0).String() + v.Index(1).String())
			v.Set(two)
		case v.Kind() == reflect.Slice:
			v.SetBytes([]byte{2})
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, func(l *Look) reflect.Value { return pick(l).Field(i) })
			}
			return
		default:
			t.Fatalf("%s is a %s: say here how it is changed", path, v.Type())
		}
		if same := bytes.Equal(LookHash(nil, l), want); same != (path == "Hash") {
			t.Errorf("%s changed: the hash is the same: %v", path, same)
		}
	}
	for i := range reflect.TypeFor[Look]().NumField() {
		walk(reflect.TypeFor[Look]().Field(i).Name, func(l *Look) reflect.Value { return reflect.ValueOf(l).Elem().Field(i) })
	}
}

// aLog is a log of two strands, with what was never chained before it.
func aLog() (all []Look, state LookState, check Checkpoint) {
	heads := map[string]StrandHead{}
	for i := range 12 {
		l := goldenLook()
		l.ID, l.Key, l.Strand, l.Seq, l.Hash = int64(i+1), fmt.Sprint("k", i), "", 0, nil
		if i >= 4 {
			l.Strand = fmt.Sprint(1 + i%2)
		}
		h := heads[l.Strand]
		h.Strand, h.Seq = l.Strand, h.Seq+1
		if l.Strand != "" {
			l.Seq = h.Seq
			l.Hash = LookHash(h.Hash, l)
			h.Hash = l.Hash
		} else {
			at := l
			at.Seq = h.Seq
			h.Hash = LookHash(h.Hash, at)
		}
		heads[l.Strand] = h
		all = append(all, l)
		state.Indexed += 2
	}
	slices.SortStableFunc(all, func(a, b Look) int { return strings.Compare(a.Strand, b.Strand) })
	for _, s := range []string{"", "1", "2"} {
		check.Looks = append(check.Looks, heads[s])
	}
	state.Heads = check.Looks[1:]
	check.Number = 1
	return all, state, check
}

// TestLookAudit changes a log in one way at a time.
func TestLookAudit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(all []Look, state *LookState) []Look
		want   string
	}{
		"nothing":         {func(all []Look, _ *LookState) []Look { return all }, ""},
		"a reason":        {func(all []Look, _ *LookState) []Look { all[6].Reason = "x"; return all }, "does not give its stored hash"},
		"one less":        {func(all []Look, s *LookState) []Look { s.Indexed -= 2; return slices.Delete(all, 5, 6) }, "goes from entry 1 to 3"},
		"the last one":    {func(all []Look, s *LookState) []Look { s.Indexed -= 2; return all[:11] }, "there is none"},
		"an old one":      {func(all []Look, s *LookState) []Look { s.Indexed -= 2; return all[1:] }, "there were 4 when it was first signed"},
		"an old one more": {func(all []Look, s *LookState) []Look { s.Indexed += 2; return append(all[:1:1], all...) }, "there were 4 when it was first signed"},
		"the order":       {func(all []Look, _ *LookState) []Look { all[5], all[6] = all[6], all[5]; return all }, "goes from entry"},
		"the index":       {func(all []Look, s *LookState) []Look { s.Indexed++; return all }, "too many"},
		"a head":          {func(all []Look, s *LookState) []Look { s.Heads = slices.Clone(s.Heads); s.Heads[0].Seq++; return all }, "its head says"},
		"a head goes":     {func(all []Look, s *LookState) []Look { s.Heads = s.Heads[1:]; return all }, "has no head"},
		"the whole strand": {func(all []Look, s *LookState) []Look {
			var prev []byte
			for i := 4; i < 8; i++ {
				all[i].Reason = "something else"
				all[i].Hash = LookHash(prev, all[i])
				prev = all[i].Hash
			}
			s.Heads = slices.Clone(s.Heads)
			s.Heads[0].Hash = prev
			return all
		}, "not the one that checkpoint 1 was signed over"},
	} {
		all, state, check := aLog()
		all = c.change(all, &state)
		a := NewLookAudit([]Checkpoint{check}, nil)
		for _, l := range all {
			a.Add(l, 2)
		}
		got := strings.Join(a.End(state), "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
	// A person who does not find an entry about them.
	all, state, check := aLog()
	a := NewLookAudit([]Checkpoint{check}, nil)
	for i, l := range all {
		a.Add(l, 2-i/11)
	}
	state.Indexed--
	if got := a.End(state); len(got) != 1 || !strings.Contains(got[0], "1 of them find it") {
		t.Errorf("a hidden entry: %q", got)
	}
}

// TestAuditCheckpoints changes the checkpoints of a database in one way at a time.
func TestAuditCheckpoints(t *testing.T) {
	t.Parallel()
	keys, err := NewKeyring(bytes.Repeat([]byte{7}, KeySize), bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewKeyring(bytes.Repeat([]byte{8}, KeySize), bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	make := func(k *Keyring) (all []Checkpoint) {
		var prev []byte
		for n := range int64(4) {
			c := Checkpoint{Number: n + 1, At: time.Unix(n, 0), Events: n, Prev: prev}.Sign(k)
			line, err := c.Line()
			if err != nil {
				t.Fatal(err)
			}
			read, err := ReadCheckpoint(line)
			if err != nil || !read.Same(c) {
				t.Fatalf("%s came back as %+v: %v", line, read, err)
			}
			all, prev = append(all, read), c.Sum()
		}
		return all
	}
	for name, c := range map[string]struct {
		kept, witnessed []Checkpoint
		want            string
	}{
		"nothing":             {make(keys), make(keys), ""},
		"an older copy":       {make(keys)[:2], make(keys), "an older copy"},
		"all gone":            {nil, make(keys), "an older copy"},
		"the witness behind":  {make(keys), make(keys)[1:3], ""},
		"one gone":            {slices.Delete(make(keys), 1, 2), nil, "checkpoint 3 stands where 2 belongs"},
		"signed by somebody":  {make(other), nil, "not signed by this site"},
		"rewritten":           {make(other), make(keys), "not the one that the witness has"},
		"a forged witness":    {make(keys), make(other), "not the one that the witness has"},
		"one changed between": {func() []Checkpoint { all := make(keys); all[1].Events++; return all }(), nil, "does not follow"},
	} {
		got := strings.Join(AuditCheckpoints(c.kept, c.witnessed, keys.Public()), "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
}
