package casework_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
)

func TestLoginLinkOpensOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, _ := b.refer("Ola Nordmann")
	for _, actor := range []care.Actor{{Kind: care.Professional, ID: "kari"}, {Kind: care.Patient, ID: string(p)}} {
		token, until, err := b.s.LoginLink(b.ctx, actor)
		if err != nil {
			t.Fatal(err)
		}
		if left := until.Sub(b.clock.Now()); left > casework.LinkLife || left < casework.LinkLife-time.Second {
			t.Errorf("the link lives %s, want %s", left, casework.LinkLife)
		}
		if _, err := b.s.SignedIn(b.ctx, token); err == nil {
			t.Error("a link is a session without being opened")
		}
		var opened atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				session, who, err := b.s.OpenLink(b.ctx, token, "")
				if err != nil {
					refused(t, err, "login-link-dead")
					return
				}
				opened.Add(1)
				if got, err := b.s.SignedIn(b.ctx, session); err != nil || got.Actor != actor || who != actor {
					t.Errorf("the session is %v's, %v; want %v", got, err, actor)
				}
			})
		}
		all.Wait()
		if opened.Load() != 1 {
			t.Errorf("the link was opened %d times", opened.Load())
		}
		// The program starts anew, and the link is still used.
		if _, _, err := b.service().OpenLink(b.ctx, token, ""); err == nil {
			t.Error("a used link opens after a restart")
		}
	}
}

func TestLoginLinkRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	kari := care.Actor{Kind: care.Professional, ID: "kari"}
	link := func() string {
		t.Helper()
		token, _, err := b.s.LoginLink(b.ctx, kari)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	for _, nobody := range []care.Actor{{Kind: care.Professional, ID: "nobody"}, {Kind: care.Professional}, {Kind: care.Patient, ID: "kari"}, {Kind: care.Patient}, care.Service, {Kind: care.Relative, ID: "kari"}} {
		if _, _, err := b.s.LoginLink(b.ctx, nobody); err == nil {
			t.Errorf("%v gets a link", nobody)
		}
	}
	good, other := link(), link()
	first, signature, _ := strings.Cut(good, ".")
	_, foreign, _ := strings.Cut(other, ".")
	for _, bad := range []string{"", ".", first, first + ".", "." + signature, first + "." + foreign, "A" + first[1:] + "." + signature, good + "A", strings.Repeat("a", 1<<16)} {
		_, _, err := b.s.OpenLink(b.ctx, bad, "")
		refused(t, err, "login-link-dead")
	}
	b.clock.pass(casework.LinkLife + time.Second)
	_, _, err := b.s.OpenLink(b.ctx, good, "")
	refused(t, err, "login-link-dead")
}

// refused expects a refusal with a code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if r, ok := care.AsRefusal(err); !ok || r.Code != code {
		t.Errorf("got %v, want the refusal %s", err, code)
	}
}
