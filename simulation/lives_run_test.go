package simulation

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	oneSeed   = flag.Uint64("seed", 0, "live the random life of this seed alone, and tell its story")
	onePeople = flag.Int("people", most, "how many persons come into that life, at most")
	oneSteps  = flag.Int("steps", stepsOfALife, "how many steps that life has")
	lifeTime  = flag.Duration("lives", 30*time.Second, "how much processor time random lives may take")
	lifeYears = flag.Float64("years", 0, "live until so many patient-years have passed, whatever time it takes")
	firstSeed = flag.Uint64("first", 1, "the first seed of random lives")
	figuresIn = flag.String("figures", "", "write the figures of random lives to this file, as JSON")
	keepSeeds = flag.Bool("keep", true, "keep the life that broke an invariant in testdata/seeds.txt")
)

// most persons, and steps, of a random life.
const most, stepsOfALife = 4, 200

// report fails the test of each invariant that did not hold.
func report(t *testing.T, lives []*trial) {
	t.Helper()
	var steps, done, refused, wrongs int
	var years float64
	for _, x := range lives {
		steps, done, refused, years, wrongs = steps+x.steps, done+x.done, refused+x.refused, years+x.years(), wrongs+len(x.wrongs)
	}
	t.Logf("random lives: %d seeds, %d steps, %d orders carried out and %d refused, %.0f patient-years, %d violations", len(lives), steps, done, refused, years, wrongs)
	if steps == 0 {
		t.Fatal("nothing was lived")
	}
	t.Logf("the disk was struck: %s", struckIn(lives))
	var shown, hidden, plans, read, merged int
	for _, x := range lives {
		shown, hidden, plans, read, merged = shown+x.shown, hidden+x.hidden, plans+x.plans, read+x.read, merged+x.merged
	}
	t.Logf("staff asked for %d journeys and were not shown %d of them; relatives asked for %d plans and read %d; %d records were merged", shown, hidden, plans, read, merged)
	if done < steps/5 || len(lives) > 5 && years < float64(len(lives))/5 {
		t.Errorf("the lives are too tame to prove anything")
	}
	for _, n := range sortedInts(invariants) {
		t.Run(fmt.Sprintf("invariant %d", n), func(t *testing.T) {
			shown := 0
			for _, x := range lives {
				for _, w := range x.wrongs {
					if w.invariant != n {
						continue
					}
					if shown++; shown <= 10 {
						t.Errorf("%s – seed %d, after %d steps: %s\nreplay it with: go test ./simulation -run TestLives -seed %d -v", invariants[n], x.seed, w.step, w.what, x.seed)
					}
				}
			}
			if shown > 10 {
				t.Errorf("and %d more", shown-10)
			}
		})
	}
}

func sortedInts(m map[int]string) []int {
	var keys []int
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

const seedFile = "testdata/seeds.txt"

// seeded is one random life: the same each time.
type seeded struct {
	seed          uint64
	people, steps int
}

func (l seeded) String() string {
	return fmt.Sprintf("%d people %d steps %d", l.seed, l.people, l.steps)
}

// keptLives are those that once broke an invariant: they are lived first, for
// ever.
func keptLives(t *testing.T) []seeded {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(seedFile))
	if err != nil {
		t.Fatal(err)
	}
	var kept []seeded
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		seed, err := strconv.ParseUint(words[0], 10, 64)
		if err != nil {
			continue
		}
		l := seeded{seed, most, stepsOfALife}
		for i := 1; i+1 < len(words); i += 2 {
			n, err := strconv.Atoi(words[i+1])
			switch {
			case err != nil:
			case words[i] == "people":
				l.people = n
			case words[i] == "steps":
				l.steps = n
			}
		}
		kept = append(kept, l)
	}
	return kept
}

// lived lives one life on the chosen store.
func lived(t testing.TB, l seeded) *trial {
	x := newTrial(t, l.seed, newStore(t))
	x.people = l.people
	x.live(l.steps)
	return x
}

