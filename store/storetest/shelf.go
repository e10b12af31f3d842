package storetest

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

var shelfTests = []test{
	{"a published definition never changes", definitions},
	{"sessions are replaced", sessions},
	{"drafts are kept and dropped", drafts},
	{"settings are kept", settings},
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
	want := store.Session{
		Hash: []byte{1, 0}, Actor: nurse, Created: monday, Seen: monday, Expires: tuesday, Fresh: monday,
		Level: "high", Method: "code", Client: "phone", Prescriber: "claimed", Represents: "q1", Item: "link/1",
		Provider: "https://id.example", Subject: "sub-1", Remote: "sid-1",
	}
	must(t, s.PutSession(ctx, want))
	want.Seen, want.Closed, want.Fresh, want.Represents, want.Level = tuesday, tuesday, tuesday, "q2", "substantial"
	must(t, s.PutSession(ctx, want))
	// Whoever read it while it was open cannot open it again.
	late := want
	late.Closed = time.Time{}
	must(t, s.PutSession(ctx, late))
	got, err := s.Session(ctx, []byte{1, 0})
	must(t, err)
	want.Created, want.Seen, want.Expires, want.Closed, want.Fresh = utc(want.Created), utc(want.Seen), utc(want.Expires), utc(want.Closed), utc(want.Fresh)
	same(t, "session", got, want)

	// One that says nothing is kept as well, and one of somebody else.
	bare := store.Session{Hash: []byte{2}, Actor: nurse, Created: utc(friday), Seen: utc(friday), Expires: utc(friday)}
	other := store.Session{Hash: []byte{3}, Actor: care.Actor{Kind: care.Patient, ID: nurse.ID}, Created: utc(tuesday), Provider: want.Provider, Subject: "sub-2", Remote: "sid-1"}
	elsewhere := store.Session{Hash: []byte{4}, Actor: care.Actor{Kind: care.Patient, ID: "q4"}, Created: utc(monday), Provider: "https://other.example", Subject: "sub-1", Remote: "sid-1"}
	second := store.Session{Hash: []byte{5}, Actor: nurse, Created: utc(friday).Add(time.Hour), Provider: want.Provider, Subject: "sub-1", Remote: "sid-2"}
	for _, l := range []store.Session{bare, other, elsewhere, second} {
		must(t, s.PutSession(ctx, l))
	}
	list := func(what string, got []store.Session, err error, want ...store.Session) {
		t.Helper()
		must(t, err)
		same(t, what, len(got), len(want))
		for i := range want {
			same(t, what, got[i], want[i])
		}
	}
	got2, err := s.Sessions(ctx, care.Actor{Kind: nurse.Kind, ID: nurse.ID})
	list("of an actor, newest first", got2, err, second, bare, want)
	got2, err = s.Sessions(ctx, care.Actor{Kind: care.Professional, ID: "p-nobody"})
	list("of nobody", got2, err)
	got2, err = s.SessionsOf(ctx, want.Provider, "sub-1", "")
	list("of a subject", got2, err, second, want)
	got2, err = s.SessionsOf(ctx, want.Provider, "", "sid-1")
	list("of a remote session", got2, err, other, want)
	got2, err = s.SessionsOf(ctx, want.Provider, "sub-1", "sid-1")
	list("of both", got2, err, want)
	got2, err = s.SessionsOf(ctx, want.Provider, "", "")
	list("of neither", got2, err)
	got2, err = s.SessionsOf(ctx, "", "sub-1", "")
	list("of no provider", got2, err)
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
