package web

// workRoutes are the pages of those who work. What a form of /do may carry out is
// asked of the access policy by the name of its command.
var workRoutes = []route{
	{"GET", "/work", "worklist", showWork},
	{"POST", "/work/post", "worklist", choosePost},
	{"GET", "/journeys/{id}", "journey", showJourney},
	{"GET", "/journeys/{id}/history", "journey", showHistory},
	{"GET", "/journeys/{id}/do/{action}", "journey", showAction},
	{"POST", "/journeys/{id}/do/{action}", "journey.*, person.*", doAction},
	{"POST", "/journeys/{id}/note", "journey.note", noteCall},
}
