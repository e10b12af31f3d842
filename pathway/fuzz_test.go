package pathway

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"forlop/care"
)

// Whatever is in the files, reading them ends, panics never, and every finding
// can be printed and looked up.
func FuzzLoad(f *testing.F) {
	structure, err := os.ReadFile("testdata/good/pathway.yaml")
	if err != nil {
		f.Fatal(err)
	}
	words, err := os.ReadFile("testdata/good/text.nb.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(structure, words)
	scripts, err := filepath.Glob("testdata/bad/*.edit")
	if err != nil {
		f.Fatal(err)
	}
	for _, script := range scripts {
		src, err := os.ReadFile(script)
		if err != nil {
			f.Fatal(err)
		}
		folder := edited(f, string(src))
		if text, ok := folder["text.nb.yaml"]; ok {
			f.Add(folder[structureFile].Data, text.Data)
		}
	}
	f.Add([]byte("steps: {a: {if: \"age > 1\", after: [{b: c}]}}"), []byte("steps: {a: {}}"))
	f.Add([]byte("a: &a [*a]"), []byte("---\n---\n"))
	f.Fuzz(func(t *testing.T, structure, words []byte) {
		folder := fstest.MapFS{structureFile: {Data: structure}, "text.nb.yaml": {Data: words}}
		d, findings := Check(folder)
		if d == nil && len(findings) == 0 {
			t.Fatal("neither a definition nor a finding")
		}
		if read, _ := Load(folder); (read == nil) != (d == nil) {
			t.Error("what can be read depends on whether it is checked")
		}
		for _, finding := range findings {
			if _, ok := Explain(finding.Code); !ok || finding.File == "" || finding.Line < 0 || finding.Col < 0 {
				t.Errorf("a finding that says too little: %#v", finding)
			}
			if utf8.Valid(structure) && utf8.Valid(words) && !utf8.ValidString(finding.Message) {
				t.Errorf("a message that cannot be read: %q", finding.Message)
			}
		}
		if d == nil {
			return
		}
		for _, l := range []care.Language{care.Bokmal, "xx"} {
			if Show(d, l) == "" || len(Picture(d, l)) == 0 {
				t.Errorf("nothing to show in %s", l)
			}
		}
	})
}

// Whatever is written as a condition is refused or can be answered, with and
// without anything known.
func FuzzCondition(f *testing.F) {
	d := good(f)
	for _, source := range []string{
		"age >= 18 && (sick-listed || days-away > 13)", `outcome("choose") in ["calm-days", "move-more"]`,
		`pace == "calm" || reached("meeting-held")`, `onset < date("2024-01-01")`, `"x" in [outcome("choose")]`, "1 - -1 > age",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		c, err := d.Condition(source)
		if err != nil {
			if err.Error() == "" {
				t.Error("a refusal that says nothing")
			}
			return
		}
		for _, known := range []map[FactID]any{nil, {PEMFact: true, AgeFact: 40, "sick-listed": true, OutcomeFact("choose"): "calm-days,move-more"}} {
			if truth, waits := c.Eval(known); truth == NotYetKnown && len(waits) == 0 && len(c.Reads()) > 0 {
				t.Errorf("%q is not yet known and waits for nothing", source)
			}
		}
	})
}

// Whatever lies in the other files that are read as strictly as a pathway's own,
// reading ends and each finding has its place; pages are written as they are read.
func FuzzOtherFiles(f *testing.F) {
	f.Add([]byte("pages:\n  times: {url: \"https://example.org/times\", read: 2026-01-05, hash: \"00\"}\n"))
	f.Add([]byte("pages: {a: {url: x}, a: 3}"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("- a\n---\n? [b]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		root, findings := ParseYAML("other.yaml", src)
		if root == nil && len(findings) == 0 {
			t.Fatal("nothing was read and nothing is found")
		}
		pages, more := ParsePages(src)
		for _, finding := range append(findings, more...) {
			if finding.File == "" || finding.Line < 0 || finding.Col < 0 || finding.Message == "" {
				t.Errorf("a finding that says too little: %#v", finding)
			}
		}
		if len(more) > 0 {
			return
		}
		again, more := ParsePages(PagesFile(pages))
		if len(more) > 0 || !reflect.DeepEqual(pages, again) {
			t.Errorf("%q is read as %v, written, and then read as %v, %v", src, pages, again, more)
		}
	})
}

// Whatever a text holds, it can be measured: no more long words than words, and no
// sentence without one.
func FuzzReadability(f *testing.F) {
	for _, s := range []string{"Du får time 3. mai kl. 10.30.", "f.eks. …", "a.b.c", "\r\n\v", "Vad händer? Vi ringer!", ". . .", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range care.Languages {
			r := Read(l, text)
			if r.Words < 0 || r.Long > r.Words || r.Sentences > r.Words || r.Words > 0 && r.Sentences == 0 || r.LIX() < 0 {
				t.Errorf("%q in %s is %+v", text, l, r)
			}
		}
	})
}
