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
	},
	patientRoutes,
	workRoutes,
	authorRoutes,
)
