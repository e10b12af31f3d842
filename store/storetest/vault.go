package storetest

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"forlop/care"
	"forlop/store"
)

var vaultTests = []test{
	{"a subject has one data key until it is destroyed", dataKeys},
	{"identities are replaced and found", identities},
	{"an identifier belongs to one subject", identifiers},
	{"nobody erased is written of again", erased},
	{"wrapped keys are swapped one by one, in the order of their subjects", rewrapping},
	{"the site's key is changed and the old one opens nothing any more", rotation},
	{"a database knows which site key it was made with", otherSiteKey},
	{"a destroyed key makes text unreadable and leaves the chain whole", shredding},
}

func dataKeys(t *testing.T, s store.Store) {
	_, err := s.Key(ctx, "q1")
	fails(t, err, store.ErrNotFound)
	must(t, s.PutKey(ctx, "q1", []byte{1, 0, 2}))
	fails(t, s.PutKey(ctx, "q1", []byte{9}), store.ErrClaimed)
	must(t, s.PutKey(ctx, "q2", []byte{3}))
	got, err := s.Key(ctx, "q1")
	must(t, err)
	same(t, "key", got, []byte{1, 0, 2})
	several, err := s.Keys(ctx, []string{"q2", "q9", "q1", "q1"})
	must(t, err)
	same(t, "keys", several, map[string][]byte{"q1": {1, 0, 2}, "q2": {3}})
	must(t, s.Erase(ctx, "q1"))
	must(t, s.Erase(ctx, "q1"))
	_, err = s.Key(ctx, "q1")
	fails(t, err, store.ErrNotFound)
	several, err = s.Keys(ctx, []string{"q1", "q2"})
	must(t, err)
	same(t, "keys that are left", several, map[string][]byte{"q2": {3}})
	fails(t, s.PutKey(ctx, "q1", []byte{4}), store.ErrErased)
	got, err = s.Key(ctx, "q2")
	must(t, err)
	same(t, "the other's key", got, []byte{3})
}

func identities(t *testing.T, s store.Store) {
	must(t, s.PutIdentity(ctx, "q1", []byte{1}))
	must(t, s.PutIdentity(ctx, "q1", []byte{2, 0}))
	must(t, s.PutIdentity(ctx, "q2", []byte{3}))
	got, err := s.Identities(ctx, []string{"q2", "q1", "q9", "q1"})
	must(t, err)
	same(t, "identities", got, map[string][]byte{"q1": {2, 0}, "q2": {3}})
	want, names := map[string][]byte{}, []string{}
	for n := range 50 {
		name := fmt.Sprint("p", n)
		names = append(names, name)
		if n%3 > 0 {
			want[name] = []byte(name)
			must(t, s.PutIdentity(ctx, name, want[name]))
		}
	}
	got, err = s.Identities(ctx, names)
	must(t, err)
	same(t, "of many", got, want)
	got, err = s.Identities(ctx, nil)
	must(t, err)
	same(t, "of nobody", len(got), 0)
}

func identifiers(t *testing.T, s store.Store) {
	_, err := s.Find(ctx, []byte{0, 1})
	fails(t, err, store.ErrNotFound)
	must(t, s.Index(ctx, []byte{0, 1}, "q1"))
	must(t, s.Index(ctx, []byte{0, 1}, "q1"))
	must(t, s.Index(ctx, []byte{0, 2}, "q1"))
	fails(t, s.Index(ctx, []byte{0, 1}, "q2"), store.ErrClaimed)
	got, err := s.Find(ctx, []byte{0, 1})
	must(t, err)
	same(t, "subject", got, "q1")
}

func shredding(t *testing.T, s store.Store) {
	site := make([]byte, store.KeySize)
	ring, err := store.NewKeyring(site, rand.Reader)
	must(t, err)
	wrapped, err := ring.NewKey(ctx, "q1")
	must(t, err)
	must(t, s.PutKey(ctx, "q1", wrapped))
	read := func() ([]byte, error) {
		wrapped, err := s.Key(ctx, "q1")
		if err != nil {
			return nil, err
		}
		key, err := ring.DataKey(ctx, "q1", wrapped)
		if err != nil {
			return nil, err
		}
		got, err := s.Load(ctx, "journey/1", 0)
		if err != nil {
			return nil, err
		}
		return key.Open(got[0].Sealed, "journey/1@1")
	}
	kept, err := s.Key(ctx, "q1")
	must(t, err)
	key, err := ring.DataKey(ctx, "q1", kept)
	must(t, err)
	a := write("journey/1", 0, 2)
	a.Writes[0].Events[0].Sealed = key.Seal([]byte("det gjør vondt"), "journey/1@1")
	appended(t, s, a)
	got, err := read()
	must(t, err)
	same(t, "text", string(got), "det gjør vondt")
	must(t, s.Erase(ctx, "q1"))
	_, err = read()
	fails(t, err, store.ErrNotFound)
	all, err := s.Load(ctx, "journey/1", 0)
	must(t, err)
	must(t, store.VerifyChain(all))
}

