package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
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
	"forlop/web"
)

// house is a clinic and a general practice behind real pages, with a clock that
// the test sets.
type house struct {
	t     *testing.T
	s     *casework.Service
	clock *handClock
	url   string
	n     int
	// folders are the pathway folders that authors read: the shipped ones.
	folders []web.Folder
}

type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time  { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *handClock) Held() error     { return nil }
func (c *handClock) set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.now = t.UTC() }

var norway = care.CalendarOf(care.Norway)

func openHouse(t *testing.T) *house {
	t.Helper()
	return openHouseOn(t, newStore(t), slog.New(slog.DiscardHandler))
}

// openHouseOn opens one on a store, which logs what goes wrong.
func openHouseOn(t *testing.T, st store.Store, log *slog.Logger) *house {
	t.Helper()
	h := &house{t: t, clock: &handClock{now: norway.StartOf(care.Date{Year: 2026, Month: 3, Day: 3}).Add(9 * time.Hour).UTC()}}
	keys, err := store.NewKeyring(bytes.Repeat([]byte{9}, store.KeySize), rand.NewChaCha8([32]byte{3}))
	if err != nil {
		t.Fatal(err)
	}
	h.s, err = casework.New(context.Background(), casework.Config{Store: st, Clock: h.clock, Keys: keys, Random: rand.NewChaCha8([32]byte{4})})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range library.All() {
		files, _ := library.Files(id)
		h.folders = append(h.folders, web.Folder{Name: id, Files: files})
	}
	names := map[string]string{"astrid": "Astrid Lund", "kari": "Kari Bjørk", "turid": "Turid Rogn", "per": "Per Ask", "ada": "Ada Lerke", "ivar": "Ivar Hegg"}
	for _, id := range []string{"astrid", "kari", "turid", "per", "ada", "ivar"} {
		h.setUp(id, directory.Register{Professional: id, Profession: "physician"})
		if err := h.s.NameProfessional(context.Background(), id, casework.Identity{Name: names[id]}); err != nil {
			t.Fatal(err)
		}
	}
	for _, u := range []directory.OpenUnit{
		{Unit: "trust", Kind: "trust", Regime: care.Norway, Roles: []care.Role{care.PathwayApprover}, Contact: directory.Contact{Name: "Fjord helseforetak"}, Lead: "astrid"},
		{Unit: "clinic", Kind: "pain-clinic", Parent: "trust", Regime: care.Norway, Roles: []care.Role{"team", "coordinator"},
			Contact: directory.Contact{Name: "Smerteklinikken", Phone: "00 00 00 10", Hours: "Mandag til fredag 9–11"}},
		{Unit: "practice", Kind: "primary-care", Parent: "trust", Regime: care.Norway, Roles: []care.Role{"gp"}, Contact: directory.Contact{Name: "Legene på Torget"}},
	} {
		h.setUp(string(u.Unit), u)
	}
	for _, j := range []struct {
		unit, who string
		role      care.Role
	}{{"clinic", "kari", "coordinator"}, {"clinic", "kari", care.Desk}, {"clinic", "turid", "team"}, {"practice", "per", "gp"}, {"practice", "per", care.Desk}, {"trust", "ada", care.PathwayApprover}, {"trust", "ivar", care.PathwayApprover}} {
		h.setUp(j.unit, directory.Join{Professional: j.who, Role: j.role})
	}
	for _, f := range h.folders {
		ref, findings, err := h.s.Shelve(context.Background(), f.Files)
		if err == nil {
			err = h.s.BringIntoUse(context.Background(), ref, "ada", "ivar", "trust")
		}
		if err != nil {
			t.Fatalf("%s: %v %v", f.Name, err, findings)
		}
	}
	srv := httptest.NewServer(web.New(web.Config{Service: h.s, Log: log, Operator: "Fjord helseforetak", Demo: true,
		Folders: func() []web.Folder { return h.folders }}))
	t.Cleanup(srv.Close)
	h.url = srv.URL
	return h
}

func (h *house) key() string { h.n++; return "house-" + strconv.Itoa(h.n) }

func (h *house) setUp(target string, c directory.Command) {
	h.t.Helper()
	if _, err := h.s.Do(context.Background(), casework.Order{Who: casework.Who{Actor: care.Service}, Key: h.key(), Target: target, Command: c}); err != nil {
		h.t.Fatalf("%s: %v", c.Name(), err)
	}
}

// worker is a professional at a post.
func worker(id string, unit care.UnitID, role care.Role) casework.Who {
	return casework.Who{Actor: care.Actor{Kind: care.Professional, ID: id, Unit: unit}, Post: care.Post{Unit: unit, Role: role}}
}

var coordinator = worker("kari", "clinic", "coordinator")

// act carries out a command for the coordinator.
func (h *house) act(target string, c interface{ Name() string }) string {
	h.t.Helper()
	r, err := h.s.Do(context.Background(), casework.Order{Who: coordinator, Key: h.key(), Target: target, Command: c})
	if err != nil {
		h.t.Fatalf("%s: %v", c.Name(), err)
	}
	return r.Target
}

// refer opens a journey for a new person.
func (h *house) refer(name string) (care.PersonKey, string) {
	h.t.Helper()
	p, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, casework.Identity{Name: name, Born: care.Date{Year: 1981, Month: 5, Day: 17}})
	if err != nil {
		h.t.Fatal(err)
	}
	id := h.act("", journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: h.clock.Now().Add(-time.Hour), Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: "Vondt i nakken siden i fjor.",
	})
	return p, id
}

// state is the journey as the coordinator sees it.
func (h *house) state(id string) *journey.State {
	h.t.Helper()
	v, err := casework.View(context.Background(), h.s, coordinator, casework.GetJourney{ID: id})
	if err != nil {
		h.t.Fatal(err)
	}
	return v.State
}

// accept takes a referral on.
func (h *house) accept(id string) {
	h.t.Helper()
	h.act(id, journey.Answer{
		Step: h.state(id).StepOf("assess-referral").Step, Answer: pathway.Accept, Right: journey.HasRight,
		LatestLegal: norway.Date(h.clock.Now()).AddDays(70), Reasons: "Smertene har vart lenge.", HowToComplain: "Du kan klage til Statsforvalteren.",
	})
}

// login is the address that opens somebody's first page, or another.
func (h *house) login(a care.Actor, to string) string {
	h.t.Helper()
	token, err := h.s.SignIn(context.Background(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.url + "/login?token=" + token + "&to=" + to
}

func asPatient(p care.PersonKey) care.Actor { return care.Actor{Kind: care.Patient, ID: string(p)} }
