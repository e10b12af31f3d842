package web

import "slices"

// routes is every address that is not about looks, on one screen. Reads are GET,
// changes are POST. Each names what of the access policy it asks for.
var routes = slices.Concat(
	[]route{
		{"GET", "/{$}", "public", front},
		{"GET", "/login", "public", showLogin},
		{"POST", "/login", "public", openLink},
		{"POST", "/logout", "public", logOut},
		{"GET", "/login/with/{provider}", "public", beginLogin},
		{"GET", "/login/back/{provider}", "public", finishLogin},
		{"POST", "/login/ended/{provider}", "public", endedElsewhere},
		{"GET", "/account", "public", showAccount},
		{"POST", "/account", "public", tryAccount},
		{"GET", "/account/new", "public", newAccount},
		{"POST", "/account/new", "public", setUpAccount},
		{"GET", "/sessions", "sessions", showSessions},
		{"POST", "/sessions", "sessions", endSessions},
		{"GET", "/unsent", "sessions", showUnsent},
		{"POST", "/unsent", "sessions", sendUnsent},
	},
	patientRoutes,
	threadRoutes,
	appointmentRoutes,
	accessRoutes,
	relativeRoutes,
	guestRoutes,
	workRoutes,
	adviceRoutes,
	letterRoutes,
	scheduleRoutes,
	authorRoutes,
	professionalRoutes,
	staffRoutes,
	personRoutes,
)