// broke answers whether an invariant did not hold in a life, and after how many
// steps it first did not.
func (t *trial) broke(invariant int) (steps int, broke bool) {
	i := slices.IndexFunc(t.wrongs, func(w wrong) bool { return w.invariant == invariant })
	if i < 0 {
		return 0, false
	}
	return t.wrongs[i].step, true
}

// shrunk finds a shorter life with fewer people that breaks the same invariant.
func shrunk(t testing.TB, x *trial) (seeded, *trial) {
	invariant := x.wrongs[0].invariant
	best := seeded{x.seed, x.people, x.steps}
	try := func(l seeded) bool {
		y := lived(t, l)
		if _, broke := y.broke(invariant); broke {
			best, x = l, y
			return true
		}
		return false
	}
	for people := 1; people < best.people && !try(seeded{best.seed, people, best.steps}); people++ {
	}
	if at, _ := x.broke(invariant); at < best.steps {
		try(seeded{best.seed, best.people, max(at, 1)})
	}
	return best, x
}

// TestLives holds every invariant over random lives, after every step.
func TestLives(t *testing.T) {
	if *oneSeed != 0 {
		x := lived(t, seeded{*oneSeed, *onePeople, *oneSteps})
		for _, line := range x.story {
			t.Log(line)
		}
		report(t, []*trial{x})
		return
	}
	kept := keptLives(t)
	lives := &crowd{}
	var done sync.WaitGroup
	// Two at a time: each life is one thread of events, two use two processors.
	next := make(chan seeded)
	began, cpu := time.Now(), processorTime()
	for range 2 {
		done.Go(func() {
			for l := range next {
				lives.add(lived(t, l))
			}
		})
	}
	for _, l := range kept {
		next <- l
	}
	enough := func(n uint64) bool {
		if *lifeYears > 0 {
			return lives.lived() >= *lifeYears
		}
		return n >= 16 && processorTime()-cpu >= *lifeTime
	}
	for n := uint64(0); !enough(n); n++ {
		next <- seeded{*firstSeed + n, most, stepsOfALife}
	}
	close(next)
	done.Wait()
	slices.SortFunc(lives.all, func(a, b *trial) int { return int(int64(a.seed) - int64(b.seed)) })
	f := figuresOf(lives.all, time.Since(began), processorTime()-cpu)
	text, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if *figuresIn != "" {
		if err := os.WriteFile(*figuresIn, append(text, '\n'), 0o644); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%s", text)
	report(t, lives.all)
	for _, x := range lives.all {
		if len(x.wrongs) == 0 {
			continue
		}
		l, short := shrunk(t, x)
		t.Logf("seed %d breaks %d in a life of %d persons and %d steps:\n%s", x.seed, x.wrongs[0].invariant, l.people, l.steps, strings.Join(short.story, "\n"))
		if *keepSeeds && !slices.ContainsFunc(kept, func(k seeded) bool { return k.seed == l.seed }) {
			keepLife(t, l, x.wrongs[0].invariant)
		}
		break // one at a time is mended
	}
}

// crowd is the lives that were lived; two live at a time.
type crowd struct {
	mu    sync.Mutex
	all   []*trial
	years float64
}

// add keeps a life. What is no longer needed of one that went well is let go, so
// that a million of them fit.
func (c *crowd) add(x *trial) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.years += x.years()
	x.lasted = x.years()
	x.w, x.disk, x.streams, x.byName, x.keys, x.sent, x.definitions, x.town = nil, nil, nil, nil, nil, nil, nil, nil
	if len(x.wrongs) == 0 {
		x.story = nil
	}
	c.all = append(c.all, x)
}

func (c *crowd) lived() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.years
}

func keepLife(t *testing.T, l seeded, invariant int) {
	t.Helper()
	file := filepath.FromSlash(seedFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	text = fmt.Appendf(text, "%s invariant %d\n", l, invariant)
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Error(err)
	}
}

