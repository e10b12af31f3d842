package access

import (
	"slices"

	"forlop/care"
)

// Basis is the ground on which somebody may see or do something.
type Basis string

// The bases.
const (
	// Own: the person the matter is about.
	Own Basis = "own"
	// TakesPart: the actor's unit takes part in the journey: it is responsible,
	// receives, is offered, fills a role, owns something open, or is the first
	// contact.
	TakesPart Basis = "takes-part"
	// AtWork: the matter is about no person (units, posts, pathways), or opens a
	// relation (registering a referral); a professional with a post may.
	AtWork Basis = "at-work"
	// Approves: the actor holds the post for pathways themselves; nobody answers
	// for it in their stead. Which unit it takes, and that it takes two, are rules
	// of the pathway's stream.
	Approves Basis = "approves"
	// ByTime: the service itself, when time has passed.
	ByTime Basis = "by-time"
)

// rule says which bases each kind of actor may use.
type rule map[care.ActorKind][]Basis

var (
	both         = rule{care.Patient: {Own}, care.Professional: {TakesPart}}
	professional = rule{care.Professional: {TakesPart}}
	// looked is what the operator's command line may see, too, as a unit does.
	looked      = rule{care.Patient: {Own}, care.Professional: {TakesPart}, care.System: {TakesPart}}
	patientOnly = rule{care.Patient: {Own}}
	atWork      = rule{care.Professional: {AtWork}}
	service     = rule{care.System: {ByTime}}
	approver    = rule{care.Professional: {Approves}}
	// about no person: anyone at work, and the operator's own command line.
	open = rule{care.Professional: {AtWork}, care.System: {AtWork}}
	// setUp is work on the directory: by a professional at work, or by the
	// operator's own command line, which acts as the service.
	setUp = rule{care.Professional: {AtWork}, care.System: {ByTime}}
)

