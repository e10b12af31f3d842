package web

// workRoutes are the pages of those who work. What a form of /do may carry out is
// asked of the access policy by the name of its command.
var workRoutes = []route{
	{"GET", "/work", "worklist", showWork},
	{"POST", "/work/post", "worklist", choosePost},
	{"GET", "/referrals", "worklist", showReferrals},
	{"GET", "/referrals/new", "journey.open", newReferral},
	{"POST", "/referrals/new", "journey.open", receiveReferral},
	{"GET", "/meetings", "meetings", showMeetings},
	{"GET", "/find", "find-person", showFind},
	{"GET", "/journeys/{id}", "journey", showJourney},
	{"GET", "/journeys/{id}/history", "journey", showHistory},
	{"GET", "/journeys/{id}/summary", "journey", showSummary},
	{"GET", "/journeys/{id}/attachment", "attachment", sendAttachment},
	{"GET", "/journeys/{id}/meetings/{meeting}", "journey", showMeeting},
	{"GET", "/journeys/{id}/answer", "journey", showAnswer},
	{"POST", "/journeys/{id}/answer", "journey.answer", sendAnswer},
	{"GET", "/journeys/{id}/do/{action}", "journey", showAction},
	{"POST", "/journeys/{id}/do/{action}", "journey.*, person.*", doAction},
	{"POST", "/journeys/{id}/note", "journey.note", noteCall},
}
