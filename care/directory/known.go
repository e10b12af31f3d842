package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"forlop/care"
)

// Number is a unit's number in a register outside this program. It is public.
type Number struct {
	Register care.Register `json:"register"`
	Number   string        `json:"number"`
}

// RunBy says who answers for what a unit does: the region itself, or somebody
// who has a contract with it.
type RunBy string

// The two ways to run a unit.
const (
	ByRegion   RunBy = "region"
	ByContract RunBy = "contract"
)

// Run is a stretch of time in which a unit is run so. Runner names the
// organisation that holds the contract, in the contract's own words; it is
// empty where the region runs the unit itself.
type Run struct {
	By     RunBy     `json:"by"`
	Runner string    `json:"runner,omitempty"`
	From   care.Date `json:"from"`
	// Until is the last day; zero is until further notice.
	Until care.Date `json:"until,omitzero"`
}

// Capacity is how many a unit can take, as it says itself: open journeys at the
// same time, and new ones in a week; 0 where it does not say. What an option of a
// pathway has room for is its service's own figure.
type Capacity struct {
	Journeys int       `json:"journeys,omitempty"`
	New      int       `json:"new,omitempty"`
	Seen     care.Date `json:"seen"`
	Source   string    `json:"source"`
}

// GiveNumbers replaces the unit's numbers in registers.
type GiveNumbers struct {
	Numbers []Number `json:"numbers"`
}

// SayRun says who runs the unit from a day on. What was said of that day and
// later days holds no more; earlier days stay as they were.
type SayRun struct {
	Run
}

// SayCapacity says how many the unit can take.
type SayCapacity struct {
	Capacity
}

// Name of the command.
func (GiveNumbers) Name() string { return "unit.give-numbers" }

// Name of the command.
func (SayRun) Name() string { return "unit.say-run" }

// Name of the command.
func (SayCapacity) Name() string { return "unit.say-capacity" }

// NumbersGiven replaces the unit's numbers in registers.
type NumbersGiven struct {
	Numbers []Number `json:"numbers"`
}

// RunSaid says who runs the unit from a day on.
type RunSaid struct {
	Run
}

// CapacitySaid says how many the unit can take.
type CapacitySaid struct {
	Capacity
}

// Type of the event.
func (NumbersGiven) Type() string { return "unit.numbers-given/1" }

// Type of the event.
func (RunSaid) Type() string { return "unit.run-said/1" }

// Type of the event.
func (CapacitySaid) Type() string { return "unit.capacity-said/1" }

// knownLevel is the level of the events of this file: a release without them
// cannot read a unit that has one.
const knownLevel = 1

// Level of the event.
func (NumbersGiven) Level() int { return knownLevel }

// Level of the event.
func (RunSaid) Level() int { return knownLevel }

// Level of the event.
func (CapacitySaid) Level() int { return knownLevel }

// Before is nothing: older releases have no word for it.
func (NumbersGiven) Before() care.Event { return nil }

// Before is nothing: older releases have no word for it.
func (RunSaid) Before() care.Event { return nil }

// Before is nothing: older releases have no word for it.
func (CapacitySaid) Before() care.Event { return nil }

// Number is the unit's number in a register; "" where it has none.
func (s State) Number(r care.Register) string {
	for _, n := range s.Numbers {
		if n.Register == r {
			return n.Number
		}
	}
	return ""
}

// RunOn is who runs the unit on a day, and whether anybody has said so.
func (s State) RunOn(day care.Date) (Run, bool) {
	for _, r := range slices.Backward(s.Runs) {
		if !day.Before(r.From) && (r.Until.IsZero() || !day.After(r.Until)) {
			return r, true
		}
	}
	return Run{}, false
}

// run lets what was said of the new stretch and later end before it.
func (s *State) run(r Run) {
	s.Runs = slices.DeleteFunc(s.Runs, func(old Run) bool { return !old.From.Before(r.From) })
	if n := len(s.Runs); n > 0 && (s.Runs[n-1].Until.IsZero() || !s.Runs[n-1].Until.Before(r.From)) {
		s.Runs[n-1].Until = r.From.AddDays(-1)
	}
	s.Runs = append(s.Runs, r)
}

