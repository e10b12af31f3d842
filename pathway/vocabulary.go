package pathway

// UnitKinds are the kinds of unit that can fill a role. A unit in the directory
// says which of them it is.
var UnitKinds = []string{
	"primary-care", "municipal-service", "municipal-coordination", "pain-clinic", "fatigue-clinic",
	"hospital-unit", "rehabilitation", "psychiatry", "child-services", "school-health",
	"work-and-welfare", "social-insurance", "occupational-health", "learning-centre", "patient-organisation",
}

// Professions are the professions a role can ask for.
var Professions = []string{
	"physician", "physiotherapist", "psychologist", "nurse", "occupational-therapist", "social-worker",
	"manual-therapist", "chiropractor", "pharmacist", "dietitian", "teacher", "special-educator",
	"counsellor", "adviser", "coordinator", "rehabilitation-coordinator", "secretary", "peer",
}

// answerAsks are the fields an answer to a referral can demand.
var answerAsks = []string{"right", "latest-legal-date", "reasons", "how-to-complain", "plan", "owner", "receiver", "question"}

// endAsks are the things an ending can demand to be said.
var endAsks = []string{"prescriptions", "sick-notes", "next-check", "come-back", "reason", "safety-net"}

// The receivers a rung of the ladder can name.
const (
	ToOwner       = "owner"
	ToCoordinator = "coordinator"
	ToLead        = "lead"
)

// ladderTo lists them, from the first that can be asked to the last.
var ladderTo = []string{ToOwner, ToCoordinator, ToLead}

var (
	answerKinds = []AnswerKind{Accept, Advise, Redirect, Ask}
	stepKinds   = []StepKind{Task, Answer, Visit, Meeting, Form, Choosing, HandOver}
	clockKinds  = []ClockKind{LawClock, PathwayClock, OwnClock}
	factTypes   = []FactType{BoolFact, IntFact, TextFact, DateFact}
	ways        = []Way{AtClinic, AtHome, ByPhone, ByVideo, Written, Stand, InParts}
	tags        = []Tag{Proposed, Assumed}
)