func erased(t *testing.T, s store.Store) {
	must(t, s.PutKey(ctx, "q1", []byte{1}))
	must(t, s.PutKey(ctx, "q2", []byte{2}))
	for _, q := range []string{"q1", "q2"} {
		must(t, s.PutIdentity(ctx, q, []byte(q)))
		must(t, s.Index(ctx, []byte("hash of "+q), q))
		must(t, s.PutDraft(ctx, q, "note", []byte{5}, monday))
		must(t, s.PutDraft(ctx, "patient/"+q, "note", []byte{5}, monday))
		must(t, s.PutSession(ctx, store.Session{Hash: []byte("session of " + q), Actor: care.Actor{Kind: care.Patient, ID: q}, Created: monday, Seen: monday, Expires: friday}))
	}
	for range 2 {
		must(t, s.Erase(ctx, "q1"))
	}
	must(t, s.Erase(ctx, "q3"))
	for _, gone := range []string{"q1", "q3"} {
		_, err := s.Key(ctx, gone)
		fails(t, err, store.ErrErased)
		fails(t, err, store.ErrNotFound)
		fails(t, s.PutKey(ctx, gone, []byte{9}), store.ErrErased)
		fails(t, s.PutIdentity(ctx, gone, []byte{9}), store.ErrErased)
		fails(t, s.Index(ctx, []byte("another hash"), gone), store.ErrErased)
	}
	_, err := s.Find(ctx, []byte("hash of q1"))
	fails(t, err, store.ErrNotFound)
	_, err = s.Session(ctx, []byte("session of q1"))
	fails(t, err, store.ErrNotFound)
	for _, owner := range []string{"q1", "patient/q1"} {
		d, err := s.Draft(ctx, owner, "note")
		must(t, err)
		same(t, "draft of "+owner, len(d), 0)
	}
	who, err := s.Identities(ctx, []string{"q1", "q2"})
	must(t, err)
	same(t, "identities that are left", who, map[string][]byte{"q2": []byte("q2")})
	of, err := s.Find(ctx, []byte("hash of q2"))
	must(t, err)
	same(t, "the other's hash", of, "q2")
	_, err = s.Session(ctx, []byte("session of q2"))
	must(t, err)
	d, err := s.Draft(ctx, "patient/q2", "note")
	must(t, err)
	same(t, "the other's draft", d, []byte{5})
	living, err := s.Subjects(ctx, "", 0)
	must(t, err)
	same(t, "subjects", living, []string{"q2"})
}

func rewrapping(t *testing.T, s store.Store) {
	for _, q := range []string{"q3", "q1", "q2"} {
		must(t, s.PutKey(ctx, q, []byte(q)))
	}
	fails(t, s.Rewrap(ctx, "q1", []byte("another"), []byte{1}), store.ErrVersion)
	fails(t, s.Rewrap(ctx, "q9", []byte("q9"), []byte{1}), store.ErrVersion)
	must(t, s.Rewrap(ctx, "q1", []byte("q1"), []byte{1}))
	got, err := s.Keys(ctx, []string{"q1", "q2"})
	must(t, err)
	same(t, "keys", got, map[string][]byte{"q1": {1}, "q2": []byte("q2")})
	for _, c := range []struct {
		after string
		limit int
		want  []string
	}{{"", 2, []string{"q1", "q2"}}, {"q1", 0, []string{"q2", "q3"}}, {"q3", 5, nil}} {
		list, err := s.Subjects(ctx, c.after, c.limit)
		must(t, err)
		same(t, "subjects", list, c.want)
	}
	must(t, s.Index(ctx, []byte("one-old"), "q1"))
	must(t, s.Index(ctx, []byte("new"), "q1"))
	must(t, s.Index(ctx, []byte("two-new"), "q2"))
	must(t, s.Index(ctx, []byte("x"), "q3"))
	for _, left := range []int{1, 1, 0} {
		n, err := s.Rehash(ctx, []byte("new"), 1, func(hash []byte) []byte { return append(hash, "-new"...) })
		must(t, err)
		same(t, "hashes that were hashed again", n, left)
	}
	for hash, of := range map[string]string{"one-old": "", "one-old-new": "q1", "new": "q1", "two-new": "q2", "x": "", "x-new": "q3", "new-new": ""} {
		found, err := s.Find(ctx, []byte(hash))
		if (err == nil) != (of != "") || found != of {
			t.Errorf("the hash %q is of %q, %v", hash, found, err)
		}
	}
}

func siteRing(t *testing.T, site byte) *store.Keyring {
	k, err := store.NewKeyring(bytes.Repeat([]byte{site}, store.KeySize), rand.Reader)
	must(t, err)
	return k
}

