package simulation_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway/library"
	"forlop/simulation"
	"forlop/store"
	"forlop/store/memory"
	"forlop/store/sqlite"
)

// still is a clock that stands still.
type still struct{ now time.Time }

func (c still) Now() time.Time { return c.now }
func (c still) Held() error    { return nil }

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// populated is a store with shipped pathways and a population, and a service on
// it.
func populated(t *testing.T, st store.Store, people int) (*casework.Service, []simulation.Resident) {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	open := func() *casework.Service {
		s, err := casework.New(ctx, casework.Config{Store: st, Clock: still{today}, Keys: keys, Random: rand.Reader})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	for _, id := range library.All() {
		files, _ := library.Files(id)
		if _, findings, err := s.Shelve(ctx, files); err != nil {
			t.Fatal(err, findings)
		}
	}
	start := time.Now()
	residents, err := simulation.Populate(ctx, st, keys, simulation.Population{People: people, Seed: 1, Now: today, Workers: 16})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d people in %s", people, time.Since(start))
	return open(), residents
}

func TestPopulation(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, residents := populated(t, memory.Open(), 200)
	if _, err := s.WakeDue(ctx, "test", func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) }); err != nil {
		t.Fatal(err)
	}
	if err := s.React(ctx); err != nil {
		t.Fatal(err)
	}
	audit, err := s.Verify(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range audit.Findings {
		t.Errorf("%s: %s", f.Stream, f.What)
	}
	t.Logf("%+v", audit)
	believable(t, s)
	for _, r := range residents {
		if r.Name == "" || r.Actor.ID == "" && r.Link == nil {
			t.Errorf("the %s %q cannot log in as %v", r.Role, r.Name, r.Actor)
		}
		if r.Role == "patient" {
			plan, err := casework.View(ctx, s, casework.Who{Actor: r.Actor}, casework.MyPlan{})
			if err != nil || len(plan.Journeys) != 1 {
				t.Errorf("%s sees %d journeys: %v", r.Name, len(plan.Journeys), err)
			}
		}
	}
}

// believable holds that the lists of those who coordinate are a working day's: a
// few things are late, all that the stories mean to be, and the rest is done.
func believable(t *testing.T, s *casework.Service) {
	t.Helper()
	for id, unit := range map[string]care.UnitID{"kari-bjork": "fjord-smerteklinikk", "malin-al": "vc-bjorken"} {
		who := casework.Who{
			Actor: care.Actor{Kind: care.Professional, ID: id, Unit: unit}, Post: care.Post{Unit: unit, Role: "coordinator"},
		}
		page, err := casework.View(context.Background(), s, who, casework.WorkQuery{Size: 200})
		if err != nil {
			t.Fatal(err)
		}
		if page.Late < 5 || page.Late > 15 || page.Week < 5 || page.Week > 40 {
			t.Errorf("%s begins the day with %d late and %d due this week", id, page.Late, page.Week)
		}
	}
}

func TestPopulationOnDisk(t *testing.T) {
	t.Parallel()
	st, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	populated(t, st, 200)
}
