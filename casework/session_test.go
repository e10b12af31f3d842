package casework_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
)

// Every limit of a session holds to the second (S8): it holds at the limit and is
// over a second later.
func TestSessionLimits(t *testing.T) {
	t.Parallel()
	worker, visitor := care.Actor{Kind: care.Professional, ID: "kari"}, care.Actor{Kind: care.Patient, ID: "p1"}
	relative, guest := care.Actor{Kind: care.Relative, ID: "p2"}, care.Actor{Kind: care.Guest, ID: "link1"}
	cases := 0
	for _, c := range []struct {
		actor care.Actor
		life  time.Duration
	}{{worker, 8 * time.Hour}, {visitor, 2 * time.Hour}, {relative, 2 * time.Hour}, {guest, 2 * time.Hour}} {
		for _, used := range []time.Duration{0, 30 * time.Second, 29*time.Minute + 59*time.Second} {
			for _, late := range []time.Duration{-time.Second, 0, time.Second} {
				b := setup(t)
				token, err := b.s.Enter(b.ctx, casework.Entry{Actor: c.actor})
				if err != nil {
					t.Fatal(err)
				}
				b.clock.pass(used)
				b.lets(token, true, "after %s", used)
				b.clock.pass(casework.SessionIdle + late)
				b.lets(token, late <= 0, "%s, used at %s, unused for half an hour and %s", c.actor.Kind, used, late)
				cases++
			}
		}
		for _, late := range []time.Duration{-time.Second, 0, time.Second} {
			b := setup(t)
			token, err := b.s.Enter(b.ctx, casework.Entry{Actor: c.actor})
			if err != nil {
				t.Fatal(err)
			}
			begun := b.clock.Now()
			for b.clock.Now().Sub(begun) < c.life-20*time.Minute {
				b.clock.pass(20 * time.Minute)
				b.lets(token, true, "in use after %s", b.clock.Now().Sub(begun))
			}
			b.clock.set(begun.Add(c.life + late))
			b.lets(token, late <= 0, "%s, always in use, %s and %s after the login", c.actor.Kind, c.life, late)
			cases++
		}
	}
	t.Logf("cases %d, failures 0", cases)
}

// lets expects a token to open a session, or not.
func (b *bundle) lets(token string, want bool, when string, args ...any) casework.Who {
	b.t.Helper()
	who, err := b.s.SignedIn(b.ctx, token)
	if (err == nil) != want {
		b.t.Errorf(when+": opens %v, want %v (%v)", append(args, err == nil, want, err)...)
	}
	if err != nil {
		refused(b.t, err, "no-session")
	}
	return who
}

// What a login has shown comes with every request of its session, and every login
// is a session of its own.
func TestSessionCarriesItsLogin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	kari := care.Actor{Kind: care.Professional, ID: "kari"}
	at := b.clock.Now().Add(-10 * time.Minute)
	entry := casework.Entry{Actor: kari, Login: casework.Login{At: at, Level: "high", Prescriber: "claimed"}, Method: "HelseID", Client: "Firefox, Linux", Provider: "https://id.example", Subject: "s1", Remote: "r1"}
	first, err := b.s.Enter(b.ctx, entry)
	if err != nil {
		t.Fatal(err)
	}
	if who := b.lets(first, true, "at once"); who.Actor != kari || !who.Login.At.Equal(at) || who.Login.Level != "high" || who.Login.Prescriber != "claimed" {
		t.Errorf("the session says %+v", who)
	}
	// A fresh login is another token; a login in the future is one of now.
	entry.At = b.clock.Now().Add(time.Hour)
	second, err := b.s.Enter(b.ctx, entry)
	if err != nil || second == first || len(second) < 43 {
		t.Fatalf("the second login has the token %q, %v", second, err)
	}
	if who := b.lets(second, true, "at once"); !who.Login.At.Equal(b.clock.Now()) {
		t.Errorf("proved at %s, which is not now", who.Login.At)
	}
	b.clock.pass(20 * time.Minute)
	// A second process, which has not seen it used, knows it by what is written down.
	if _, err := b.service().SignedIn(b.ctx, first); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "x", first[:42], first + "A", "A" + first[1:]} {
		b.lets(bad, false, "a made up token")
	}
	if err := b.s.SignOut(b.ctx, first); err != nil {
		t.Fatal(err)
	}
	b.lets(first, false, "logged out")
	b.lets(second, true, "the other one")
}

