package web

// guestRoutes are the pages of those who come by a secure link, and of those who
// make one: a patient's shared pages, and what staff send to who has no account.
var guestRoutes = []route{
	{"GET", "/link", "public", showSecureLink},
	{"POST", "/link", "public", openSecureLink},
	{"GET", linkedPath, "linked-item", showLinked},
	{"POST", linkedPath, "journey.answer-question", answerLinked},
	{"GET", sharedPath, "shared-page", showShared},
	{"GET", "/me/share", "share-preview", showShares},
	{"GET", "/me/share/new", "share-preview", sharePage},
	{"POST", "/me/share/new", "consent.share-page", sharePage},
	{"POST", "/me/share/link", "item-link", linkShare},
	{"POST", "/me/share/withdraw", "consent.withdraw-page", withdrawShare},
	{"GET", "/journeys/{id}/links", "journey", showItemLinks},
	{"POST", "/journeys/{id}/links", "item-link", makeItemLink},
}
