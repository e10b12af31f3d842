package directory

import "forlop/care"

// Kind is what sort of unit it is. Pathways name the kinds that can fill their
// roles; a region may use kinds that are not listed here.
type Kind string

// The kinds that the shipped pathways and the coordinator's work name.
const (
	PrimaryCare   Kind = "primary-care"
	Municipality  Kind = "municipality"
	PainClinic    Kind = "pain-clinic"
	FatigueClinic Kind = "fatigue-clinic"
	Psychiatry    Kind = "psychiatry"
	Trust         Kind = "trust"
	Region        Kind = "region"
	NAV           Kind = "work-and-welfare"
	Course        Kind = "learning-centre"
)

// Status is where a unit is in its life.
type Status string

// The statuses. The zero Status is a unit that does not exist yet.
const (
	// Open takes new patients.
	Open Status = "open"
	// Full keeps the patients it has and sends new ones to its redirect unit.
	Full Status = "full"
	// Closed is for good: its successor stands in its place.
	Closed Status = "closed"
)

// Contact is what a unit tells everyone about how to reach it. Note is what the
// desk wants people to know; like the rest it is public and never about a
// person.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	Hours string `json:"hours,omitempty"`
	Note  string `json:"note,omitempty"`
}

// longestText is the length that one public text of a unit may have, in characters;
// longestName that of a name or an id. Both are ours, against slips and abuse.
const (
	longestText = 2000
	longestName = 120
)

// isID reports whether s can name a unit, a kind, a role or a professional:
// letters a–z, digits and hyphens, starting with a letter or digit.
func isID(s string) bool {
	if s == "" || len(s) > longestName || s[0] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func isRegime(r care.Regime) bool { return r == care.Norway || r == care.Sweden }
