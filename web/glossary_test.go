package web

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/care"
	"forlop/docs"
	"forlop/pathway/library"
)

// TestTheGlossaryIsKept holds the texts of all pages and of all shipped pathways
// against docs/glossary.md.
func TestTheGlossaryIsKept(t *testing.T) {
	t.Parallel()
	g := readGlossary(docs.Glossary)
	if len(g.words) < 17 || len(g.said) < 8 || len(g.never[care.Swedish]) < 8 || len(g.not[care.Nynorsk]) < 4 {
		t.Fatalf("the glossary has only %d words, %d said, %d never and %d not", len(g.words), len(g.said), len(g.never[care.Swedish]), len(g.not[care.Nynorsk]))
	}
	for thing := range g.words {
		for _, code := range care.Languages {
			if !speak(code).has("word." + thing) {
				t.Errorf("%s has no text word.%s", code, thing)
			}
		}
	}
	pathways := map[string]fs.FS{}
	for _, id := range library.All() {
		pathways["pathway/library/"+id], _ = library.Files(id)
	}
	if len(pathways) == 0 {
		t.Fatal("no pathway was found")
	}
	for _, f := range CheckWords(pathways) {
		t.Error(f)
	}
}

// TestCheckWordsFinds plants one fault of each kind, and says where it stands.
func TestCheckWordsFinds(t *testing.T) {
	t.Parallel()
	found := CheckWords(map[string]fs.FS{"mine": fstest.MapFS{
		"text.en.yaml": {Data: []byte("title: The referral\nlong: >-\n  Your coordinator\n  phones you.\nend: You did not attend.\n")},
		"text.nb.yaml": {Data: []byte("title: Henvisningen\nlong: Din koordinator ringer.\nend: |-\n  Timen gikk. Du har\n  ikke møtt.\n")},
		"text.nn.yaml": {Data: []byte("title: Henvisinga\nlong: Koordinatoren din ringjer.\nend: Timen gjekk.\n")},
		"text.sv.yaml": {Data: []byte("title: Remissen\nlong: En person ringer dig.\nend: Tiden gick. Uppgiftslistan är tom.\n")},
	}})
	var got []string
	for _, f := range found {
		if strings.HasPrefix(f.File, "mine/") {
			got = append(got, strings.TrimPrefix(f.File, "mine/")+" "+f.Code+" line "+string(rune('0'+f.Line)))
		}
	}
	for _, want := range []string{
		"text.en.yaml L111 line 5", // did not attend
		"text.nb.yaml L111 line 3", // ikke møtt, over two lines
		"text.nn.yaml L110 line 1", // referral without tilvis
		"text.nn.yaml L112 line 1", // henvising
		"text.sv.yaml L110 line 2", // coordinator without samordnar
		"text.sv.yaml L112 line 3", // uppgiftslista
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%s was not found among %v", want, got)
		}
	}
	if len(got) != 6 {
		t.Errorf("found %v", found)
	}
	if !says("Timen ble avvist.", "avvist") || says("avvister", "avvist") || !begins("Hänvisningen", "hänvisning") {
		t.Error("a planted word was not found, or a longer one was taken for it")
	}
}

// TestOneNynorskWordForAProposal: those who write pathways read framlegg, as in
// the buttons and refusals, and never forslag.
func TestOneNynorskWordForAProposal(t *testing.T) {
	t.Parallel()
	all, faults := readCatalogues(textFiles)
	if len(faults) > 0 || len(all[care.Nynorsk]) == 0 {
		t.Fatalf("%d texts were read: %v", len(all[care.Nynorsk]), faults)
	}
	said := 0
	for key, m := range all[care.Nynorsk] {
		for _, form := range m.forms() {
			if strings.Contains(strings.ToLower(form), "forslag") {
				t.Errorf("%s says %q", key, form)
			}
			if strings.Contains(strings.ToLower(form), "framlegg") {
				said++
			}
		}
	}
	if said == 0 {
		t.Error("no text speaks of a framlegg")
	}
}
