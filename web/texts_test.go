package web

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"forlop/care"
	"forlop/pathway"
)

func TestTextsAreCompleteInFourLanguages(t *testing.T) {
	t.Parallel()
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(all[care.Bokmal]); n < 200 {
		t.Fatalf("only %d texts were read", n)
	}
	for _, f := range CheckTexts() {
		t.Error(f)
	}
}

// TestCheckTextsFinds plants one fault of each kind.
func TestCheckTextsFinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, nb, want string }{
		{"missing", "other: x", textMissing},
		{"place", "greeting: Hei {nam}", textPlaces},
		{"open place", "greeting: Hei {name", textPlaces},
		{"no count", "greeting:\n  one: Hei {name}\n  other: Hei alle {name}", textForms},
		{"not translated", "greeting: Hello to you all", textSame},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			english := "greeting: Hello {name}"
			if c.want == textSame {
				english = c.nb
			}
			folder := t.TempDir()
			write := func(code care.Language, text string) {
				if err := os.MkdirAll(filepath.Join(folder, "texts"), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(folder, "texts", "page."+string(code)+".yaml"), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			all := map[care.Language]catalogue{}
			for _, code := range care.Languages {
				text := english
				if code == care.Bokmal {
					text = c.nb
				}
				write(code, text)
				read, err := readCatalogue(os.DirFS(folder), code)
				if err != nil {
					t.Fatal(err)
				}
				all[code] = read
			}
			found := checkTexts(all)
			if !slices.ContainsFunc(found, func(f pathway.Finding) bool { return f.Code == c.want }) {
				t.Errorf("%s was not found among %v", c.want, found)
			}
		})
	}
}

// TestLIXOfTexts holds U10: what the pages say to patients is very easy to read.
// Texts of one or two words are labels and say nothing about how a page reads.
func TestLIXOfTexts(t *testing.T) {
	t.Parallel()
	const mostLIX, mostWords = 30, 12
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []care.Language{care.Bokmal, care.Nynorsk, care.Swedish} {
		sections := map[string]pathway.Reading{}
		for key, m := range all[code] {
			section, _, _ := strings.Cut(key, ".")
			if section == "staff" || section == "word" {
				continue
			}
			for _, form := range m.forms() {
				if !strings.HasSuffix(form, ".") && !strings.HasSuffix(form, "?") {
					continue // a label
				}
				sections[section] = sections[section].Add(pathway.Read(code, form))
				sections["all"] = sections["all"].Add(pathway.Read(code, form))
			}
		}
		if sections["all"].Words < 300 {
			t.Fatalf("%s: only %d words were read", code, sections["all"].Words)
		}
		for section, r := range sections {
			if r.Words < 30 {
				continue
			}
			if r.LIX() > mostLIX || r.WordsPerSentence() > mostWords {
				t.Errorf("%s: the texts under %s have LIX %.1f and %.1f words in a sentence, the limits are %d and %d",
					code, section, r.LIX(), r.WordsPerSentence(), mostLIX, mostWords)
			}
		}
	}
}

// TestKeysInCode compares every l.T("key", "name", …) in the code with the
// texts: the key is there, and every place in the text is filled.
func TestKeysInCode(t *testing.T) {
	t.Parallel()
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	english := all[care.English]
	calls := 0
	eachGoFile(t, ".", func(name string, file *ast.File, fset *token.FileSet) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "T" {
				return true
			}
			key, ok := stringOf(call.Args[0])
			if !ok {
				return true // put together at run time: the pages' own tests see it
			}
			calls++
			m, ok := english[key]
			if !ok {
				t.Errorf("%s: there is no text %q", fset.Position(call.Pos()), key)
				return true
			}
			if call.Ellipsis != token.NoPos {
				return true
			}
			var given []string
			for i := 1; i < len(call.Args); i += 2 {
				if name, ok := stringOf(call.Args[i]); ok {
					given = append(given, name)
				}
			}
			places, err := placesOf(m)
			if err != nil {
				t.Error(err)
			}
			for _, place := range places {
				if !slices.Contains(given, place) {
					t.Errorf("%s: the text %q has the place {%s}, which nothing fills", fset.Position(call.Pos()), key, place)
				}
			}
			for _, name := range given {
				if !slices.Contains(places, name) && name != "n" {
					t.Errorf("%s: the text %q has no place for %q", fset.Position(call.Pos()), key, name)
				}
			}
			return true
		})
	})
	if calls < 40 {
		t.Fatalf("only %d calls of T were found", calls)
	}
}