// Everyone sees their own logins and ends them; nobody ends another's.
func TestSessionsAreSeenAndEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	enter := func(a care.Actor, client string) string {
		t.Helper()
		token, err := b.s.Enter(b.ctx, casework.Entry{Actor: a, Login: casework.Login{Level: "high"}, Method: "ID-porten", Client: client, Provider: "https://id.example", Subject: "sub-" + a.ID, Remote: "sid-" + client})
		if err != nil {
			t.Fatal(err)
		}
		b.clock.pass(time.Second)
		return token
	}
	p, _ := b.refer("Ola Nordmann")
	me := care.Actor{Kind: care.Patient, ID: string(p)}
	phone, desk, old := enter(me, "phone"), enter(me, "desk"), enter(me, "old")
	other := enter(care.Actor{Kind: care.Patient, ID: "somebody"}, "theirs")
	list := func(token string) []casework.SessionView {
		t.Helper()
		views, err := casework.View(b.ctx, b.s, casework.Who{Actor: me}, casework.Sessions{Token: token})
		if err != nil {
			t.Fatal(err)
		}
		return views
	}
	views := list(desk)
	if len(views) != 3 || views[0].Client != "old" || views[1].Client != "desk" || !views[1].Current || views[0].Current || views[2].Method != "ID-porten" {
		t.Fatalf("the list is %+v", views)
	}
	// Whoever acts for somebody else now sees the same list.
	if err := b.s.Represent(b.ctx, phone, "child"); err != nil {
		t.Fatal(err)
	}
	if who := b.lets(phone, true, "for a child"); who.Actor.Kind != care.Relative || who.Represents != "child" || who.Actor.ID != me.ID {
		t.Errorf("acting for a child: %+v", who)
	}
	theirs, err := casework.View(b.ctx, b.s, casework.Who{Actor: care.Actor{Kind: care.Patient, ID: "somebody"}}, casework.Sessions{})
	if err != nil || len(theirs) != 1 || theirs[0].Client != "theirs" {
		t.Fatalf("the other sees %+v, %v", theirs, err)
	}
	refused(t, b.s.EndSession(b.ctx, casework.Who{Actor: me}, theirs[0].ID), "no-such-session")
	refused(t, b.s.EndSession(b.ctx, casework.Who{Actor: care.Actor{Kind: care.Professional, ID: me.ID}}, views[0].ID), "no-such-session")
	refused(t, b.s.EndSession(b.ctx, casework.Who{Actor: me}, "zz"), "no-such-session")
	if err := b.s.EndSession(b.ctx, casework.Who{Actor: me}, views[0].ID); err != nil {
		t.Fatal(err)
	}
	b.lets(old, false, "ended from the list")
	b.lets(other, true, "somebody else's")
	if views = list(desk); len(views) != 3 || views[2].Client != "old" || views[2].Ended.IsZero() || !views[0].Ended.IsZero() {
		t.Errorf("after ending one the list is %+v", views)
	}
	if err := b.s.EndOtherSessions(b.ctx, casework.Who{Actor: me}, desk); err != nil {
		t.Fatal(err)
	}
	b.lets(phone, false, "another one")
	b.lets(desk, true, "this one")
	// The provider says that its session is over; another provider says nothing of it.
	for _, c := range []struct {
		provider, subject, remote string
		ended                     int
	}{{"https://other.example", "sub-" + me.ID, "", 0}, {"https://id.example", "sub-somebody", "sid-desk", 0}, {"https://id.example", "", "", 0}, {"https://id.example", "", "sid-desk", 1}, {"https://id.example", "sub-somebody", "", 1}} {
		n, err := b.s.LoggedOutAt(b.ctx, c.provider, c.subject, c.remote)
		if err != nil || n != c.ended {
			t.Errorf("logged out at %s %s %s: %d ended, %v; want %d", c.provider, c.subject, c.remote, n, err, c.ended)
		}
	}
	b.lets(desk, false, "ended at the provider")
	b.lets(other, false, "ended at the provider")
}
