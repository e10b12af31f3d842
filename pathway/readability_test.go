package pathway

import (
	"math"
	"testing"

	"forlop/care"
)

func TestReadCounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		l    care.Language
		text string
		want Reading
	}{
		{"two sentences", care.Bokmal, "Du venter på svar. Vi ringer deg.", Reading{Words: 7, Sentences: 2}},
		{"long words have more than six letters", care.Bokmal, "Henvisning smerter smerte.", Reading{Words: 3, Sentences: 1, Long: 2}},
		{"an ordinal is no end", care.Bokmal, "Møtet er 3. mai klokka ti.", Reading{Words: 6, Sentences: 1}},
		{"a number can end a sentence", care.Bokmal, "Du er nummer 3. Vi ringer.", Reading{Words: 6, Sentences: 2}},
		{"an abbreviation is no end", care.Bokmal, "Ta med deg noen, f.eks. en venn, kl. 10 i dag.", Reading{Words: 11, Sentences: 1}},
		{"an abbreviation can end the text", care.Swedish, "Vi tar upp jobb, pengar m.m.", Reading{Words: 6, Sentences: 1}},
		{"Swedish abbreviation", care.Swedish, "Ta med någon, t.ex. en vän.", Reading{Words: 6, Sentences: 1}},
		{"English abbreviation", care.English, "Bring people, e.g. a friend.", Reading{Words: 5, Sentences: 1}},
		{"the abbreviations of another language end", care.English, "Vi sees osv. Ja.", Reading{Words: 4, Sentences: 2}},
		{"question and call", care.Nynorsk, "Kva er viktig for deg? Sei det! Vi høyrer.", Reading{Words: 9, Sentences: 3}},
		{"a quote after the full stop", care.Bokmal, "Si «nei.» Vi hører.", Reading{Words: 4, Sentences: 2}},
		{"a list has a sentence on each line", care.Bokmal, "- en seng\n- et teppe\n", Reading{Words: 4, Sentences: 2}},
		{"no full stop at the end", care.Bokmal, "Vi ringer deg", Reading{Words: 3, Sentences: 1}},
		{"signs are no words", care.Bokmal, "Nå – eller 5 %?", Reading{Words: 3, Sentences: 1}},
		{"a hyphen joins and a slash parts", care.Bokmal, "CFS/ME e-post", Reading{Words: 3, Sentences: 1}},
		{"letters are counted, not bytes", care.Swedish, "åäöåäö åäöåäöå", Reading{Words: 2, Sentences: 1, Long: 1}},
		{"nothing", care.Bokmal, " \n ", Reading{}},
		{"dots alone", care.Bokmal, "... . !", Reading{}},
	} {
		if got := Read(tt.l, tt.text); got != tt.want {
			t.Errorf("%s: %q gives %+v, want %+v", tt.name, tt.text, got, tt.want)
		}
	}
}

// The texts are counted by hand: words, sentences and long words stand beside.
func TestLIXOfKnownTexts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		l    care.Language
		text string
		lix  float64
	}{
		// 15 words, 3 sentences, none long.
		{"for a patient", care.Bokmal, "Du venter på svar fra oss. Svaret kommer senest 3. mai. Anne Dahl svarer deg.", 15.0 / 3},
		// 15 words, 1 sentence, 10 long: all but mellom, og, herunder …
		{"officialese", care.Bokmal, "Pasientforløpets gjennomføring forutsetter tverrfaglig samhandling mellom spesialisthelsetjenesten og kommunehelsetjenesten, herunder avklaring av ansvar i behandlingskjeden.", 15 + 100*10.0/15},
		// 10 words, 2 sentences, 2 long: remissen and kliniken.
		{"Swedish", care.Swedish, "Vi har fått remissen. Du får svar från kliniken snart.", 5 + 100*2.0/10},
	} {
		if got := Read(tt.l, tt.text).LIX(); math.Abs(got-tt.lix) > 0.01 {
			t.Errorf("%s: LIX %.2f, want %.2f (%+v)", tt.name, got, tt.lix, Read(tt.l, tt.text))
		}
	}
	if got := (Reading{}).LIX(); got != 0 {
		t.Errorf("no words have LIX %.1f, want 0", got)
	}
}

func TestReadingOfAText(t *testing.T) {
	t.Parallel()
	d := good(t)
	for _, l := range care.Languages {
		r := d.Texts[l].Reading()
		if r.Words < 200 || r.LIX() < 10 || r.LIX() > 38 {
			t.Errorf("%s: %+v with LIX %.1f", l, r, r.LIX())
		}
	}
}