// eachGoFile visits the product code below root.
func eachGoFile(t *testing.T, root string, visit func(name string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "tmp") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return err
		}
		visit(name, file, fset)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func stringOf(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// A refusalCall is one place in the code that says no.
type refusalCall struct {
	at    token.Position
	code  string
	text  string
	names []string
	open  bool // some names are put together at run time
}

// refusalCalls finds every care.Refuse, Deny, Missing and Stale in the tree. A
// code that is put together at run time ends with the part that is known and a
// hyphen, and is listed by its beginning.
func refusalCalls(t *testing.T) []refusalCall {
	t.Helper()
	var calls []refusalCall
	eachGoFile(t, "..", func(name string, file *ast.File, fset *token.FileSet) {
		inCare := file.Name.Name == "care"
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			made := ""
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				if x, ok := f.X.(*ast.Ident); ok && x.Name == "care" {
					made = f.Sel.Name
				}
			case *ast.Ident:
				if inCare {
					made = f.Name
				}
			}
			if !slices.Contains([]string{"Refuse", "Deny", "Missing", "Stale"}, made) {
				return true
			}
			r := refusalCall{at: fset.Position(call.Pos()), open: call.Ellipsis != token.NoPos}
			r.code, ok = stringOf(call.Args[0])
			if !ok {
				if sum, isSum := call.Args[0].(*ast.BinaryExpr); isSum {
					if begin, isText := stringOf(sum.X); isText {
						r.code = begin + "*"
					}
				}
			}
			if r.code == "" {
				t.Errorf("%s: the code of this refusal cannot be read from the source: write it out", r.at)
				return true
			}
			r.text, _ = stringOf(call.Args[1])
			for i := 2; i < len(call.Args); i += 2 {
				if name, ok := stringOf(call.Args[i]); ok {
					r.names = append(r.names, name)
				} else {
					r.open = true
				}
			}
			calls = append(calls, r)
			return true
		})
	})
	slices.SortFunc(calls, func(a, b refusalCall) int { return strings.Compare(a.code, b.code) })
	return calls
}

// TestEveryRefusalHasItsText lists the codes that no text under refusal says,
// and the texts that name a place which the refusal does not fill.
func TestEveryRefusalHasItsText(t *testing.T) {
	t.Parallel()
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	calls := refusalCalls(t)
	if len(calls) < 20 {
		t.Fatalf("only %d refusals were found in the tree", len(calls))
	}
	english := all[care.English]
	used := map[string]bool{}
	var missing []string
	for _, call := range calls {
		keys := []string{"refusal." + call.code}
		if begin, cut := strings.CutSuffix(keys[0], "*"); cut {
			keys = keys[:0]
			for key := range english {
				if strings.HasPrefix(key, begin) {
					keys = append(keys, key)
				}
			}
			if len(keys) == 0 {
				missing = append(missing, fmt.Sprintf("%s %q at %s", call.code, call.text, call.at))
			}
		}
		for _, key := range keys {
			used[key] = true
			m, ok := english[key]
			if !ok {
				missing = append(missing, fmt.Sprintf("%s %q %v at %s", call.code, call.text, call.names, call.at))
				continue
			}
			places, err := placesOf(m)
			if err != nil {
				t.Error(err)
			}
			for _, place := range places {
				if !call.open && !slices.Contains(call.names, place) {
					t.Errorf("%s: the text of %s has the place {%s}; this refusal fills only %v", call.at, call.code, place, call.names)
				}
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d refusals have no text under refusal:\n%s", len(missing), strings.Join(missing, "\n"))
	}
	for _, key := range english.keys() {
		if strings.HasPrefix(key, "refusal.") && !used[key] {
			t.Errorf("%s is a text for a refusal that nothing makes any more", key)
		}
	}
}
