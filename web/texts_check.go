package web

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"forlop/care"
	"forlop/pathway"

	"golang.org/x/text/feature/plural"
	tags "golang.org/x/text/language"
)

// CheckTexts finds what is missing or unequal in the page texts: a key that one
// language lacks or only one has, places that differ from the English ones, a
// form that a count needs, a sentence that is the same in all languages. No
// finding means that every page can be read in every language without a
// fallback.
func CheckTexts() []pathway.Finding {
	all, found := readCatalogues(textFiles)
	found = append(found, checkTexts(all)...)
	for i := range found {
		found[i].File = "web/" + found[i].File
	}
	return sortFindings(found)
}

// Codes of findings in texts.
const (
	textUnreadable = "L100" // a file cannot be read
	textMissing    = "L101" // a language lacks a key
	textPlaces     = "L102" // a place that is unknown or missing, or cannot be read
	textForms      = "L103" // a count in one language only, or a form missing
	textSame       = "L104" // not translated
	textExtra      = "L105" // a key that only one language has
)

// counting are the forms that a language has for whole numbers, as CLDR says:
// one and other in the four languages, up to six elsewhere.
func counting(code care.Language) []string {
	const enough = 1200 // every rule of CLDR for whole numbers shows itself below
	tag := tags.Make(string(code))
	names := map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
	seen := map[string]bool{}
	for n := range enough {
		seen[names[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		return cmp.Compare(slices.Index(countForms, a), slices.Index(countForms, b))
	})
}

// A finder collects findings.
type finder []pathway.Finding

func (f *finder) add(m message, code, text string, args ...any) {
	*f = append(*f, pathway.Finding{
		File: m.file, Line: m.line, Col: m.col, Code: code, Severity: pathway.SeverityError, Message: fmt.Sprintf(text, args...),
	})
}

// forms checks that a counted text has the forms its language counts with.
func (f *finder) forms(m message, code care.Language) {
	if !m.plural() {
		return
	}
	needs := counting(code)
	for _, form := range needs {
		if m.counted[form] == "" {
			f.add(m, textForms, "%s has no form for %q; %s counts with %s", m.key, form, code, strings.Join(needs, ", "))
		}
	}
	for form := range m.counted {
		// Every language may say other: it is what a fraction takes.
		if !slices.Contains(needs, form) && form != "other" {
			f.add(m, textForms, "%s has a form for %q, which %s does not count with; it counts with %s", m.key, form, code, strings.Join(needs, ", "))
		}
	}
}

// places checks that a text has the places of the one it translates.
func (f *finder) places(m, of message) {
	mine, err := placesOf(m)
	if err != nil {
		f.add(m, textPlaces, "%s: %v", m.key, err)
		return
	}
	theirs, err := placesOf(of)
	if err != nil {
		return // said where it stands
	}
	for _, name := range mine {
		if slices.Contains(theirs, name) {
			continue
		}
		hint := ""
		if near := pathway.Nearest(name, theirs); near != "" {
			hint = fmt.Sprintf("; did you mean {%s}?", near)
		}
		f.add(m, textPlaces, "%s has the place {%s}, which nothing fills; its places are %v%s", m.key, name, theirs, hint)
	}
	for _, name := range theirs {
		if !slices.Contains(mine, name) {
			f.add(m, textPlaces, "%s lacks the place {%s}, which %s has", m.key, name, of.file)
		}
	}
}

func checkTexts(all map[care.Language]catalogue) []pathway.Finding {
	var found finder
	for _, key := range everyKey(all) {
		var have []care.Language
		for _, code := range care.Languages {
			if _, ok := all[code][key]; ok {
				have = append(have, code)
			}
		}
		// English is what the code is tested against, so it leads where it is there.
		leads := have[len(have)-1]
		lead := all[leads][key]
		if len(have) == 1 {
			found.add(lead, textExtra, "%s stands in %s only: a text stands in all four languages or in none", key, leads)
			continue
		}
		for _, code := range care.Languages {
			m, ok := all[code][key]
			if !ok {
				found.add(gap(all[code], code, lead, leads), textMissing, "%s has no text in %s", key, code)
				continue
			}
			found.forms(m, code)
			found.places(m, lead)
			if m.plural() != lead.plural() {
				found.add(m, textForms, "%s depends on a count in one of %s and %s only", key, m.file, lead.file)
			}
		}
		if m, same := untranslated(all, key); same {
			found.add(m, textSame, "%s reads the same in all languages: %q", key, m.other)
		}
	}
	return sortFindings(found)
}

func sortFindings(found []pathway.Finding) []pathway.Finding {
	slices.SortStableFunc(found, func(a, b pathway.Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return found
}

// gap is the place where a text is missing: in the file of that language, after
// the text that shares most of its name.
func gap(c catalogue, code care.Language, lead message, leads care.Language) message {
	at := message{file: strings.Replace(lead.file, "."+string(leads)+".yaml", "."+string(code)+".yaml", 1), line: 1, col: 1}
	most := 0
	for _, m := range c {
		if m.file != at.file {
			continue
		}
		shared := sharedParts(m.key, lead.key)
		if shared > most || shared == most && shared > 0 && m.line > at.line {
			most, at.line = shared, m.line
		}
	}
	return at
}

func sharedParts(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}

func everyKey(all map[care.Language]catalogue) []string {
	var keys []string
	for _, c := range all {
		keys = append(keys, c.keys()...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// placesOf are the places of a message. All forms of a count have the same, but
// that one of them may leave out the number.
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
