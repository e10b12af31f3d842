package web

// staffRoutes are the pages of those who open, record and oversee who may see.
var staffRoutes = []route{
	{"GET", emergencyPath, "consent.break-glass", showEmergency},
	{"POST", emergencyPath, "consent.break-glass", openEmergency},
	{"GET", "/opened/{person}", "opened-record", showOpened},
	{"POST", "/opened/{person}/close", "consent.close-opening", closeOpened},
	{"GET", "/journeys/{id}/access", "consents", showConsents},
	{"GET", "/journeys/{id}/access/{action}", "consents", consentForm},
	{"POST", "/journeys/{id}/access/{action}", "consent.*", consentForm},
	{"GET", "/journeys/{id}/merge", "merge-preview", showMerge},
	{"POST", "/journeys/{id}/merge", "person.merge-into", doMerge},
	{"GET", adminLogPath, "log-of-breach", showAdminLog},
	{"POST", adminLogPath, "log-of-breach", searchLog},
	{"GET", "/admin/sample", "log-sample", showSample},
	{"GET", adminLogPath + "/{unit}/{matter}", "log-findings", decideMatter},
	{"POST", adminLogPath + "/{unit}/{matter}", "oversight.decide", decideMatter},
	{"GET", "/admin/openings/{person}/{opening}", "log-findings", judgeOpening},
	{"POST", "/admin/openings/{person}/{opening}", "consent.review-opening", judgeOpening},
}
