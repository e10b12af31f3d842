package web

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"forlop/care"
)

// glossaryTables reads the tables of docs/glossary.md by their headings: rows of
// cells, without the head.
func glossaryTables(t *testing.T) map[string][][]string {
	t.Helper()
	source, err := os.ReadFile("../docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][][]string{}
	heading := ""
	rule := regexp.MustCompile(`^\|( --- \|)+$`)
	body := false
	for line := range strings.Lines(string(source)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "## "):
			heading, body = strings.TrimPrefix(line, "## "), false
		case rule.MatchString(line):
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

func TestPagesSayTheWordsOfTheGlossary(t *testing.T) {
	t.Parallel()
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	words := glossaryTables(t)["One word per thing"]
	if len(words) < 17 {
		t.Fatalf("the glossary has only %d words", len(words))
	}
	for _, row := range words {
		for i, code := range []care.Language{care.English, care.Bokmal, care.Nynorsk, care.Swedish} {
			want := row[0]
			switch {
			case code != care.English:
				want = row[2+i]
			case want == "wait":
				want = "waiting" // said of a person, as in the other languages
			case want == "order":
				want = "request"
			}
			key := "word." + row[0]
			if m, ok := all[code][key]; !ok || m.other != want {
				t.Errorf("%s: %s is %q, the glossary says %q", code, key, m.other, want)
			}
		}
	}
	for key := range all[care.English] {
		if word, ok := strings.CutPrefix(key, "word."); ok && !containsRow(words, word) {
			t.Errorf("%s is not in the glossary", key)
		}
	}
}

func containsRow(rows [][]string, first string) bool {
	for _, row := range rows {
		if row[0] == first {
			return true
		}
	}
	return false
}

// TestPatientsNeverReadTheseWords holds the second table for every text that a
// patient may read, and the third for every text.
func TestPatientsNeverReadTheseWords(t *testing.T) {
	t.Parallel()
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	tables := glossaryTables(t)
	never, other := tables["Words that are never said to a patient"], tables["Words that are not used for a thing that has its own"]
	if len(never) < 4 || len(other) < 10 {
		t.Fatalf("the glossary has only %d and %d rows", len(never), len(other))
	}
	banned := map[care.Language][]string{}
	for _, row := range never {
		for i, code := range []care.Language{care.Bokmal, care.Nynorsk, care.Swedish, care.English} {
			for word := range strings.SplitSeq(row[i], ",") {
				banned[code] = append(banned[code], strings.TrimSpace(word))
			}
		}
	}
	for code, c := range all {
		for key, m := range c {
			for _, form := range m.forms() {
				if !strings.HasPrefix(key, "staff.") {
					for _, word := range banned[code] {
						if says(form, word) {
							t.Errorf("%s: %s says %q to a patient: %q", code, key, word, form)
						}
					}
				}
				for _, row := range other {
					if string(code) == row[2] && says(form, row[0]) {
						t.Errorf("%s: %s says %q, our word is %q: %q", code, key, row[0], row[1], form)
					}
				}
			}
		}
	}
	if !says("Timen ble avvist.", "avvist") || says("avvister", "avvist") {
		t.Error("a planted word was not found, or a longer one was taken for it")
	}
}

// says reports whether the text holds the word, alone or with other words
// around it.
func says(text, word string) bool {
	lower := strings.ToLower(text)
	for from := 0; ; {
		i := strings.Index(lower[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if !letterBefore(lower, start) && !letterAfter(lower, end) {
			return true
		}
		from = end
	}
}

func letterBefore(s string, i int) bool {
	return i > 0 && regexp.MustCompile(`\pL$`).MatchString(s[:i])
}

func letterAfter(s string, i int) bool {
	return i < len(s) && regexp.MustCompile(`^\pL`).MatchString(s[i:])
}
