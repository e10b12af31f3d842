package web

// adviceRoutes are what a patient answers to a joint assessment and brings along
// of what was found before, and the page of those who have agreed to do something.
var adviceRoutes = []route{
	{"GET", "/me/summary/{journey}/{joint}", "my-plan", summaryForm},
	{"POST", "/me/summary/{journey}/{joint}", "journey.answer-summary", summaryForm},
	{"GET", "/me/findings", "my-plan", findingsForm},
	{"POST", "/me/findings", "person.record-finding", findingsForm},
	{"GET", "/journeys/{id}/copy", "journey", showCopies},
	{"GET", "/interventions", "worklist", showInterventions},
}
