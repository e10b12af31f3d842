package storetest

import (
	"testing"

	"forlop/care"
	"forlop/store"
)

// RunDurable judges that a store keeps everything when it is closed and opened
// again. open gives an empty store and a way to open the same one anew, after it
// was closed.
func RunDurable(t *testing.T, open func(t *testing.T) (s store.Store, reopen func() store.Store)) {
	t.Run("everything is there after reopening", func(t *testing.T) {
		t.Parallel()
		s, reopen := open(t)
		h, err := s.Check(ctx)
		must(t, err)
		if !h.Durable {
			t.Fatalf("the store says that it is not durable: %+v", h)
		}
		a := full("journey/1")
		a.Put = everyRow()
		appended(t, s, a)
		must(t, s.PutKey(ctx, "q1", []byte{1}))
		must(t, s.PutIdentity(ctx, "q1", []byte{2}))
		must(t, s.Index(ctx, []byte{3}, "q1"))
		must(t, s.Log(ctx, store.Look{At: monday, Actor: nurse, Persons: []care.PersonKey{"q1"}}))
		must(t, s.PutDefinition(ctx, "no.pain", "1", "h", map[string][]byte{"a": {1}}))
		must(t, s.PutSession(ctx, store.Session{Hash: []byte{4}}))
		must(t, s.PutDraft(ctx, "p", "f", []byte{5}, monday))
		must(t, s.SetSetting(ctx, "demo", "yes"))
		must(t, s.SetCursor(ctx, "react", 2))
		want := contents(t, s)
		must(t, s.Close())

		s = reopen()
		t.Cleanup(func() { must(t, s.Close()) })
		same(t, "contents", contents(t, s), want)
		if done := appended(t, s, a); done.Repeated == nil {
			t.Error("the command key was forgotten")
		}
		n, err := s.Cursor(ctx, "react")
		must(t, err)
		same(t, "cursor", n, int64(2))
		for name, read := range map[string]func() error{
			"key":        func() error { _, err := s.Key(ctx, "q1"); return err },
			"identifier": func() error { _, err := s.Find(ctx, []byte{3}); return err },
			"definition": func() error { _, err := s.Definition(ctx, "h"); return err },
			"session":    func() error { _, err := s.Session(ctx, []byte{4}); return err },
		} {
			if err := read(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		ids, err := s.Identities(ctx, []string{"q1"})
		must(t, err)
		same(t, "identity", ids["q1"], []byte{2})
		seen, err := s.Looks(ctx, "q1", 0)
		must(t, err)
		same(t, "looks", len(seen), 1)
		d, err := s.Draft(ctx, "p", "f")
		must(t, err)
		same(t, "draft", d, []byte{5})
		demo, err := s.Setting(ctx, "demo")
		must(t, err)
		same(t, "setting", demo, "yes")
		// The log goes on where it was.
		done := appended(t, s, write("journey/1", 2, 1))
		all, err := s.Load(ctx, "journey/1", 0)
		must(t, err)
		must(t, store.VerifyChain(all))
		same(t, "position", done.Position, all[len(all)-1].Position)
	})
}
