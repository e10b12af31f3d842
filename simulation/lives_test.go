package simulation

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/pathway"
	"forlop/store"
)

// invariants are those that random lives are held against, by their number in
// the list; 0 is an error of our own.
var invariants = map[int]string{
	0:  "no order ends in an error of our own",
	1:  "every open journey has exactly one responsible post with a name behind it",
	2:  "responsibility moves only where the receiver accepts",
	3:  "an offer nobody answers becomes its giver's task",
	4:  "the responsible unit is open, staffed and may see",
	5:  "after two refusals a named person decides",
	6:  "every person has exactly one first contact",
	7:  "patients are never the responsible party",
	8:  "what is shown as responsible is what holds",
	9:  "every open journey has a next step with a date",
	10: "no wait renews itself",
	11: "every limit can be recomputed from its start and its rule",
	12: "a limit moves only for a listed reason",
	13: "what is late is seen and climbs to a named person",
	14: "clocks start at the first receipt and never anew",
	15: "silence closes nothing",
	17: "everything dated has its timer, and nothing else has",
	18: "no referral is closed without a next step, told to patient and sender",
	19: "a referral is received, assessed and answered in that order",
	20: "in Norway an answer that takes more than ten working days is overdue",
	21: "a refused offer lands with a named person and its reason",
	22: "every open thing stands on exactly one worklist that somebody reads",
	24: "nothing that was opened is ever gone",
	26: "what somebody contributed is never lost or shown as another's",
	27: "who accepts can see it from the same append on",
	28: "what is shown has a basis, and the log says which",
	29: "a block wins over every permission",
	30: "no permission outlives what it came from",
	31: "nobody sees or does more through a proxy than was given",
	32: "every opening has a reason, an end and somebody else's judgement",
	33: "each answer has one entry in the log, and each entry an answer",
	34: "what somebody may not see changes no count of theirs",
	35: "events are only appended, without a gap",
	36: "state, rows and rebuild are what the events say",
	37: "what is confirmed is there for the same person's next look",
	38: "one key has one effect",
	39: "no effect without a cause",
	40: "an ending taken back gives everything back",
	41: "two records that become one lose nothing, and parted are as they were",
	43: "every journey stands under one country's law, and its limits name that calendar",
	44: "nothing is owed to the dead",
}

// trial is one random life of a small region: people, staff, silence, leave,
// refusals, mistakes and restarts. Each sort of chance has its own stream, so
// that more of one does not change the other.
type trial struct {
	seed                    uint64
	w                       *world
	cal                     *care.Calendar
	town                    *town
	definitions             map[string]*pathway.Definition
	what, when, who, faults *rand.Rand
	chance                  *rand.Rand // of blows to the disk
	rights, looks           *rand.Rand // of permissions that change, of looks that are checked
	delays                  *rand.Rand // of what is held up on its way
	people                  int        // how many persons come, at most
	held                    []casework.Order
	met                     map[string]int // what went wrong beside the disk, by name
	lasted                  float64        // years, of a life that is over
	streams                 map[store.Stream]*history
	byName                  map[string]*history
	keys                    map[store.Stream]map[string]bool
	timers                  map[store.Stream]time.Time
	position                int64
	changed                 []store.Stream
	dead                    map[care.PersonKey]time.Time
	persons                 []care.PersonKey
	units                   int
	sent                    []sent
	disk                    *disk
	blows                   [blows]int
	wrongs                  []wrong
	story                   []string
	steps, done, refused    int
	shown, hidden           int // journeys that somebody asked for, and those of them they were not shown
	merged                  int
	plans, read             int // plans that a relative asked for, and those of them they read
	codes                   map[string]int
	lastNow, begun          time.Time
}

// sent is an order that was carried out, to be sent again.
type sent struct {
	order   casework.Order
	receipt casework.Receipt
}

// stream of chance: the same seed and name give the same numbers.
func chance(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

func newTrial(t testing.TB, seed uint64, st store.Store) *trial {
	t.Helper()
	x := &trial{
		seed: seed, cal: care.CalendarOf(care.Norway), town: &town{units: map[care.UnitID]*directory.State{}},
		definitions: map[string]*pathway.Definition{}, streams: map[store.Stream]*history{}, byName: map[string]*history{},
		keys: map[store.Stream]map[string]bool{}, dead: map[care.PersonKey]time.Time{}, codes: map[string]int{},
		what: chance(seed, "what"), when: chance(seed, "when"), who: chance(seed, "who"), faults: chance(seed, "faults"), chance: chance(seed, "disk"),
		rights: chance(seed, "rights"), looks: chance(seed, "looks"), delays: chance(seed, "delays"), people: most, met: map[string]int{},
		disk: &disk{Store: st},
	}
	// Any day of a year, so that holidays and the change of the clocks are met.
	x.begun = x.cal.StartOf(care.Date{Year: 2026, Month: 1, Day: 1}.AddDays(x.when.IntN(365))).Add(time.Duration(x.when.IntN(24*60)) * time.Minute)
	var err error
	if x.w, err = newWorld(context.Background(), x.disk, x.begun, lifePathways(t)...); err != nil {
		t.Fatal(err)
	}
	all, err := x.w.service.Pathways(x.w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		x.definitions[d.Ref.String()] = d
	}
	usual, err := readUsualCast(care.Norway)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.w.enter(usual, care.Norway); err != nil {
		t.Fatal(err)
	}
	if err := x.enterOfficers(); err != nil {
		t.Fatal(err)
	}
	x.begun = x.begun.UTC()
	x.disk.written = x.checkAppend
	return x
}

// live takes steps and checks everything after each.
func (t *trial) live(steps int) {
	t.check()
	for range steps {
		t.steps++
		if t.chance.IntN(3) == 0 {
			t.arm()
		}
		t.step()
		t.disk.calm()
		t.readTimers()
		t.check()
		if t.steps%40 == 0 {
			t.checkWhole()
		}
		if len(t.wrongs) > 20 {
			return
		}
	}
	t.fallSilent()
	// Once the faults stop, everything that is due is answered.
	if err := t.w.wakeDue(); err != nil {
		t.wrong(0, "waking: %v", err)
	}
	t.readTimers()
	t.check()
	t.checkWhole()
}

func (t *trial) readTimers() {
	t.timers = map[store.Stream]time.Time{}
	if err := t.w.store.Timers(t.w.ctx, func(x store.Timer) error {
		if _, twice := t.timers[x.Stream]; twice {
			t.wrong(17, "%s has two timers", x.Stream)
		}
		t.timers[x.Stream] = x.Due
		return nil
	}); err != nil {
		t.wrong(0, "reading timers: %v", err)
	}
}

// years is how much time has passed for all persons together.
func (t *trial) years() float64 {
	if t.w == nil {
		return t.lasted
	}
	return float64(len(t.persons)) * t.w.clock.Now().Sub(t.begun).Hours() / (24 * 365.25)
}
