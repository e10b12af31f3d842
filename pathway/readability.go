package pathway

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"forlop/care"
)

// Reading counts what makes a text hard or easy to read. Readings of several
// texts are added up, as a page is read as a whole.
type Reading struct {
	Words, Sentences int
	// Long counts the words of more than six letters.
	Long int
}

// Read counts the words and sentences of running text. Each text is at least
// one sentence if it holds a word; a line break ends one too, so that points of
// a list are sentences of their own. Headings and labels say nothing about how
// a text reads: leave them out.
//
// A full stop after an ordinal ("3. mai"), inside a number or after a common
// abbreviation ("f.eks.", "t.ex.", "e.g.") ends no sentence.
func Read(l care.Language, texts ...string) Reading {
	var r Reading
	for _, t := range texts {
		for line := range strings.Lines(t) {
			r = r.Add(readLine(l, line))
		}
	}
	return r
}

// Add is both readings together.
func (r Reading) Add(s Reading) Reading {
	return Reading{r.Words + s.Words, r.Sentences + s.Sentences, r.Long + s.Long}
}

// LIX is the words per sentence plus the share of long words in percent (C.-H.
// Björnsson, Läsbarhet, 1968). Below 30 is very easy, 30 to 40 easy, above 60
// officialese. It is 0 where there are no words.
func (r Reading) LIX() float64 {
	if r.Words == 0 || r.Sentences == 0 {
		return 0
	}
	return r.WordsPerSentence() + 100*float64(r.Long)/float64(r.Words)
}

// WordsPerSentence is the mean length of a sentence in words.
func (r Reading) WordsPerSentence() float64 {
	if r.Sentences == 0 {
		return 0
	}
	return float64(r.Words) / float64(r.Sentences)
}

const longWord = 6 // a long word has more letters than this

func readLine(l care.Language, line string) Reading {
	var r Reading
	open := false // words since the last end of a sentence
	fields := strings.Fields(line)
	for i, field := range fields {
		words, long := wordsIn(field)
		if words > 0 {
			r.Words += words
			r.Long += long
			open = true
		}
		next := ""
		if i+1 < len(fields) {
			next = fields[i+1]
		}
		if open && endsSentence(l, field, next) {
			r.Sentences++
			open = false
		}
	}
	if open {
		r.Sentences++
	}
	return r
}

// wordsIn counts the words of a field without spaces. Hyphens and apostrophes
// join; a slash and a dash part.
func wordsIn(field string) (words, long int) {
	for _, part := range strings.FieldsFunc(field, func(c rune) bool { return c == '/' || c == '–' || c == '—' || c == '…' }) {
		letters, sign := 0, false
		for _, c := range part {
			if unicode.IsLetter(c) {
				letters++
			}
			sign = sign || unicode.IsLetter(c) || unicode.IsDigit(c)
		}
		if sign {
			words++
		}
		if letters > longWord {
			long++
		}
	}
	return words, long
}

// endsSentence reports whether a sentence ends after field, which next follows.
func endsSentence(l care.Language, field, next string) bool {
	field = strings.TrimRight(field, `"'”’»)]`)
	last, _ := utf8.DecodeLastRuneInString(field)
	switch last {
	case '!', '?', '…':
		return true
	case '.':
	default:
		return false
	}
	if next == "" {
		return true
	}
	if isAbbreviation(l, field) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, `"'“‘«([`))
	if ordinal := strings.TrimSuffix(field, "."); ordinal != "" && strings.Trim(ordinal, "0123456789") == "" {
		return unicode.IsUpper(first)
	}
	return true
}

var abbreviations = map[care.Language][]string{
	care.Bokmal:  {"bl.a.", "ca.", "dr.", "dvs.", "d.v.s.", "e.l.", "evt.", "f.eks.", "fr.o.m.", "t.o.m.", "inkl.", "jf.", "kl.", "m.a.o.", "m.fl.", "m.m.", "mrd.", "mill.", "nr.", "o.l.", "osv.", "pga.", "p.g.a.", "s.", "tlf.", "vedr."},
	care.Nynorsk: {"bl.a.", "ca.", "dr.", "dvs.", "d.v.s.", "e.l.", "ev.", "evt.", "f.eks.", "t.d.", "f.o.m.", "t.o.m.", "inkl.", "jf.", "kl.", "m.a.", "m.fl.", "m.m.", "mrd.", "mill.", "nr.", "o.l.", "osv.", "pga.", "p.g.a.", "s.", "tlf.", "vedk."},
	care.Swedish: {"bl.a.", "ca.", "c:a.", "dr.", "dvs.", "d.v.s.", "e.d.", "el.", "ev.", "f.n.", "fr.o.m.", "t.o.m.", "inkl.", "jfr.", "kl.", "m.a.o.", "m.fl.", "m.m.", "nr.", "o.d.", "osv.", "o.s.v.", "pga.", "p.g.a.", "s.k.", "t.ex.", "tfn.", "tel."},
	care.English: {"approx.", "dr.", "e.g.", "etc.", "i.e.", "mr.", "mrs.", "ms.", "no.", "tel.", "vs."},
}

func isAbbreviation(l care.Language, field string) bool {
	low := strings.ToLower(strings.TrimLeft(field, `"'“‘«([`))
	for _, a := range abbreviations[l] {
		if low == a {
			return true
		}
	}
	return false
}
