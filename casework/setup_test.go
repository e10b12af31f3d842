package casework_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/store"
)

// hand is a clock that a test sets by hand.
type hand struct {
	mu   sync.Mutex
	now  time.Time
	held error
}

func (c *hand) Now() time.Time       { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *hand) Held() error          { c.mu.Lock(); defer c.mu.Unlock(); return c.held }
func (c *hand) set(t time.Time)      { c.mu.Lock(); defer c.mu.Unlock(); c.now = t.UTC() }
func (c *hand) pass(d time.Duration) { c.set(c.Now().Add(d)) }

// bundle is a small clinic with a general practice, in which everyone has a name.
type bundle struct {
	t     *testing.T
	ctx   context.Context
	store store.Store
	clock *hand
	s     *casework.Service
	n     int
	// keyBackups is for how many days backups of keys are kept.
	keyBackups int
	watch      casework.Watcher
	// out is how notices leave; nil where nothing does.
	out *casework.Outgoing
}

var oslo = care.CalendarOf(care.Norway)

// instant is a local time in Norway.
func instant(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, oslo.Zone())
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func setup(t *testing.T) *bundle { return setupOn(t, newStore(t)) }

func setupOn(t *testing.T, st store.Store) *bundle {
	t.Helper()
	b := &bundle{t: t, ctx: context.Background(), store: st, clock: &hand{now: instant("2026-01-05 09:00")}}
	b.s = b.service()
	for _, who := range []string{"astrid", "kari", "turid", "nils", "per", "ada", "ivar"} {
		b.setUp(who, directory.Register{Professional: who, Profession: "physician"})
		if err := b.s.NameProfessional(b.ctx, who, casework.Identity{Name: who + " Hansen"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, u := range []directory.OpenUnit{
		{Unit: "trust", Kind: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Fjordhelse HF"}, Roles: []care.Role{care.PathwayApprover}, Lead: "astrid"},
		{Unit: "clinic", Kind: "pain-clinic", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Smerteklinikken"}, Roles: []care.Role{"team", "coordinator"}},
		{Unit: "clinic-b", Kind: "pain-clinic", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Smerteklinikken Nord"}, Roles: []care.Role{"team", "coordinator"}},
		{Unit: "practice", Kind: "primary-care", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Legene på Torget"}, Roles: []care.Role{"gp"}},
	} {
		b.setUp(string(u.Unit), u)
	}
	for _, j := range []struct {
		unit, who string
		role      care.Role
	}{{"clinic", "kari", "coordinator"}, {"clinic", "kari", care.Desk}, {"clinic", "turid", "team"}, {"clinic-b", "nils", care.Desk}, {"clinic-b", "nils", "coordinator"}, {"practice", "per", "gp"}, {"practice", "per", care.Desk}, {"trust", "ada", care.PathwayApprover}, {"trust", "ivar", care.PathwayApprover}} {
		b.setUp(j.unit, directory.Join{Professional: j.who, Role: j.role})
	}
	for _, id := range library.All() {
		files, _ := library.Files(id)
		ref, findings, err := b.s.Shelve(b.ctx, files)
		if err == nil {
			err = b.s.BringIntoUse(b.ctx, ref, "ada", "ivar", "trust")
		}
		if err != nil {
			t.Fatalf("bringing %s into use: %v %v", id, err, findings)
		}
	}
	return b
}

// service starts the program anew on the bundle's store.
func (b *bundle) service() *casework.Service {
	b.t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), rand.NewChaCha8([32]byte{1}))
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := casework.New(b.ctx, casework.Config{Store: b.store, Clock: b.clock, Keys: keys, Random: rand.NewChaCha8([32]byte{2}), KeyBackups: b.keyBackups, Out: b.out, Watch: b.watch})
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bundle) key() string { b.n++; return "k" + strconv.Itoa(b.n) }

func (b *bundle) setUp(target string, c directory.Command) {
	b.t.Helper()
	if _, err := b.s.Do(b.ctx, casework.Order{Who: casework.Who{Actor: care.Service}, Key: b.key(), Target: target, Command: c}); err != nil {
		b.t.Fatalf("%s %s: %v", c.Name(), target, err)
	}
}

// as is a professional at a post.
func as(id string, unit care.UnitID, role care.Role) casework.Who {
	return casework.Who{Actor: care.Actor{Kind: care.Professional, ID: id, Unit: unit}, Post: care.Post{Unit: unit, Role: role}}
}

var (
	kari = as("kari", "clinic", "coordinator")
	nils = as("nils", "clinic-b", care.Desk)
)

func patient(p care.PersonKey) casework.Who {
	return casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(p)}}
}

// do carries out an order and fails the test if it is refused.
func (b *bundle) do(who casework.Who, target string, c journey.Command) casework.Receipt {
	b.t.Helper()
	r, err := b.try(who, target, c)
	if err != nil {
		b.t.Fatalf("%s: %v", c.Name(), err)
	}
	return r
}

func (b *bundle) try(who casework.Who, target string, c interface{ Name() string }) (casework.Receipt, error) {
	return b.s.Do(b.ctx, casework.Order{Who: who, Key: b.key(), Target: target, Command: c})
}

// refer registers a person and opens a journey from the practice.
func (b *bundle) refer(name string) (care.PersonKey, string) {
	b.t.Helper()
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: name, Born: care.Date{Year: 1980, Month: 3, Day: 1}})
	if err != nil {
		b.t.Fatal(err)
	}
	r := b.do(kari, "", opening(p, b.clock.Now().Add(-time.Hour)))
	return p, r.Target
}

// opening is a referral from the practice to the clinic.
func opening(p care.PersonKey, received time.Time) journey.Open {
	return journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: received, Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: "Vondt i ryggen i to år.",
	}
}

func (b *bundle) journey(who casework.Who, id string) casework.JourneyView {
	b.t.Helper()
	v, err := casework.View(b.ctx, b.s, who, casework.GetJourney{ID: id})
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// step finds the newest step of an id.
func (b *bundle) step(id string, step pathway.StepID) journey.Step {
	b.t.Helper()
	st := b.journey(kari, id).State.StepOf(step)
	if st == nil {
		b.t.Fatalf("there is no step %s", step)
	}
	return *st
}

// accept takes the referral on.
func (b *bundle) accept(id string) {
	b.t.Helper()
	b.do(kari, id, journey.Answer{
		Step: b.step(id, "assess-referral").Step, Answer: pathway.Accept, Right: journey.HasRight,
		LatestLegal: oslo.Date(b.clock.Now()).AddDays(60), Reasons: "Langvarig smerte.", HowToComplain: "Klag til Statsforvalteren.",
		Message: "Du får time.",
	})
}
