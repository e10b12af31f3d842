package web

// icons are drawn as one line on a square of 24. Each stands beside a word.
var icons = map[string]string{
	"done":    "M5 12.5l4.5 4.5L19 7.5",
	"waiting": "M7 3h10M7 21h10M8 3c0 5 8 7 8 9s-8 4-8 9M16 3c0 5-8 7-8 9s8 4 8 9",
	"past":    "M12 7v6M12 17h.01M12 2.5L22 20.5H2z",
	"phone":   "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
	"up":      "M6 15l6-6 6 6",
	"down":    "M6 9l6 6 6-6",
	"on":      "M9 6l6 6-6 6",
}
