package care

// PersonKey is the pseudonymous key of a person. It says nothing about who the
// person is: names and national numbers lie encrypted in the vault.
type PersonKey string

// UnitID names an organisational unit: a practice, a municipal service, a
// clinic, a trust.
type UnitID string

// Role is a function within a unit, such as "gp", "coordinator" or "team". The
// desk is the role every unit has.
type Role string

// Desk is the role that receives what nobody else in a unit holds.
const Desk Role = "desk"

// Lead is the role of the named person who answers for a unit, and the last
// rung of every escalation chain.
const Lead Role = "lead"

// PathwayApprover is the role that publishes, approves and takes back pathway
// versions for a unit and those under it. Every such act takes two persons.
const PathwayApprover Role = "pathway-approver"

// PrivacyOfficer is the role that oversees who has looked at whom: it judges
// break-glass openings, samples of the log and what stands out in it. Where
// nobody holds it, it falls to the lead like every post.
const PrivacyOfficer Role = "privacy-officer"

// Duty is the role that an answer which must never lie unseen reaches at once.
// Where nobody in the unit holds it, it falls to the lead.
const Duty Role = "duty"

// A Post is a unit in a role (FHIR PractitionerRole). Journeys name posts, not
// people: who fills a post on a date stands in the unit's own stream.
type Post struct {
	Unit UnitID `json:"unit"`
	Role Role   `json:"role"`
}

// IsZero reports whether p names no post.
func (p Post) IsZero() bool { return p == Post{} }

// String is the post as it is written in command lines and logs: unit/role.
func (p Post) String() string { return string(p.Unit) + "/" + string(p.Role) }

// Above are the posts that something overdue climbs to: the desk, then the lead, who
// is a named person (L7). Who looked at whom is no matter for a desk: what the privacy
// officer has late goes to the lead at once.
func (p Post) Above() []Post {
	desk, lead := Post{Unit: p.Unit, Role: Desk}, Post{Unit: p.Unit, Role: Lead}
	if p == desk || p == lead || p.Role == PrivacyOfficer {
		return []Post{lead}
	}
	return []Post{desk, lead}
}

// Regime is the law a journey runs under. Every journey has exactly one
// (invariant 43).
type Regime string

// The two regimes.
const (
	Norway Regime = "NO"
	Sweden Regime = "SE"
)

// Language is a written language of the product.
type Language string

// The four languages that every page and every pathway text exists in.
const (
	Bokmal  Language = "nb"
	Nynorsk Language = "nn"
	Swedish Language = "sv"
	English Language = "en"
)

// Languages lists the languages in the order in which they are offered.
var Languages = []Language{Bokmal, Nynorsk, Swedish, English}
