package directory

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// State is one unit, folded from its stream.
type State struct {
	Version int
	Unit    care.UnitID
	Kind    Kind
	Parent  care.UnitID
	Regime  care.Regime
	Contact Contact
	// ContactVersion is the version of the event that last changed Contact.
	ContactVersion int
	Status         Status
	// Redirect takes new patients while the status is Full.
	Redirect care.UnitID
	// Successor stands in the unit's place once it is Closed.
	Successor care.UnitID
	Fallback  care.Post
	// Roles are the posts beside desk and lead, in the order they were added.
	Roles []care.Role
	// Members and Absences are by ordinal: the first has number 1.
	Members  []Member
	Absences []Absence
	// Services are what the unit has for options of pathways, in the order in
	// which they were first reported.
	Services []Service
	// Numbers are the unit's numbers in registers, in the order of the registers.
	Numbers []Number
	// Runs say who runs the unit when, in order; they do not overlap.
	Runs []Run
	// Capacity is how many the unit says that it can take; zero where it does not.
	Capacity Capacity
	// OpenedAt and ClosedAt are when it happened in the world.
	OpenedAt, ClosedAt time.Time
}

// Member is a professional who fills a post from From up to but not including
// Until; a zero Until is until further notice.
type Member struct {
	Number       int
	Professional string
	Role         care.Role
	From, Until  time.Time
}

// Absence is a time in which a professional fills no post of the unit, or one
// role less, and who holds it meanwhile.
type Absence struct {
	Number       int
	Professional string
	// Role is empty where the absence is from every role.
	Role        care.Role
	From, Until time.Time
	Substitute  string
}

// Clone is a copy that shares nothing with s.
func (s State) Clone() State {
	s.Roles = slices.Clone(s.Roles)
	s.Members = slices.Clone(s.Members)
	s.Absences = slices.Clone(s.Absences)
	s.Services = slices.Clone(s.Services)
	s.Numbers, s.Runs = slices.Clone(s.Numbers), slices.Clone(s.Runs)
	return s
}

// HasRole reports whether the unit has a post of that role. Every unit has a
// desk and a lead.
func (s State) HasRole(r care.Role) bool {
	return r == care.Desk || r == care.Lead || slices.Contains(s.Roles, r)
}

// isRoot reports whether the unit stands at the top of its tree.
func (s State) isRoot() bool { return s.Parent == "" }

// Evolve folds one event into s. It fails, naming the event, on an event that
// cannot follow: an unknown one, a gap in the versions, an ordinal that is not
// there.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("unit %s: event %d cannot follow event %d", s.Unit, r.Version, s.Version)
	}
	if err := apply(s, r); err != nil {
		return fmt.Errorf("unit %s, event %d: %w", s.Unit, r.Version, err)
	}
	s.Version = r.Version
	return nil
}

func apply(s *State, r care.Recorded) error {
	typ := r.Event.Type()
	if _, opening := r.Event.(Opened); opening != (s.Status == "") {
		return fmt.Errorf("%s cannot happen to a unit that is %q", typ, s.Status)
	}
	if to, ok := next(unitLife, string(s.Status), typ); ok {
		s.Status = Status(to)
	} else if inLife(typ) {
		return fmt.Errorf("%s cannot happen to a unit that is %q", typ, s.Status)
	}
	switch e := r.Event.(type) {
	case Opened:
		s.Unit, s.Kind, s.Parent, s.Regime, s.OpenedAt = e.Unit, e.Kind, e.Parent, e.Regime, r.Happened
		s.Contact, s.ContactVersion = e.Contact, r.Version
	case DetailsChanged:
		s.Contact, s.ContactVersion = e.Contact, r.Version
	case Moved:
		s.Parent = e.Parent
	case PostAdded:
		s.Roles = append(s.Roles, e.Role)
	case PostRemoved:
		s.Roles = slices.DeleteFunc(s.Roles, func(role care.Role) bool { return role == e.Role })
	case MemberJoined:
		return s.join(Member{e.Member, e.Professional, e.Role, e.From, e.Until})
	case LeadNamed:
		s.endLeads(e.From)
		return s.join(Member{e.Member, e.Professional, care.Lead, e.From, time.Time{}})
	case MemberLeft:
		m, ok := s.member(e.Member)
		if !ok {
			return fmt.Errorf("%s: there is no member %d", typ, e.Member)
		}
		m.Until = e.Until
	case MemberAway:
		if e.Absence != len(s.Absences)+1 {
			return fmt.Errorf("%s: absence %d cannot follow absence %d", typ, e.Absence, len(s.Absences))
		}
		s.Absences = append(s.Absences, Absence{e.Absence, e.Professional, e.Role, e.From, e.Until, e.Substitute})
	case MemberBack:
		a, ok := s.absence(e.Absence)
		if !ok {
			return fmt.Errorf("%s: there is no absence %d", typ, e.Absence)
		}
		a.Until = e.At
	case FallbackNamed:
		s.Fallback = e.Post
	case ClosedToNew:
		s.Redirect = e.Redirect
	case OpenedToNew:
		s.Redirect = ""
	case ServiceReported:
		i := slices.IndexFunc(s.Services, func(x Service) bool { return x.ID == e.ID })
		if i < 0 {
			s.Services = append(s.Services, e.Service)
		} else {
			s.Services[i] = e.Service
		}
	case ServiceWithdrawn:
		i := slices.IndexFunc(s.Services, func(x Service) bool { return x.ID == e.Service })
		if i < 0 {
			return fmt.Errorf("%s: there is no service %s", typ, e.Service)
		}
		s.Services = slices.Delete(s.Services, i, i+1)
	case NumbersGiven:
		s.Numbers = e.Numbers
	case RunSaid:
		s.run(e.Run)
	case CapacitySaid:
		s.Capacity = e.Capacity
	case ClosedForGood:
		s.Successor, s.ClosedAt = e.Successor, r.Happened
	default:
		return fmt.Errorf("%s is not an event of a unit", typ)
	}
	return nil
}

func inLife(typ string) bool {
	return slices.ContainsFunc(unitLife, func(t Transition) bool { return t.Event == typ })
}

func (s *State) join(m Member) error {
	if m.Number != len(s.Members)+1 {
		return fmt.Errorf("member %d cannot follow member %d", m.Number, len(s.Members))
	}
	s.Members = append(s.Members, m)
	return nil
}

// endLeads lets every lead end when the next one starts.
func (s *State) endLeads(from time.Time) {
	for i := range s.Members {
		m := &s.Members[i]
		if m.Role != care.Lead || (!m.Until.IsZero() && !m.Until.After(from)) {
			continue
		}
		m.Until = latest(m.From, from)
	}
}

func (s *State) member(n int) (*Member, bool) {
	if n < 1 || n > len(s.Members) {
		return nil, false
	}
	return &s.Members[n-1], true
}

func (s *State) absence(n int) (*Absence, bool) {
	if n < 1 || n > len(s.Absences) {
		return nil, false
	}
	return &s.Absences[n-1], true
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
