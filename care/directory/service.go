package directory

import (
	"fmt"
	"slices"
	"strings"

	"forlop/care"
)

// Service is something a unit has for patients: what it answers to in the
// pathways, where it is, and what was last known of its wait (FHIR R4
// HealthcareService). It is public and never about a person.
type Service struct {
	// ID is the unit's own name for it.
	ID string `json:"service"`
	// Options are the options of pathways that it answers to, each as
	// PATHWAY/CHOICE/OPTION.
	Options []string `json:"options"`
	// Where says where it is held, in the unit's own words.
	Where string `json:"where"`
	// Wait is how long somebody who chooses it waits to begin; nil where the unit
	// does not say. Places is how many can begin in a month; 0 where the unit does
	// not say.
	Wait   *care.Span `json:"wait,omitempty"`
	Places int        `json:"places,omitempty"`
	// Seen is the day on which wait and places were as said, and Source who said
	// so.
	Seen   care.Date `json:"seen"`
	Source string    `json:"source"`
}

// Offered is a service with the unit that has it.
type Offered struct {
	Unit    care.UnitID
	Contact Contact
	Service
}

// Services lists what units that take new patients have for an option of a
// pathway: the shortest known wait first, then those that do not say theirs.
func (d *Directory) Services(option string) []Offered {
	var all []Offered
	for _, id := range d.ids {
		u := d.units[id].state
		if u.Status != Open {
			continue
		}
		for _, s := range u.Services {
			if slices.Contains(s.Options, option) {
				all = append(all, Offered{Unit: id, Contact: u.Contact, Service: s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Offered) int { return waitDays(a.Wait) - waitDays(b.Wait) })
	return all
}

// waitDays orders waits, in tenths of a day on average; they are never shown so.
func waitDays(s *care.Span) int {
	if s == nil {
		return 1 << 30
	}
	days := map[care.SpanUnit]int{care.Days: 10, care.WorkingDays: 14, care.Weeks: 70, care.Months: 305}
	return s.N * days[s.Unit]
}

func (d decision) reportService(c ReportService) ([]care.Made, error) {
	s := c.Service
	s.Options = slices.Clone(s.Options)
	slices.Sort(s.Options)
	s.Options = slices.Compact(s.Options)
	if err := d.checkService(s); err != nil {
		return nil, err
	}
	if old, ok := d.s.service(s.ID); ok && SameService(old, s) {
		return nil, care.Unchanged()
	}
	return one(ServiceReported{s}), nil
}

func (d decision) checkService(s Service) error {
	if !isID(s.ID) {
		return badID("service", s.ID)
	}
	if len(s.Options) == 0 {
		return care.Refuse("service-option", "Say which option of a pathway this answers to: PATHWAY/CHOICE/OPTION.").On("options")
	}
	for _, o := range s.Options {
		if strings.Count(o, "/") != 2 {
			return care.Refuse("service-option", "Say which option of a pathway this answers to: PATHWAY/CHOICE/OPTION.").On("options")
		}
	}
	for _, t := range []struct{ field, text string }{{"where", s.Where}, {"source", s.Source}} {
		switch {
		case t.text == "":
			return care.Refuse("service-incomplete", "Say where this is held, and who says so.").On(t.field)
		case care.Longer(t.text, longestText):
			return care.Refuse("text-long", "The text is too long: at most {most} characters.", "most", fmt.Sprint(longestText)).On(t.field)
		}
	}
	if s.Seen.IsZero() || s.Seen.After(care.CalendarOf(d.s.Regime).Date(d.act.At)) {
		return care.Refuse("service-day", "Say on which day this was known. It cannot be a day to come.").On("seen")
	}
	if s.Places < 0 || s.Wait != nil && s.Wait.N < 0 {
		return care.Refuse("service-number", "A wait and a number of places cannot be below zero.").On("places")
	}
	return nil
}

func (d decision) withdrawService(c WithdrawService) ([]care.Made, error) {
	if _, ok := d.s.service(c.Service); !ok {
		return nil, care.Missing("service-unknown", "This unit has no {service}.", "service", c.Service).On("service")
	}
	return one(ServiceWithdrawn(c)), nil
}

// SameService reports whether two reports say the same.
func SameService(a, b Service) bool {
	if (a.Wait == nil) != (b.Wait == nil) || a.Wait != nil && *a.Wait != *b.Wait {
		return false
	}
	return slices.Equal(a.Options, b.Options) && a.Where == b.Where && a.Places == b.Places && a.Seen == b.Seen && a.Source == b.Source
}

func (s State) service(id string) (Service, bool) {
	for _, x := range s.Services {
		if x.ID == id {
			return x, true
		}
	}
	return Service{}, false
}
