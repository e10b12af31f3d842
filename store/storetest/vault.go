package storetest

import (
	"crypto/rand"
	"fmt"
	"testing"

	"forlop/store"
)

var vaultTests = []test{
	{"a subject has one data key until it is destroyed", dataKeys},
	{"identities are replaced and found", identities},
	{"an identifier belongs to one subject", identifiers},
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
	must(t, s.DestroyKey(ctx, "q1"))
	must(t, s.DestroyKey(ctx, "q1"))
	_, err = s.Key(ctx, "q1")
	fails(t, err, store.ErrNotFound)
	several, err = s.Keys(ctx, []string{"q1", "q2"})
	must(t, err)
	same(t, "keys that are left", several, map[string][]byte{"q2": {3}})
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
	wrapped, err := ring.NewKey("q1")
	must(t, err)
	must(t, s.PutKey(ctx, "q1", wrapped))
	read := func() ([]byte, error) {
		wrapped, err := s.Key(ctx, "q1")
		if err != nil {
			return nil, err
		}
		key, err := ring.DataKey("q1", wrapped)
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
	key, err := ring.DataKey("q1", kept)
	must(t, err)
	a := write("journey/1", 0, 2)
	a.Writes[0].Events[0].Sealed = key.Seal([]byte("det gjør vondt"), "journey/1@1")
	appended(t, s, a)
	got, err := read()
	must(t, err)
	same(t, "text", string(got), "det gjør vondt")
	must(t, s.DestroyKey(ctx, "q1"))
	_, err = read()
	fails(t, err, store.ErrNotFound)
	all, err := s.Load(ctx, "journey/1", 0)
	must(t, err)
	must(t, store.VerifyChain(all))
}
