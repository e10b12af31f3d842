package web

// patientRoutes are the pages of the patient.
var patientRoutes = []route{
	{"GET", "/me", "my-plan", showPlan},
	{"GET", "/me/short", "my-plan", showShort},
	{"GET", "/me/journeys/{journey}", "my-plan", showPathway},
	{"GET", "/me/steps/{journey}/{step}", "my-plan", showStep},
	{"POST", "/me/steps/{journey}/{step}", "journey.complete", stepForm},
	{"GET", "/me/looks", "access-log", showLooks},
	{"POST", "/me/too-ill", "journey.too-ill", tooIll},
	{"GET", "/me/message", "my-plan", messageForm},
	{"POST", "/me/message", "journey.words", messageForm},
	{"GET", "/me/matters", "my-plan", mattersForm},
	{"POST", "/me/matters", "person.say-what-matters", mattersForm},
	{"GET", "/me/story", "my-plan", storyForm},
	{"POST", "/me/story", "person.tell-story", storyForm},
	{"GET", "/me/wait/{journey}/{step}", "my-plan", waitForm},
	{"POST", "/me/wait/{journey}/{step}", "journey.wish-to-wait", waitForm},
	{"GET", "/me/decisions/{journey}/{meeting}", "my-plan", decisionsForm},
	{"GET", "/me/new-version/{journey}", "my-plan", newVersionForm},
	{"POST", "/me/new-version/{journey}", "journey.keep-plan", newVersionForm},
	{"POST", "/me/decisions/{journey}/{meeting}", "journey.answer-decisions", decisionsForm},
}
