package web

// authorRoutes are the pages of those who write, approve and put pathways into
// use. Patients and their journeys are not on them, but for how many follow a
// version; the previewed patients are made up.
var authorRoutes = []route{
	{"GET", "/pathways", "pathways", showLibrary},
	{"GET", "/pathways/findings/{code}", "pathways", showFinding},
	{"GET", "/pathways/{id}/{version}", "pathways", showVersion},
	{"GET", "/pathways/{id}/{version}/source", "pathways", showSource},
	{"GET", "/pathways/{id}/{version}/tests", "pathways", showTests},
	{"GET", "/pathways/{id}/{version}/preview", "pathways", showPreview},
	{"GET", "/pathways/{id}/{version}/preview/at/{rest...}", "pathways", showPreviewed},
}
