package web

// authorRoutes are the pages of those who write, approve and put pathways into
// use. Patients and their journeys are not on them, but for how many follow a
// version; the previewed patients are made up.
var authorRoutes = []route{
	{"GET", "/pathways", "pathway-library", showLibrary},
	{"GET", "/pathways/findings", "pathway-version", showFinding},
	{"GET", "/pathways/{id}/moves", "campaign", showMoves},
	{"POST", "/pathways/{id}/moves", "campaign.*", doMove},
	{"GET", "/pathways/{id}/{version}", "pathway-version", showVersion},
	{"GET", "/pathways/{id}/{version}/source", "pathway-version", showSource},
	{"GET", "/pathways/{id}/{version}/tests", "pathway-version", showTests},
	{"GET", "/pathways/{id}/{version}/preview", "pathway-version", showPreview},
	{"GET", "/pathways/{id}/{version}/preview/at/{rest...}", "pathway-version", showPreviewed},
	{"GET", "/pathways/{id}/{version}/diff", "pathway-version", showDiff},
	{"GET", "/pathways/{id}/{version}/publish", "pathway-version", showPublish},
	{"GET", "/pathways/{id}/{version}/do/{act}", "pathway-version", showAuthorAct},
	{"POST", "/pathways/{id}/{version}/do/{act}", "pathway.*", doAuthorAct},
}
