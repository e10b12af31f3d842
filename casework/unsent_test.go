package casework_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
)

// What somebody wrote when their login had ended is theirs when they are back, and
// nobody else's.
func TestAnUnsentFormIsItsWritersAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, _ := b.refer("Ola Nordmann")
	q, _ := b.refer("Eva Nordmann")
	ola, eva := patient(p), patient(q)
	token, err := b.s.SignIn(b.ctx, ola.Actor)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.pass(3 * time.Hour)
	b.lets(token, false, "run out")
	words := []byte("words=Jeg+klarer+ikke+reisen&key=k1")
	keep := func(token string, body []byte) string {
		t.Helper()
		secret, err := b.s.KeepUnsent(b.ctx, token, casework.Unsent{Path: "/me/message", Type: "application/x-www-form-urlencoded", Body: body})
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	mine := func(who casework.Who) []casework.Unsent {
		t.Helper()
		all, err := b.service().UnsentForms(b.ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if secret := keep(token, words); secret != "" {
		t.Error("a form whose writer is known got a secret")
	}
	if got := mine(ola); len(got) != 1 || !bytes.Equal(got[0].Body, words) || got[0].Path != "/me/message" {
		t.Fatalf("the writer finds %+v", got)
	}
	if got := mine(eva); len(got) != 0 {
		t.Errorf("somebody else finds %+v", got)
	}
	if got := mine(casework.Who{Actor: care.Actor{Kind: care.Professional, ID: string(p)}}); len(got) != 0 {
		t.Errorf("another kind of actor with the same id finds %+v", got)
	}
	// It is sealed where it lies.
	sealed, err := b.store.Draft(b.ctx, "patient/"+string(p), "unsent")
	if err != nil || len(sealed) == 0 || bytes.Contains(sealed, []byte("reisen")) {
		t.Errorf("the draft lies open, or is not there: %q, %v", sealed, err)
	}
	// Whose it is is not known: whoever has the secret claims it, once.
	secret := keep("", []byte("words=Uten+kake"))
	if secret == "" {
		t.Fatal("a form of nobody has no secret")
	}
	for _, c := range []struct {
		who    casework.Who
		secret string
		has    int
	}{{eva, "made-up", 0}, {eva, "", 0}, {eva, secret, 1}, {ola, secret, 1}} {
		if err := b.s.ClaimUnsent(b.ctx, c.who, c.secret); err != nil {
			t.Fatal(err)
		}
		if got := mine(c.who); len(got) != c.has {
			t.Errorf("%s with the secret %q has %d forms, want %d", c.who.Actor.ID, c.secret, len(got), c.has)
		}
	}
	for n := range 12 {
		keep(token, fmt.Appendf(nil, "words=%d", n))
	}
	got := mine(ola)
	if len(got) != 8 || string(got[0].Body) != "words=11" {
		t.Fatalf("of many, %d are kept, the newest %s", len(got), got[0].Body)
	}
	if err := b.s.DropUnsent(b.ctx, eva, got[0].ID); err != nil {
		t.Fatal(err)
	}
	if len(mine(ola)) != 8 {
		t.Error("somebody else threw a form away")
	}
	for _, u := range got {
		if err := b.s.DropUnsent(b.ctx, ola, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	if sealed, err := b.store.Draft(b.ctx, "patient/"+string(p), "unsent"); err != nil || len(sealed) != 0 {
		t.Errorf("after all were dropped %d bytes are kept, %v", len(sealed), err)
	}
	keep(token, words)
	b.clock.pass(casework.UnsentLife + time.Second)
	if len(mine(ola)) != 0 {
		t.Error("an old form is offered")
	}
}

// What is carried opens in its place alone.
func TestCarried(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sealed, err := b.s.SealCarried("login", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := b.service().OpenCarried("login", sealed); !ok || string(got) != "secret" {
		t.Errorf("opens as %q, %v", got, ok)
	}
	for _, c := range [][2]string{{"other", sealed}, {"login", sealed + "A"}, {"login", sealed[1:]}, {"login", ""}, {"login", "?"}} {
		if _, ok := b.s.OpenCarried(c[0], c[1]); ok {
			t.Errorf("%q opens at %s", c[1], c[0])
		}
	}
}

// A link's opening stands in the log of the person it logged in.
func TestAnOpenedLinkIsLogged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, _ := b.refer("Ola Nordmann")
	token, _, err := b.s.LoginLink(b.ctx, patient(p).Actor)
	if err != nil {
		t.Fatal(err)
	}
	opened := func() (n int) {
		t.Helper()
		looks, err := b.store.Looks(b.ctx, p, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range looks {
			if l.Question == "login-link" {
				n++
			}
		}
		return n
	}
	if opened() != 0 {
		t.Fatal("making a link is an opening")
	}
	session, _, err := b.s.OpenLink(b.ctx, token, "Firefox, Android")
	if err != nil || opened() != 1 {
		t.Fatalf("%d openings are logged, %v", opened(), err)
	}
	if who := b.lets(session, true, "opened"); who.Login.Level != "link" {
		t.Errorf("a link reaches the level %q", who.Login.Level)
	}
	_, _, err = b.s.OpenLink(b.ctx, token, "")
	refused(t, err, "login-link-dead")
	if opened() != 1 {
		t.Error("a dead link is logged as opened")
	}
}
