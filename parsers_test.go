package forlop_test

import (
	"fmt"
	"go/ast"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

// What comes from outside is read somewhere, and there a stranger's bytes meet our
// code first. So a new parser brings its fuzz target: the rule of this file finds
// parsers by how they look, and asks that a Fuzz function of the package's own tests
// reaches each, through the package's own code and in few steps.

// parserWords begin the names of parsers.
var parserWords = []string{"Parse", "Read", "Decode", "Unmarshal", "Load", "Import", "Upcast"}

// fromOutside are the types of a parameter that carry bytes or text from outside.
var fromOutside = []string{
	"string", "[]byte", "io.Reader", "fs.FS", "json.RawMessage", "url.Values", "*http.Request", "...SiteText", "[]SiteText",
}

// decoders turn bytes into something: whoever calls one is a parser whatever its
// name.
var decoders = []string{
	"json.Unmarshal", "json.NewDecoder", "yaml.Unmarshal", "yaml.NewLoader", "yaml.NewDecoder", "xml.NewDecoder", "xml.Unmarshal",
	"gob.NewDecoder", "csv.NewReader", "multipart.NewReader", "url.ParseQuery", "mime.ParseMediaType", "bufio.NewScanner",
	"image.Decode", "jpeg.Decode", "png.Decode", "zip.NewReader", "gzip.NewReader",
}

// farthest is how many calls may lie between a Fuzz function and a parser that it
// is said to try: behind a long way little of what is tried arrives.
const farthest = 4

// unfuzzed are parsers without a Fuzz function, each with its reason. One that is
// reached after all, or is there no more, fails.
var unfuzzed = map[string]string{
	// What the standard library calls in our name.
	"access/login.bounds.RoundTrip": "the client of the standard library calls it, under FuzzProvider",

	// What the program wrote itself, and reads only where its seal or chain holds.
	"casework.Service.deliver":           "the payload of a delivery was written in the same transaction as its row, and comes from nowhere else",
	"casework.Service.orderBehind":       "the payload of a delivery was written in the same transaction as its row, and comes from nowhere else",
	"casework.lookLog.empty":             "the reserve holds the program's own records, whose frames cmd/forlop's tests cut at every byte",
	"casework.Service.attachment":        "a document is opened from under its person's key: what was changed does not open, as FuzzDataKey tries",
	"casework.Service.wholeIdentitiesIn": "an identity is opened from under its person's key: what was changed does not open, as FuzzDataKey tries",
	"cmd/forlop.vaulted.Account":         "an account is opened from under its own key: what was changed does not open, as FuzzDataKey tries",
	"web.setUpAccount":                   "it reads what OpenCarried has opened, and FuzzTokens tries what does not open",
	"web.finishLogin":                    "it reads what OpenCarried has opened, and FuzzTokens tries what does not open",
	"web.call.approve":                   "it reads what OpenCarried has opened, and FuzzTokens tries what does not open",
	"store/sqlite.scanLook":              "TestDamage flips bytes of the whole file, which is where such a row comes from",
	"store/postgres.scanLook":            "the columns are jsonb, which the server checks when they are written",

	// What stands in the program itself, or is a name of ours.
	"access.load":             "it reads the shipped policy, which the program does not start without",
	"access.readRules":        "it reads the shipped policy, which the program does not start without",
	"pathway/library.Load":    "the text is the name of a shipped pathway; its files are in the program",
	"store/sqlite.readRows":   "the text is the name of one of the store's own tables",
	"store/postgres.readRows": "the text is the name of one of the store's own tables",
	"web.readAsset":           "the text is the name of a file in the program",
	"web.readGlossary":        "it reads docs/glossary.md, which is in the program",
	"web.site.readIn":         "it stores a language that the caller has chosen from the closed list",
}

// A reads is one parser and why it counts as one.
type reads struct{ name, at, why string }

// receiver is the name of a method's type, or nothing.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	e := d.Recv.List[0].Type
	if p, ok := e.(*ast.StarExpr); ok {
		e = p.X
	}
	if g, ok := e.(*ast.IndexExpr); ok {
		e = g.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name + "."
	}
	return ""
}

