package web

// relativeRoutes are the pages of somebody who is here for another: choosing
// whom, what is not shown and why, and their own way to help.
var relativeRoutes = []route{
	{"GET", "/for", "represented", showFor},
	{"POST", "/for", "represented", chooseFor},
	{"POST", "/for/{answer}", "consent.accept-proxy", answerOffer},
	{"GET", "/for/{person}/end", "represented", showGivingUp},
	{"GET", "/me/hidden", "my-role", showHidden},
	{"GET", "/me/relief", "my-role", reliefForm},
	{"POST", "/me/relief", "consent.write-to-coordinator", reliefForm},
	{"GET", "/help-someone", "public", helpSomeone},
	{"POST", "/help-someone", "public", helpSomeone},
}
