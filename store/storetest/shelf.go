package storetest

import (
	"fmt"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

var shelfTests = []test{
	{"looks are listed by person, newest first", looks},
	{"a published definition never changes", definitions},
	{"sessions are replaced", sessions},
	{"drafts are kept and dropped", drafts},
	{"settings are kept", settings},
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
	a.ID, b.ID = got[1].ID, got[0].ID
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

func definitions(t *testing.T, s store.Store) {
	_, err := s.Definition(ctx, "h1")
	fails(t, err, store.ErrNotFound)
	files := map[string][]byte{"pathway.yaml": []byte("pathway: no.pain\n"), "text.nb.yaml": {}}
	must(t, s.PutDefinition(ctx, "no.pain", "2025.04", "h1", files))
	must(t, s.PutDefinition(ctx, "no.pain", "2025.04", "h1", files))
	fails(t, s.PutDefinition(ctx, "no.pain", "2025.04", "h2", files), store.ErrClaimed)
	fails(t, s.PutDefinition(ctx, "no.pain", "2025.04", "h1", map[string][]byte{"pathway.yaml": []byte("x")}), store.ErrClaimed)
	fails(t, s.PutDefinition(ctx, "no.pain", "2026.01", "h1", files), store.ErrClaimed)
	must(t, s.PutDefinition(ctx, "no.pain", "2026.01", "h3", map[string][]byte{}))
	must(t, s.PutDefinition(ctx, "no.crps", "1", "h4", files))
	got, err := s.Definition(ctx, "h1")
	must(t, err)
	same(t, "files", got, files)
	list, err := s.Definitions(ctx)
	must(t, err)
	same(t, "list", list, []store.DefinitionEntry{{ID: "no.crps", Version: "1", Hash: "h4"}, {ID: "no.pain", Version: "2025.04", Hash: "h1"}, {ID: "no.pain", Version: "2026.01", Hash: "h3"}})
}

func sessions(t *testing.T, s store.Store) {
	_, err := s.Session(ctx, []byte{1})
	fails(t, err, store.ErrNotFound)
	want := store.Session{Hash: []byte{1, 0}, Actor: nurse, Created: monday, Seen: monday, Expires: tuesday}
	must(t, s.PutSession(ctx, want))
	want.Seen, want.Closed = tuesday, tuesday
	must(t, s.PutSession(ctx, want))
	got, err := s.Session(ctx, []byte{1, 0})
	must(t, err)
	want.Created, want.Seen, want.Expires, want.Closed = utc(want.Created), utc(want.Seen), utc(want.Expires), utc(want.Closed)
	same(t, "session", got, want)
}

func drafts(t *testing.T, s store.Store) {
	draft := func(owner, form string, want []byte) {
		t.Helper()
		got, err := s.Draft(ctx, owner, form)
		must(t, err)
		same(t, "draft "+form+" of "+owner, got, want)
	}
	draft("p1", "note", nil)
	must(t, s.PutDraft(ctx, "p1", "note", []byte{1}, monday))
	must(t, s.PutDraft(ctx, "p1", "note", []byte{2}, tuesday))
	must(t, s.PutDraft(ctx, "p2", "note", []byte{3}, monday))
	draft("p1", "note", []byte{2})
	draft("p2", "note", []byte{3})
	must(t, s.PutDraft(ctx, "p1", "note", nil, friday))
	must(t, s.PutDraft(ctx, "p1", "none", nil, time.Time{}))
	draft("p1", "note", nil)
}

func settings(t *testing.T, s store.Store) {
	got, err := s.Setting(ctx, "demo")
	must(t, err)
	same(t, "unset", got, "")
	must(t, s.SetSetting(ctx, "demo", "no"))
	must(t, s.SetSetting(ctx, "demo", "yes"))
	got, err = s.Setting(ctx, "demo")
	must(t, err)
	same(t, "set", got, "yes")
}
