package web

// personRoutes are the pages about who a person is: what becomes of their record.
var personRoutes = []route{
	{"GET", "/journeys/{id}/address", "consents", showAddress},
	{"POST", "/journeys/{id}/address", "hidden-address", seeAddress},
	{"GET", erasurePath, "erasure", showErasures},
	{"POST", erasurePath, "erasure", findErasure},
	{"GET", erasurePath + "/{person}", "erasure", showErasure},
	{"POST", erasurePath + "/{person}", "consent.propose-erasure", doErasure},
}
