package web

// letterRoutes are the letters and calls of those who carry them.
var letterRoutes = []route{
	{"GET", lettersPath, "to-tell", showLetters},
	{"POST", lettersPath, "notice.post-letter", postLetters},
	{"GET", lettersPath + "/{person}/{sending}", "letter", showLetter},
	{"GET", lettersPath + "/{person}/{sending}/pdf", "letter", sendLetterFile},
	{"GET", callsPath, "to-tell", showCalls},
	{"GET", callsPath + "/{person}/{sending}", "letter", showCall},
	{"POST", callsPath + "/{person}/{sending}", "notice.call, notice.redirect", noteCallOf},
}
