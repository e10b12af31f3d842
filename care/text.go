package care

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Longer reports whether a text has more characters than most. An å is one, as
// everybody counts who is told the bound.
func Longer(text string, most int) bool {
	return len(text) > most && utf8.RuneCountInString(text) > most
}

// Clip keeps an echo of what was given to at most so many characters.
func Clip(text string, most int) string {
	if !Longer(text, most) {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// CheckText refuses words that are missing where they are needed, more than most
// characters, or no text.
func CheckText(text, field string, most int, needed bool) error {
	switch {
	case needed && strings.TrimSpace(text) == "":
		return Refuse("words-needed", "Some words are needed here.").On(field)
	case Longer(text, most):
		return Refuse("text-long", "The text is too long: at most {most} characters.", "most", fmt.Sprint(most)).On(field)
	case !utf8.ValidString(text):
		return Refuse("text-broken", "The text holds signs that cannot be read.").On(field)
	}
	return nil
}
