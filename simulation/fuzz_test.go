package simulation

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"forlop/care"
	"forlop/pathway/library"
)

// Whatever an author writes as examples, reading them ends and what is wrong has its
// place in the file; and so has what is wrong with a cast.
func FuzzExamples(f *testing.F) {
	folder, ok := library.Files("no.pain")
	if !ok {
		f.Fatal("there is no such pathway")
	}
	files := fstest.MapFS{}
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			f.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	f.Add(files[exampleFile].Data)
	f.Add(usualCast)
	for _, s := range []string{
		"a: &a [*a]", "- a\n---\n", "[]", "examples: {}", "- {name: a, given: {}, when: [{}], then: [x]}", "? {a: b}\n: c", "a: 2026-02-30", "<<: {a: b}", "!!binary x",
	} {
		f.Add([]byte(s))
	}
	// What is fuzzed is how examples are read: one that is good is acted out by the
	// tests beside this one, and takes too long here.
	s, _, err := newStage(files, nil, nil)
	if err != nil || s.def == nil {
		f.Fatal("the shipped pathway has no stage", err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		start := time.Now()
		try := *s
		p, root := readPage(fstest.MapFS{exampleFile: {Data: text}}, exampleFile)
		try.page = p
		if root != nil {
			examples := try.read(root)
			for _, e := range examples {
				_ = e.needs(try.defs)
			}
			p.readCast(try.usual, root)
		}
		for _, x := range p.findings {
			if x.File == "" || x.Line < 0 || x.Col < 0 || x.Message == "" {
				t.Errorf("a finding that says too little: %#v", x)
			}
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d bytes took %s", len(text), took)
		}
	})
	for _, regime := range []care.Regime{care.Norway, care.Sweden} {
		if _, err := readUsualCast(regime); err != nil {
			f.Error(err)
		}
	}
}