// typeText writes a parameter's type as in the source, as far as fromOutside needs.
func typeText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return typeText(e.X) + "." + e.Sel.Name
	case *ast.StarExpr:
		return "*" + typeText(e.X)
	case *ast.ArrayType:
		return "[]" + typeText(e.Elt)
	case *ast.Ellipsis:
		return "..." + typeText(e.Elt)
	}
	return ""
}

// named reports whether a name begins with one of parserWords as a whole word.
func named(name string) bool {
	return slices.ContainsFunc(parserWords, func(w string) bool {
		if len(name) < len(w) || !strings.EqualFold(name[:len(w)], w) || name[1:len(w)] != w[1:] {
			return false
		}
		rest := []rune(name[len(w):])
		return len(rest) == 0 || !unicode.IsLower(rest[0])
	})
}

// takesText reports whether a function has a parameter from outside.
func takesText(d *ast.FuncDecl) bool {
	return slices.ContainsFunc(d.Type.Params.List, func(f *ast.Field) bool { return slices.Contains(fromOutside, typeText(f.Type)) })
}

// decodes is the first decoder that a function calls, or nothing.
func decodes(f *file, d *ast.FuncDecl) (found string) {
	ast.Inspect(d, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || found != "" {
			return found == ""
		}
		if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(decoders, x.Name+"."+sel.Sel.Name) {
			if slices.ContainsFunc(f.ast.Imports, func(spec *ast.ImportSpec) bool { return imports(spec, x.Name) }) {
				found = x.Name + "." + sel.Sel.Name
			}
		}
		return true
	})
	return found
}

// imports reports whether an import goes by a name; a version is no name.
func imports(spec *ast.ImportSpec, name string) bool {
	if spec.Name != nil {
		return spec.Name.Name == name
	}
	p := importPath(spec)
	if last := path.Base(p); len(last) > 1 && last[0] == 'v' && unicode.IsDigit(rune(last[1])) {
		p = path.Dir(p)
	}
	return path.Base(p) == name
}

// parsersOf lists the parsers of a folder.
func parsersOf(tr *tree, folder string) (all []reads) {
	for _, f := range tr.packages[folder] {
		if f.generated {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			p := reads{name: folder + "." + receiver(fn) + fn.Name.Name, at: f.at(fn.Pos())}
			if by := decodes(f, fn); by != "" {
				p.why = "it calls " + by
			} else if named(fn.Name.Name) && takesText(fn) {
				p.why = "it is called " + fn.Name.Name + " and takes text"
			}
			if p.why != "" {
				all = append(all, p)
			}
		}
	}
	return all
}

// reached are the functions of a folder that its own Fuzz functions reach within
// farthest calls, by their names: a name that is mentioned counts as called.
func reached(tr *tree, folder string) map[string]bool {
	body := map[string][]*ast.FuncDecl{} // by the plain name, of product and test code
	var at []*ast.FuncDecl
	for _, files := range [][]*file{tr.packages[folder], tr.tests[folder]} {
		for _, f := range files {
			for _, d := range f.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					if f.test && strings.HasPrefix(fn.Name.Name, "Fuzz") {
						at = append(at, fn)
					} else {
						body[fn.Name.Name] = append(body[fn.Name.Name], fn)
					}
				}
			}
		}
	}
	seen := map[string]bool{}
	for range farthest {
		var next []*ast.FuncDecl
		for _, fn := range at {
			call := func(name string, method bool) {
				for _, callee := range body[name] {
					full := folder + "." + receiver(callee) + name
					if !seen[full] && (method || callee.Recv == nil) {
						seen[full] = true
						next = append(next, callee)
					}
				}
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr: // a method, or a function of the package that is tested
					call(n.Sel.Name, true)
				case *ast.Ident:
					call(n.Name, false)
				}
				return true
			})
		}
		at = next
	}
	return seen
}