// rotation changes the key with a break after every slice, each time begun anew
// as another process would.
func rotation(t *testing.T, s store.Store) {
	old, next := siteRing(t, 1), siteRing(t, 2)
	own, err := old.Of(ctx, s)
	must(t, err)
	sealed := map[string][]byte{}
	for n := range 7 {
		q := fmt.Sprint("q", n)
		wrapped, err := own.NewKey(ctx, q)
		must(t, err)
		must(t, s.PutKey(ctx, q, wrapped))
		key, err := own.DataKey(ctx, q, wrapped)
		must(t, err)
		sealed[q] = key.Seal([]byte("number of "+q), "here")
		must(t, s.Index(ctx, own.Hash("number", "number of "+q), q))
	}
	must(t, s.Erase(ctx, "q3"))
	after, total := "", 0
	for range 20 {
		r, err := store.Rotate(ctx, s, siteRing(t, 1), siteRing(t, 2))
		must(t, err)
		_, err = old.Of(ctx, s)
		fails(t, err, store.ErrRotating)
		_, err = next.Of(ctx, s)
		fails(t, err, store.ErrRotating)
		fails(t, own.Fits(ctx, s), store.ErrRotating)
		_, err = store.Rotate(ctx, s, siteRing(t, 1), siteRing(t, 3))
		fails(t, err, store.ErrSealed)
		last, n, err := r.Slice(ctx, after, 2)
		must(t, err)
		total += n
		if last == "" {
			for n = 1; n > 0; {
				n, err = r.Rehash(ctx, 4)
				must(t, err)
			}
			must(t, r.Finish(ctx))
			break
		}
		after = last
	}
	same(t, "keys wrapped anew", total, 6)
	_, err = siteRing(t, 1).Of(ctx, s)
	fails(t, err, store.ErrSealed)
	fails(t, own.Fits(ctx, s), store.ErrSealed)
	now, err := siteRing(t, 2).Of(ctx, s)
	must(t, err)
	must(t, now.Fits(ctx, s))
	for q, text := range sealed {
		_, err := s.Find(ctx, own.Hash("number", "number of "+q))
		fails(t, err, store.ErrNotFound)
		wrapped, err := s.Key(ctx, q)
		if q == "q3" {
			fails(t, err, store.ErrErased)
			continue
		}
		must(t, err)
		_, err = old.DataKey(ctx, q, wrapped)
		fails(t, err, store.ErrSealed)
		key, err := now.DataKey(ctx, q, wrapped)
		must(t, err)
		got, err := key.Open(text, "here")
		must(t, err)
		same(t, "text", string(got), "number of "+q)
		found, err := s.Find(ctx, now.Hash("number", "number of "+q))
		must(t, err)
		same(t, "found by number", found, q)
	}
	// Changed once more, everything is found still.
	r, err := store.Rotate(ctx, s, siteRing(t, 2), siteRing(t, 4))
	must(t, err)
	_, n, err := r.Slice(ctx, "", 0)
	must(t, err)
	same(t, "keys wrapped once more", n, 6)
	n, err = r.Rehash(ctx, 0)
	must(t, err)
	same(t, "hashes hashed once more", n, 6)
	must(t, r.Finish(ctx))
	again, err := siteRing(t, 4).Of(ctx, s)
	must(t, err)
	found, err := s.Find(ctx, again.Hash("number", "number of q6"))
	must(t, err)
	same(t, "found by number after two changes", found, "q6")
	if _, err = store.Rotate(ctx, s, siteRing(t, 4), siteRing(t, 4)); err == nil {
		t.Error("a key was changed to itself")
	}
	_, err = store.Rotate(ctx, s, siteRing(t, 1), siteRing(t, 3))
	fails(t, err, store.ErrSealed)
}

func otherSiteKey(t *testing.T, s store.Store) {
	// A database of an older release: data keys, and no mark of whose they are.
	wrapped, err := siteRing(t, 1).NewKey(ctx, "q1")
	must(t, err)
	must(t, s.PutKey(ctx, "q1", wrapped))
	hash := siteRing(t, 1).Hash("number", "1")
	must(t, s.Index(ctx, hash, "q1"))
	for range 2 {
		_, err = siteRing(t, 2).Of(ctx, s)
		fails(t, err, store.ErrSealed)
		for _, id := range []string{siteRing(t, 1).ID(), siteRing(t, 2).ID()} {
			if !strings.Contains(err.Error(), id) {
				t.Errorf("%v does not name %s", err, id)
			}
		}
		k, err := siteRing(t, 1).Of(ctx, s)
		must(t, err)
		found, err := s.Find(ctx, k.Hash("number", "1"))
		must(t, err)
		same(t, "found as before", found, "q1")
	}
}