// lifeFigures are what a run of random lives is told by.
type lifeFigures struct {
	FirstSeed        uint64         `json:"firstSeed"`
	Seeds            int            `json:"seeds"`
	Commit           string         `json:"commit"`
	Machine          string         `json:"machine"`
	Store            string         `json:"store"`
	Seconds          float64        `json:"seconds"`
	ProcessorSeconds float64        `json:"processorSeconds"`
	PatientYears     float64        `json:"patientYears"`
	PerSecond        float64        `json:"patientYearsPerProcessorSecond"`
	HashMB           float64        `json:"anchorSHA256MBPerSecond"`
	MillionHours     float64        `json:"processorHoursForAMillionPatientYears"`
	Steps            int            `json:"steps"`
	Orders           int            `json:"ordersCarriedOut"`
	Refused          int            `json:"ordersRefused"`
	Faults           map[string]int `json:"faults"`
	Violations       int            `json:"violations"`
}

func figuresOf(lives []*trial, took, cpu time.Duration) lifeFigures {
	f := lifeFigures{
		FirstSeed: *firstSeed, Seeds: len(lives), Commit: "unknown", Store: os.Getenv(onStore), Faults: map[string]int{},
		Machine: fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()),
		Seconds: took.Seconds(), ProcessorSeconds: cpu.Seconds(), HashMB: anchor(),
	}
	if f.Store == "" {
		f.Store = "memory"
	}
	if out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		f.Commit = strings.TrimSpace(string(out))
	}
	for _, x := range lives {
		f.Steps, f.Orders, f.Refused, f.Violations = f.Steps+x.steps, f.Orders+x.done, f.Refused+x.refused, f.Violations+len(x.wrongs)
		f.PatientYears += x.years()
		for b, name := range blowNames {
			f.Faults["the disk "+name] += x.blows[b]
		}
		for name, n := range x.met {
			f.Faults[name] += n
		}
	}
	f.PerSecond = f.PatientYears / f.ProcessorSeconds
	f.MillionHours = 1e6 / f.PerSecond / 3600
	return f
}

// anchor is how fast this machine hashes just now: what the other figures are held
// against, so that two machines can be compared.
func anchor() float64 {
	block := make([]byte, 1<<20)
	began, n := processorTime(), 0
	for processorTime()-began < 100*time.Millisecond {
		sum := sha256.Sum256(block)
		block[0] = sum[0]
		n++
	}
	return float64(n) / (processorTime() - began).Seconds()
}

// TestShortLives is the same over few lives, the same each time. It is what the
// planted bugs are tried with: asked for one invariant by name, it lives on until
// that one breaks.
func TestShortLives(t *testing.T) {
	few, sought := uint64(6), soughtInvariant()
	if sought >= 0 {
		few = 40
	}
	var lives []*trial
	for seed := uint64(1); seed <= few; seed++ {
		x := lived(t, seeded{seed, most, stepsOfALife})
		lives = append(lives, x)
		if _, broke := x.broke(sought); broke {
			break
		}
	}
	report(t, lives)
}

// soughtInvariant is the one that -run names, or -1.
func soughtInvariant() int {
	run := flag.Lookup("test.run")
	if run == nil {
		return -1
	}
	_, name, found := strings.Cut(run.Value.String(), "invariant_")
	n, err := strconv.Atoi(strings.TrimRight(name, "$"))
	if !found || err != nil {
		return -1
	}
	return n
}

// TestFewLives lives two lives; TestOnEveryDatabase lives them on each.
func TestFewLives(t *testing.T) {
	var lives []*trial
	for seed := uint64(101); seed <= 102; seed++ {
		lives = append(lives, lived(t, seeded{seed, most, 100}))
	}
	report(t, lives)
}

// TestLifeReplays: the same seed is the same life, word for word and row for
// row.
func TestLifeReplays(t *testing.T) {
	a, b := lived(t, seeded{7, most, 120}), lived(t, seeded{7, most, 120})
	if len(a.story) < 60 || strings.Join(a.story, "\n") != strings.Join(b.story, "\n") {
		t.Errorf("the same seed tells %d and %d lines, and other ones", len(a.story), len(b.story))
	}
	if x, y := a.dump(), b.dump(); x != y {
		t.Errorf("the same seed leaves other rows: %s", firstOther(x, y))
	}
	if len(a.wrongs)+len(b.wrongs) > 0 {
		t.Fatalf("%v", a.wrongs)
	}
}
