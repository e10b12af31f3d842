package casework_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/store"
	"forlop/store/sqlite"
)

// mortal is a store of a program that is killed before it touches the vault.
type mortal struct {
	store.Store
	dies bool
}

var errKilled = errors.New("killed")

func (m *mortal) Erase(ctx context.Context, subject string) error {
	if m.dies {
		return errKilled
	}
	return m.Store.Erase(ctx, subject)
}

func (m *mortal) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	if m.dies {
		return errKilled
	}
	return m.Store.PutIdentity(ctx, subject, sealed)
}

// officers lets two at the trust hold the post that may propose and approve.
func (b *bundle) officers() (first, second casework.Who) {
	b.t.Helper()
	b.setUp("trust", directory.AddPost{Role: care.PrivacyOfficer})
	for _, who := range []string{"ada", "ivar"} {
		b.setUp("trust", directory.Join{Professional: who, Role: care.PrivacyOfficer})
	}
	now := b.clock.Now()
	return fresh(as("ada", "trust", care.PrivacyOfficer), now), fresh(as("ivar", "trust", care.PrivacyOfficer), now)
}

// The whole way of an erasure: one proposes, another approves, and from then on
// nothing of the person can be read in any file, with the site's key in hand; the
// others are as they were, and every event still folds.
func TestErasureByTwoIsGoneFromEveryFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	st, err := sqlite.Open(t.Context(), filepath.Join(folder, "forlop.db"))
	if err != nil {
		t.Fatal(err)
	}
	b := setupOn(t, st)
	b.keyBackups = 90
	b.s = b.service()
	first, second := b.officers()
	var people []care.PersonKey
	for n := range 2 {
		p, err := b.openCanary(n)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, p)
	}
	gone := people[1]
	wrapped, err := st.Key(b.ctx, string(gone))
	if err != nil {
		t.Fatal(err)
	}
	now := b.clock.Now()
	if _, err := b.try(first, string(gone), access.ProposeErasure{Decision: access.ByController, Reference: "2026/17"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.try(first, string(gone), access.ApproveErasure{}); !isRefused(err, "erasure-two-persons") {
		t.Fatalf("one person alone: %v", err)
	}
	if _, _, found := hits(t, folder, nil, string(wrapped)); len(found) == 0 {
		t.Fatal("the wrapped key is in no file: the test looks in the wrong place")
	}
	if _, err := b.try(second, string(gone), access.ApproveErasure{}); err != nil {
		t.Fatal(err)
	}
	number := map[string]bool{canaryNumber(1): true}
	if _, _, found := hits(t, folder, number, string(wrapped), canary(1)); len(found) > 0 {
		t.Errorf("after the erasure: %q", found)
	}
	v, err := casework.View(b.ctx, b.s, kari, casework.Consents{Person: gone})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := v.State.Erasure.Gone, oslo.Date(now).AddDays(90); got != want || v.State.Erasure.At.IsZero() {
		t.Errorf("the last copy of the key is gone after %s, want %s", got, want)
	}
	if v.Person.Identity != (casework.Identity{}) {
		t.Errorf("who was erased is shown as %v", v.Person.Identity)
	}
	for _, s := range []*casework.Service{b.s, b.service()} {
		audit, err := s.Verify(b.ctx)
		if err != nil || len(audit.Findings) > 0 {
			t.Errorf("verify: %v %v", audit.Findings, err)
		}
	}
	plan, err := casework.View(b.ctx, b.s, fresh(patient(people[0]), now), casework.MyPlan{})
	if err != nil || plan.Person.Identity.Name != canary(0) {
		t.Errorf("another person is called %q, %v", plan.Person.Identity.Name, err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, found := hits(t, folder, number, string(wrapped), canary(1)); len(found) > 0 {
		t.Errorf("after closing: %q", found)
	}
}

// What was decided holds, also where the program is killed before the vault hears
// of it: verify names it, and the next start finishes it, once.
func TestVaultIsFinishedAfterACrash(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		before   []access.Command
		command  access.Command
		names    string
		finished func(*bundle, care.PersonKey) bool
	}{
		{
			"erasure", []access.Command{access.ProposeErasure{Decision: access.ByController, Reference: "2026/17"}}, access.ApproveErasure{}, "the key is still there",
			func(b *bundle, p care.PersonKey) bool {
				_, err := b.store.Key(b.ctx, string(p))
				return errors.Is(err, store.ErrErased)
			},
		},
		{
			"protection", []access.Command{access.ProtectAddress{Kind: access.Strict}}, access.UnprotectAddress{}, "the mark in the vault",
			func(b *bundle, p care.PersonKey) bool {
				found, err := casework.View(b.ctx, b.s, kari, casework.FindPerson{Query: canaryNumber(4)})
				return err == nil && len(found) == 1 && found[0].Identity.Protected == "" && found[0].Identity.Phone != ""
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := &mortal{Store: newStore(t)}
			b := setupOn(t, m)
			first, second := b.officers()
			if tt.name == "protection" {
				first, second = fresh(kari, b.clock.Now()), fresh(kari, b.clock.Now())
			}
			p, err := b.openCanary(4)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range tt.before {
				if _, err := b.try(first, string(p), c); err != nil {
					t.Fatal(err)
				}
			}
			order := casework.Order{Who: second, Key: "once", Target: string(p), Command: tt.command}
			m.dies = true
			if _, err := b.s.Do(b.ctx, order); !errors.Is(err, errKilled) {
				t.Fatalf("it was not killed in between: %v", err)
			}
			m.dies = false
			b.s = b.service()
			audit, err := b.s.Verify(b.ctx)
			if err != nil || len(audit.Findings) != 1 || !strings.Contains(audit.Findings[0].What, tt.names) {
				t.Errorf("verify: %v %v, want one that says %q", audit.Findings, err, tt.names)
			}
			for range 2 {
				if err := b.s.React(b.ctx); err != nil {
					t.Fatal(err)
				}
				if !tt.finished(b, p) {
					t.Error("the next start did not finish it")
				}
			}
			if r, err := b.s.Do(b.ctx, order); err != nil || !r.Repeated {
				t.Errorf("the same order sent again: %v, %v", r, err)
			}
			if audit, err = b.s.Verify(b.ctx); err != nil || len(audit.Findings) > 0 {
				t.Errorf("verify: %v %v", audit.Findings, err)
			}
		})
	}
}

// A mark that stands for nothing, because the program was killed before the
// protection was decided, is gone when somebody opens the person's page.
func TestMarkWithoutProtectionGoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, err := b.openCanary(6)
	if err != nil {
		t.Fatal(err)
	}
	who := fresh(kari, b.clock.Now())
	if _, err := b.try(who, string(p), access.ProtectAddress{Kind: access.Strict}); err != nil {
		t.Fatal(err)
	}
	marked, err := b.store.Identities(b.ctx, []string{string(p)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.try(who, string(p), access.UnprotectAddress{}); err != nil {
		t.Fatal(err)
	}
	if err := b.store.PutIdentity(b.ctx, string(p), marked[string(p)]); err != nil {
		t.Fatal(err)
	}
	v, err := casework.View(b.ctx, b.s, kari, casework.GetPerson{Key: p})
	if err != nil || v.Identity.Protected != "" || v.Identity.Address == "" {
		t.Errorf("the person is shown as %+v, %v", v.Identity, err)
	}
}
