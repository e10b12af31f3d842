package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"forlop/care"
	"forlop/pathway"
)

// CheckTexts finds what is missing or unequal in the page texts: a key that one
// language lacks, places that differ, a count in one language only, a text that
// is the same in all languages though it is a sentence. No finding means that
// every page can be read in every language without a fallback.
func CheckTexts() []pathway.Finding {
	all, err := catalogues()
	if err != nil {
		return []pathway.Finding{{File: "texts", Code: "T100", Severity: pathway.SeverityError, Message: err.Error()}}
	}
	return checkTexts(all)
}

// Codes of findings in page texts.
const (
	textMissing = "T101" // a language lacks a key
	textPlaces  = "T102" // the places differ between languages, or cannot be read
	textForms   = "T103" // a count in one language only
	textSame    = "T104" // not translated
)

func checkTexts(all map[care.Language]catalogue) []pathway.Finding {
	var found []pathway.Finding
	add := func(m message, code, text string, args ...any) {
		found = append(found, pathway.Finding{
			File: "web/" + m.file, Line: m.line, Col: m.col, Code: code,
			Severity: pathway.SeverityError, Message: fmt.Sprintf(text, args...),
		})
	}
	for _, key := range everyKey(all) {
		var first message
		var firstPlaces []string
		for _, code := range care.Languages {
			m, ok := all[code][key]
			if !ok {
				continue
			}
			places, err := placesOf(m)
			if err != nil {
				add(m, textPlaces, "%s: %v", key, err)
				continue
			}
			if first.key == "" {
				first, firstPlaces = m, places
				continue
			}
			if !slices.Equal(places, firstPlaces) {
				add(m, textPlaces, "%s has the places %v here and %v in %s", key, places, firstPlaces, first.file)
			}
			if m.plural() != first.plural() {
				add(m, textForms, "%s depends on a count in one of %s and %s only", key, m.file, first.file)
			}
		}
		for _, code := range care.Languages {
			if _, ok := all[code][key]; !ok {
				add(first, textMissing, "%s has no text in %s", key, code)
			}
		}
		if m, same := untranslated(all, key); same {
			add(m, textSame, "%s reads the same in all languages: %q", key, m.other)
		}
	}
	slices.SortStableFunc(found, func(a, b pathway.Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return found
}

func everyKey(all map[care.Language]catalogue) []string {
	var keys []string
	for _, c := range all {
		keys = append(keys, c.keys()...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// placesOf are the places of a message. Both forms of a count have the same,
// but that the form for one may leave out the number.
func placesOf(m message) ([]string, error) {
	var all []string
	for _, form := range m.forms() {
		t, err := parseTemplate(form)
		if err != nil {
			return nil, err
		}
		all = append(all, t.places()...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// untranslated finds a sentence that is the same in all languages. One or two
// words often are, and rightly.
func untranslated(all map[care.Language]catalogue, key string) (message, bool) {
	const fewWords = 3
	first := all[care.Languages[0]][key]
	if len(strings.Fields(first.other)) < fewWords {
		return first, false
	}
	for _, code := range care.Languages[1:] {
		if m, ok := all[code][key]; !ok || m.other != first.other {
			return first, false
		}
	}
	t, err := parseTemplate(first.other)
	return first, err == nil && len(t.places()) == 0
}
