package web

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"forlop/care"
	"forlop/docs"
	"forlop/pathway"
)

// Codes of findings about the words of texts.
const (
	wordUnlike = "L110" // a thing of the glossary is called something else
	wordNever  = "L111" // a word that is never said to a patient
	wordOther  = "L112" // a word for a thing that has its own
)

// A glossary is what docs/glossary.md asks of texts.
type glossary struct {
	// words are the glossary's own: the thing, then its word in each language.
	words map[string]map[care.Language]string
	// said are what the other languages hold where English says the first.
	said []map[care.Language]string
	// never are said to no patient, with what is said instead.
	never map[care.Language]map[string]string
	// not are other words for a thing that has its own.
	not map[care.Language]map[string]string
}

// The headings of the glossary's tables.
const (
	headingWords = "One word per thing"
	headingSaid  = "Said wherever English says it"
	headingNever = "Words that are never said to a patient"
	headingNot   = "Words that are not used for a thing that has its own"
)

// readGlossary reads the tables of the page.
func readGlossary(page string) glossary {
	g := glossary{words: map[string]map[care.Language]string{}, never: map[care.Language]map[string]string{}, not: map[care.Language]map[string]string{}}
	for _, code := range care.Languages {
		g.never[code], g.not[code] = map[string]string{}, map[string]string{}
	}
	tables := tablesOf(page)
	for _, row := range tables[headingWords] {
		g.words[row[0]] = map[care.Language]string{care.English: row[0], care.Bokmal: row[3], care.Nynorsk: row[4], care.Swedish: row[5]}
	}
	for _, row := range tables[headingSaid] {
		g.said = append(g.said, map[care.Language]string{care.English: row[0], care.Bokmal: row[1], care.Nynorsk: row[2], care.Swedish: row[3]})
	}
	for _, row := range tables[headingNever] {
		for i, code := range []care.Language{care.Bokmal, care.Nynorsk, care.Swedish, care.English} {
			for word := range strings.SplitSeq(row[i], ",") {
				g.never[code][strings.TrimSpace(word)] = row[4]
			}
		}
	}
	for _, row := range tables[headingNot] {
		g.not[care.Language(row[2])][row[0]] = row[1]
	}
	return g
}

// tablesOf reads the tables of a page by their headings: rows of cells, without
// the head.
func tablesOf(page string) map[string][][]string {
	tables := map[string][][]string{}
	heading, body := "", false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "## "):
			heading, body = strings.TrimPrefix(line, "## "), false
		case strings.HasPrefix(line, "| ---"):
			body = true
		case body && strings.HasPrefix(line, "|"):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			tables[heading] = append(tables[heading], cells)
		}
	}
	return tables
}

// CheckWords holds the texts of all pages, and of the pathways in the folders
// given by name, against the glossary.
func CheckWords(pathways map[string]fs.FS) []pathway.Finding {
	g := readGlossary(docs.Glossary)
	all, _ := readCatalogues(textFiles) // what cannot be read is said by CheckTexts
	found := g.check(all, "web/", readByPatients)
	found = append(found, g.checkOwn(all)...)
	for _, name := range slices.Sorted(maps.Keys(pathways)) {
		all := map[care.Language]catalogue{}
		for _, code := range care.Languages {
			all[code], _ = readCatalogue(pathways[name], "text."+string(code)+".yaml") // said by forlop pathway lint
		}
		found = append(found, g.check(all, name+"/", func(string) bool { return true })...)
	}
	return sortFindings(found)
}

// checkOwn holds that the texts under word are the glossary's words.
func (g glossary) checkOwn(all map[care.Language]catalogue) []pathway.Finding {
	var found finder
	for code, c := range all {
		for key, m := range c {
			thing, ok := strings.CutPrefix(key, "word.")
			if !ok {
				continue
			}
			m.file = "web/" + m.file
			switch want, known := g.words[thing]; {
			case !known:
				found.add(m, wordUnlike, "%s is not in the glossary", key)
			case code != care.English && m.other != want[code]:
				found.add(m, wordUnlike, "%s is %q, the glossary says %q", key, m.other, want[code])
			}
		}
	}
	return found
}

// check finds words that the glossary bars, and things that it names otherwise.
func (g glossary) check(all map[care.Language]catalogue, folder string, forPatients func(key string) bool) []pathway.Finding {
	var found finder
	for _, code := range care.Languages {
		for _, key := range all[code].keys() {
			m := all[code][key]
			m.file = folder + m.file
			text := strings.Join(m.forms(), "\n")
			if forPatients(key) {
				for _, word := range slices.Sorted(maps.Keys(g.never[code])) {
					if says(text, word) {
						found.add(m, wordNever, "%s says %q to a patient; say %s", key, word, g.never[code][word])
					}
				}
			}
			for _, word := range slices.Sorted(maps.Keys(g.not[code])) {
				if begins(text, word) {
					found.add(m, wordOther, "%s says %q; our word is %q", key, word, g.not[code][word])
				}
			}
			if strings.HasPrefix(key, "word.") || code == care.English {
				continue
			}
			for _, row := range g.said {
				if english, ok := all[care.English][key]; ok && speaksOf(english, row[care.English]) && !saysOneOf(text, row[code]) {
					found.add(m, wordUnlike, "%s is about a %s; in %s that is said with %q", key, row[care.English], code, row[code])
				}
			}
		}
	}
	return found
}

var anyPlace = regexp.MustCompile(`\{[^}]*\}`)

// speaksOf reports whether an English text says the word, alone or in the plural.
func speaksOf(m message, word string) bool {
	text := anyPlace.ReplaceAllString(strings.Join(m.forms(), "\n"), "")
	return says(text, word) || says(text, word+"s")
}

// saysOneOf reports whether the text holds any of the beginnings, which have a
// comma between them.
func saysOneOf(text, beginnings string) bool {
	for one := range strings.SplitSeq(beginnings, ",") {
		if strings.Contains(strings.ToLower(text), strings.TrimSpace(one)) {
			return true
		}
	}
	return false
}

// says reports whether the text holds the word, alone or with other words
// around it.
func says(text, word string) bool { return holds(text, word, true) }

// begins is says, also where a word only begins with it: an ending, or another
// word that it is put together with.
func begins(text, word string) bool { return holds(text, word, false) }

func holds(text, word string, whole bool) bool {
	lower := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for from := 0; ; {
		i := strings.Index(lower[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(lower[:start])
		after, _ := utf8.DecodeRuneInString(lower[end:])
		if !unicode.IsLetter(before) && (!whole || !unicode.IsLetter(after)) {
			return true
		}
		from = end
	}
}