// findUnfuzzed lists the parsers that no Fuzz function tries.
func findUnfuzzed(tr *tree, excepted map[string]string) (found []string) {
	unused := map[string]bool{}
	for name := range excepted {
		unused[name] = true
	}
	for _, folder := range tr.folders() {
		if folder == "store/storetest" { // the suite that stores are tested by
			continue
		}
		hit := reached(tr, folder)
		for _, p := range parsersOf(tr, folder) {
			reason, but := excepted[p.name]
			switch {
			case hit[p.name]:
			case but && len(strings.Fields(reason)) > 3:
				delete(unused, p.name)
			default:
				found = append(found, fmt.Sprintf("%s: %s is a parser (%s) and no Fuzz function of %s reaches it within %d calls", p.at, p.name, p.why, folder, farthest))
			}
		}
	}
	for name := range unused {
		found = append(found, fmt.Sprintf("parsers_test.go: %s is excepted, and is no parser or has its Fuzz function: remove it", name))
	}
	slices.Sort(found)
	return found
}

// TestEveryParserIsFuzzed: whoever adds a parser adds the Fuzz function that tries
// it, or writes the reason why not.
func TestEveryParserIsFuzzed(t *testing.T) {
	t.Parallel()
	tr := readTree(t, os.DirFS("."))
	count := 0
	for _, folder := range tr.folders() {
		count += len(parsersOf(tr, folder))
	}
	if count < 60 {
		t.Errorf("only %d parsers were found: the rule looks in the wrong place", count)
	}
	for _, fault := range findUnfuzzed(tr, unfuzzed) {
		t.Error(fault)
	}
}

// TestEveryParserIsFuzzedCatches plants parsers that nobody tries.
func TestEveryParserIsFuzzedCatches(t *testing.T) {
	t.Parallel()
	const pkg = "package care; import \"encoding/json\"; var _ = json.Valid; "
	for name, c := range map[string]struct {
		source, test string
		excepted     map[string]string
		want         int
	}{
		"by its name":            {source: pkg + `func ParseThing(s string) int { return 0 }`, want: 1},
		"by its small name":      {source: pkg + `func readThing(b []byte) int { return 0 }`, want: 1},
		"a method":               {source: pkg + `type T int; func (t *T) UnmarshalText(b []byte) error { return nil }`, want: 1},
		"by what it calls":       {source: pkg + `func take(b []byte) error { return json.Unmarshal(b, nil) }`, want: 1},
		"in a closure":           {source: pkg + `func take(b []byte) func() { return func() { json.Unmarshal(b, nil) } }`, want: 1},
		"no parser":              {source: pkg + `func ready(s string) bool { return true }; func readAt(n int) {}; func Reader(s string) {}`},
		"tried":                  {source: pkg + `func ParseThing(s string) int { return 0 }`, test: `func FuzzThing(f *testing.F) { f.Fuzz(func(t *testing.T, s string) { ParseThing(s) }) }`},
		"tried through another":  {source: pkg + `func Take(s string) { parse(s) }; func parse(s string) {}`, test: `func FuzzThing(f *testing.F) { f.Fuzz(func(t *testing.T, s string) { Take(s) }) }`},
		"tried too far away":     {source: pkg + `func A(s string) { b(s) }; func b(s string) { c(s) }; func c(s string) { d(s) }; func d(s string) { parse(s) }; func parse(s string) {}`, test: `func FuzzThing(f *testing.F) { A("") }`, want: 1},
		"named in a plain test":  {source: pkg + `func ParseThing(s string) int { return 0 }`, test: `func TestThing(t *testing.T) { ParseThing("") }`, want: 1},
		"excepted":               {source: pkg + `func ParseThing(s string) int { return 0 }`, excepted: map[string]string{"care.ParseThing": "it reads what stands in the program itself"}},
		"excepted without words": {source: pkg + `func ParseThing(s string) int { return 0 }`, excepted: map[string]string{"care.ParseThing": "no"}, want: 2},
		"excepted and gone":      {source: pkg, excepted: map[string]string{"care.ParseThing": "it reads what stands in the program itself"}, want: 1},
	} {
		tr := readTree(t, fstest.MapFS{
			"care/a.go":      {Data: []byte(c.source)},
			"care/a_test.go": {Data: []byte("package care; import \"testing\"; " + c.test)},
		})
		if found := findUnfuzzed(tr, c.excepted); len(found) != c.want {
			t.Errorf("%s: %d findings, not %d: %v", name, len(found), c.want, found)
		}
	}
}