// policy is the one table of who may use which question or command, by name.
// What does not stand here is denied.
var policy = map[string]rule{
	// Questions.
	"my-plan":          patientOnly,
	"journey":          looked,
	"worklist":         professional,
	"find-person":      professional,
	"person":           both,
	"access-log":       patientOnly,
	"journeys":         {care.Professional: {TakesPart}, care.System: {TakesPart}},
	"meetings":         professional,
	"directory":        {care.Patient: {Own}, care.Professional: {AtWork}},
	"pathways":         atWork,
	"pathway-library":  open,
	"pathway-version":  open,
	"campaigns":        open,
	"campaign":         open,
	"campaign-preview": professional, // names patients
	"attachment":       both,

	// What a patient may do, too.
	"journey.words":            both,
	"journey.too-ill":          both,
	"journey.wish-to-wait":     both,
	"journey.choose":           both,
	"journey.answer-decisions": both,
	"journey.keep-plan":        both,

	// What professionals do.
	"journey.open":             setUp, // the operator imports what ran before
	"journey.answer":           professional,
	"journey.ask":              professional,
	"journey.answer-question":  professional,
	"journey.offer":            professional,
	"journey.accept":           professional,
	"journey.decline":          professional,
	"journey.withdraw":         professional,
	"journey.bind":             {care.Professional: {TakesPart}, care.System: {ByTime}},
	"journey.note-death":       {care.Professional: {TakesPart}, care.System: {ByTime}},
	"journey.settle":           professional,
	"journey.plan":             professional,
	"journey.miss":             professional,
	"journey.complete":         both, // the patient: only steps that are the patient's own
	"journey.drop":             professional,
	"journey.wait":             professional,
	"journey.review-wait":      professional,
	"journey.end-wait":         professional,
	"journey.pause-clock":      professional,
	"journey.correct":          professional,
	"journey.call-meeting":     professional,
	"journey.cancel-meeting":   professional,
	"journey.hold-meeting":     professional,
	"journey.agree":            professional,
	"journey.report":           professional,
	"journey.end-intervention": professional,
	"journey.lay-out":          professional,
	"journey.contact":          professional,
	"journey.fact":             professional,
	"journey.note":             professional,
	"journey.move":             {care.Professional: {TakesPart}, care.System: {ByTime}}, // the service moves many, slice by slice
	"journey.end":              professional,
	"journey.come-back":        professional,
	"journey.undo":             professional,

	// Told by whoever did it; the service when a page was opened.
	"journey.tell": {care.Professional: {TakesPart}, care.System: {ByTime}},
	"journey.wake": service,

	// What is true of a person: the patient says it, or a professional for them.
	"person.appoint-contact":      professional,
	"person.offer-contact":        professional,
	"person.accept-contact":       professional,
	"person.decline-contact":      professional,
	"person.withdraw-contact":     professional,
	"person.keep-contact":         professional,
	"person.refuse-contact":       both,
	"person.want-contact":         both,
	"person.say-what-matters":     both,
	"person.confirm-what-matters": both,
	"person.tell-story":           both,
	"person.object":               both,
	"person.withdraw-objection":   both,
	"person.set-energy":           both,
	"person.lift-energy":          both,
	"person.set-adaptations":      both,
	"person.set-languages":        both,
	"person.set-channel":          both,
	"person.pause":                both,
	"person.review-pause":         professional,
	"person.end-pause":            both,
	"person.record-finding":       professional,
	"person.withdraw-finding":     professional,
	"person.plan-examination":     professional,
	"person.change-gp":            professional,
	"person.change-municipality":  professional,
	"person.set-carrier":          professional,
	"person.end-carrier":          professional,
	"person.report-condition":     both,
	"person.record-death":         professional,
	"person.retract-death":        professional,
	"person.settle":               professional,
	"person.merge-into":           professional,
	"person.add-alias":            professional,
	"person.unmerge":              professional,

	// Units, posts and professionals.
	"unit.join":             setUp,
	"unit.open":             setUp,
	"unit.change-details":   setUp,
	"unit.move":             setUp,
	"unit.add-post":         setUp,
	"unit.remove-post":      setUp,
	"unit.leave":            setUp,
	"unit.go-away":          setUp,
	"unit.come-back":        setUp,
	"unit.name-lead":        setUp,
	"unit.name-fallback":    setUp,
	"unit.close-to-new":     setUp,
	"unit.open-to-new":      setUp,
	"unit.close":            setUp,
	"unit.report-service":   setUp,
	"unit.withdraw-service": setUp,
	"professional.register": setUp,
	"professional.end":      setUp,

	// Pathways: what new journeys open with. Every act here takes two persons.
	"pathway.publish":            approver,
	"pathway.approve":            approver,
	"pathway.propose-use":        approver,
	"pathway.propose-retirement": approver,
	"pathway.propose-rollback":   approver,
	"pathway.propose-text":       approver,
	"pathway.confirm":            approver,
	"pathway.withdraw":           approver,
	"pathway.review":             approver,
	"pathway.settle-notice":      approver,
	"pathway.note-source":        setUp, // by whoever noticed it
	"pathway.note-base":          service,

	"pathway.wake": service,

	// Moving running journeys: two persons start it, any of those who hold the
	// post stop it, whoever it is a task for settles what failed, and the service
	// does the work.
	"campaign.propose":      approver,
	"campaign.confirm":      approver,
	"campaign.withdraw":     approver,
	"campaign.stop":         approver,
	"campaign.resume":       approver,
	"campaign.retry":        atWork,
	"campaign.let-be":       atWork,
	"campaign.note-preview": service,
	"campaign.list":         service,
	"campaign.record-slice": service,
	"campaign.note-outcome": service,
	"campaign.finish":       service,
	"campaign.wake":         service,
	"person.wake":           service,
	"unit.wake":             service,
}

// Bases answers the bases on which an actor may use a question or a command;
// none means denied.
func Bases(kind care.ActorKind, what string) []Basis {
	r, known := policy[what]
	if !known {
		return nil
	}
	return slices.Clone(r[kind])
}

// Denied is the answer where there is no basis. It says nothing about whether
// the thing exists.
func Denied() *care.Refusal {
	return care.Deny("no-basis", "You have no basis to see or do this. Ask the person's coordinator.")
}