// unitRegisters are the registers that number units of a country.
func unitRegisters(r care.Regime) []care.Register {
	if r == care.Sweden {
		return []care.Register{care.OrganisationSE, care.HSA}
	}
	return []care.Register{care.OrganisationNO, care.HER, care.RESH}
}

func (d decision) giveNumbers(c GiveNumbers) ([]care.Made, error) {
	numbers := slices.Clone(c.Numbers)
	for i, n := range numbers {
		if !slices.Contains(unitRegisters(d.s.Regime), n.Register) {
			return nil, care.Refuse("register-foreign", "{register} does not number units in {regime}.",
				"register", string(n.Register), "regime", string(d.s.Regime)).On(string(n.Register))
		}
		read, err := n.Register.Parse(n.Number)
		if err != nil {
			if r, ok := care.AsRefusal(err); ok {
				return nil, r.On(string(n.Register))
			}
			return nil, err
		}
		numbers[i].Number = read
		if other, taken := d.k.directory().numbered(n.Register, read, d.s.Unit); taken {
			return nil, care.Refuse("unit-number-taken", "{other} has this number already.", "other", string(other)).On(string(n.Register))
		}
	}
	slices.SortFunc(numbers, func(a, b Number) int { return cmp.Compare(a.Register, b.Register) })
	for i := range numbers[min(1, len(numbers)):] {
		if numbers[i].Register == numbers[i+1].Register {
			return nil, care.Refuse("register-twice", "Give one number of each register.").On(string(numbers[i].Register))
		}
	}
	if slices.Equal(numbers, d.s.Numbers) {
		return nil, care.Unchanged()
	}
	return one(NumbersGiven{numbers}), nil
}

// numbered finds another unit with a number that belongs to one unit alone. An
// organisation's number may stand on all its units.
func (d *Directory) numbered(r care.Register, number string, but care.UnitID) (care.UnitID, bool) {
	if r == care.OrganisationNO || r == care.OrganisationSE {
		return "", false
	}
	for _, id := range d.ids {
		if u := d.units[id].state; id != but && u.Status != Closed && u.Number(r) == number {
			return id, true
		}
	}
	return "", false
}

func (d decision) sayRun(c SayRun) ([]care.Made, error) {
	r := c.Run
	if r.From.IsZero() {
		r.From = care.CalendarOf(d.s.Regime).Date(d.act.When())
	}
	switch {
	case r.By != ByRegion && r.By != ByContract:
		return nil, care.Refuse("run-by-unknown", "A unit is run by the region itself or by contract.").On("by")
	case (strings.TrimSpace(r.Runner) == "") == (r.By == ByContract):
		return nil, care.Refuse("runner-needed", "Name who holds the contract; where the region runs the unit itself, name nobody.").On("runner")
	case care.Longer(r.Runner, longestName):
		return nil, care.Refuse("text-long", "The text is too long: at most {most} characters.", "most", fmt.Sprint(longestName)).On("runner")
	case !r.Until.IsZero() && r.Until.Before(r.From):
		return nil, care.Refuse("time-empty", "The end must come after the start.").On("until")
	}
	if n := len(d.s.Runs); n > 0 && d.s.Runs[n-1] == r {
		return nil, care.Unchanged()
	}
	return one(RunSaid{r}), nil
}

func (d decision) sayCapacity(c SayCapacity) ([]care.Made, error) {
	switch {
	case c.Journeys < 0 || c.New < 0 || c.Journeys+c.New == 0:
		return nil, care.Refuse("capacity-number", "Say how many open journeys, or how many new a week: a number above zero.").On("capacity")
	case c.Seen.IsZero() || c.Seen.After(care.CalendarOf(d.s.Regime).Date(d.act.At)):
		return nil, care.Refuse("service-day", "Say on which day this was known. It cannot be a day to come.").On("seen")
	case strings.TrimSpace(c.Source) == "":
		return nil, care.Refuse("capacity-source", "Say who says so.").On("source")
	case care.Longer(c.Source, longestText):
		return nil, care.Refuse("text-long", "The text is too long: at most {most} characters.", "most", fmt.Sprint(longestText)).On("source")
	case c.Capacity == d.s.Capacity:
		return nil, care.Unchanged()
	}
	return one(CapacitySaid(c)), nil
}
