package web

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/care"
	"forlop/pathway"
	"forlop/simulation"

	"github.com/go-playground/locales"
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

// TestCheckTextsFinds plants one fault of each kind in the nynorsk texts, and
// says where it stands.
func TestCheckTextsFinds(t *testing.T) {
	t.Parallel()
	const sound = "greeting: %s {name}\ndays:\n  one: \"{n} %s\"\n  other: \"{n} %ss\"\n"
	for _, c := range []struct{ name, nn, want string }{
		{"missing key", "greeting: Hei {name}\n", "page.nn.yaml:1: L101 days has no text in nn"},
		{"extra key", "greeting: Hei {name}\ndays: {one: \"{n} d\", other: \"{n} ds\"}\nmore: Meir\n", "page.nn.yaml:3: L105 more stands in nn only"},
		{"unknown place", "greeting: Hei {nam}\ndays: {one: \"{n} d\", other: \"{n} ds\"}\n", "page.nn.yaml:1: L102 greeting has the place {nam}, which nothing fills; its places are [name]; did you mean {name}?"},
		{"missing place", "greeting: Hei\ndays: {one: \"{n} d\", other: \"{n} ds\"}\n", "page.nn.yaml:1: L102 greeting lacks the place {name}"},
		{"open place", "greeting: Hei {name\ndays: {one: \"{n} d\", other: \"{n} ds\"}\n", "page.nn.yaml:1: L102 greeting: a place is written {name}"},
		{"missing plural", "greeting: Hei {name}\ndays:\n  other: \"{n} dagar\"\n", "page.nn.yaml:2: L103 days has no form for \"one\"; nn counts with one, other"},
		{"missing form for many", "greeting: Hei {name}\ndays:\n  one: \"{n} dag\"\n", "page.nn.yaml:2: L103 days has no form for \"other\""},
		{"form of another language", "greeting: Hei {name}\ndays: {one: \"{n} d\", few: x, other: \"{n} ds\"}\n", "page.nn.yaml:2: L103 days has a form for \"few\", which nn does not count with"},
		{"no count", "greeting: Hei {name}\ndays: \"{n} dagar\"\n", "page.nn.yaml:2: L103 days depends on a count in one of"},
		{"same key twice", "greeting: Hei {name}\ngreeting: Hei {name}\n", "page.nn.yaml:2: L100 \"greeting\" stands here twice"},
		{"no text", "greeting: \"\"\n", "page.nn.yaml:1: L100 greeting has no text"},
		{"a list", "greeting: [a]\n", "page.nn.yaml:1: L100 a text, or names with texts under them"},
		{"not YAML", "greeting: Hei\n  {name: x\n", "page.nn.yaml:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{"texts/page.nn.yaml": {Data: []byte(c.nn)}}
			for code, words := range map[string][2]string{"nb": {"Hei", "dag"}, "sv": {"Hej", "dygn"}, "en": {"Hello", "day"}} {
				files["texts/page."+code+".yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, sound, words[0], words[1], words[1])}
			}
			all, found := readCatalogues(files)
			var said []string
			for _, f := range append(found, checkTexts(all)...) {
				said = append(said, fmt.Sprintf("%s:%d: %s %s", strings.TrimPrefix(f.File, "texts/"), f.Line, f.Code, f.Message))
			}
			if !slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
				t.Errorf("%q was not found among\n%s", c.want, strings.Join(said, "\n"))
			}
		})
	}
	same := fstest.MapFS{}
	for _, code := range care.Languages {
		same["texts/page."+string(code)+".yaml"] = &fstest.MapFile{Data: []byte("greeting: Hello to you all\n")}
	}
	all, _ := readCatalogues(same)
	if found := checkTexts(all); len(found) != 1 || found[0].Code != textSame {
		t.Errorf("a sentence that nobody translated gives %v", found)
	}
}

// TestLanguagesCount holds that each language says one of a thing and many of it
// as it should, and that the two libraries agree on which number takes which.
func TestLanguagesCount(t *testing.T) {
	t.Parallel()
	for code, want := range map[care.Language]string{
		care.Bokmal: "one other", care.Nynorsk: "one other", care.Swedish: "one other", care.English: "one other",
		"ar": "zero one two few many other", "pl": "one few many", "so": "one other",
	} {
		if got := strings.Join(counting(code), " "); got != want {
			t.Errorf("%s counts with %s, want %s", code, got, want)
		}
	}
	for code, want := range map[care.Language][2]string{
		care.Bokmal: {"dag", "dager"}, care.Nynorsk: {"dag", "dagar"}, care.Swedish: {"dag", "dagar"}, care.English: {"day", "days"},
	} {
		l := speak(code)
		for n := range 202 {
			form := want[1]
			if n == 1 {
				form = want[0]
			}
			if got := l.Days(n); got != fmt.Sprintf("%d %s", n, form) {
				t.Errorf("%s: %d is %q", code, n, got)
			}
			if one := l.locale.CardinalPluralRule(float64(n), 0) == locales.PluralRuleOne; one != (n == 1) {
				t.Errorf("%s: the formatting library counts %d as one: %v", code, n, one)
			}
		}
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
			if !readByPatients(key) {
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

// Every code of a finding in page texts is explained, no other is, and no code
// is one of findings about pathways or their examples.
func TestTextCodesAreExplained(t *testing.T) {
	t.Parallel()
	used := []string{textUnreadable, textMissing, textPlaces, textForms, textSame, textExtra, wordUnlike, wordNever, wordOther}
	if !slices.Equal(used, TextCodes()) {
		t.Errorf("the findings use %v, and these are explained: %v", used, TextCodes())
	}
	for _, code := range used {
		if page, ok := ExplainText(code); !ok || !strings.HasPrefix(page, code) || len(strings.Fields(page)) < 20 {
			t.Errorf("%s is hardly explained: %q", code, page)
		}
		if slices.Contains(pathway.Codes(), code) || slices.Contains(simulation.Codes(), code) {
			t.Errorf("%s means something else to those who write pathways", code)
		}
	}
	if page, ok := ExplainText("L999"); ok {
		t.Errorf("a code that there is not is explained: %q", page)
	}
}
