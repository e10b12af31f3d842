package forlop_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const modulePath = "forlop"

// longest is the number of lines a Go file may have when a person wrote it.
const longest = 700

type file struct {
	path      string
	test      bool
	generated bool
	lines     int
	ast       *ast.File
	fset      *token.FileSet
}

type tree struct {
	packages map[string][]*file // by folder; only folders with product code
	tests    map[string][]*file // test files by folder
	top      []string           // top-level folders
}

// readTree parses every Go file below fsys. Folders that git ignores, hidden
// ones and testdata hold no packages.
func readTree(t *testing.T, fsys fs.FS) *tree {
	t.Helper()
	tr := &tree{packages: map[string][]*file{}, tests: map[string][]*file{}}
	fset := token.NewFileSet()
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p == "." {
				return nil
			}
			if strings.HasPrefix(name, ".") || p == "tmp" || name == "node_modules" || name == "testdata" {
				return fs.SkipDir
			}
			if !strings.Contains(p, "/") {
				tr.top = append(tr.top, name)
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		src, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(fset, p, src, parser.ParseComments)
		if err != nil {
			return err
		}
		f := &file{
			path: p, test: strings.HasSuffix(name, "_test.go"), generated: ast.IsGenerated(parsed),
			lines: strings.Count(string(src), "\n"), ast: parsed, fset: fset,
		}
		folder := path.Dir(p)
		if f.test {
			tr.tests[folder] = append(tr.tests[folder], f)
		} else {
			tr.packages[folder] = append(tr.packages[folder], f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// joined reports whether there is a binary, in which every package has its use.
func (tr *tree) joined() bool { return tr.packages["cmd/forlop"] != nil }

func (tr *tree) folders() []string {
	var all []string
	for folder := range tr.packages {
		all = append(all, folder)
	}
	slices.Sort(all)
	return all
}

func (tr *tree) files() []*file {
	var all []*file
	for _, group := range []map[string][]*file{tr.packages, tr.tests} {
		for _, files := range group {
			all = append(all, files...)
		}
	}
	slices.SortFunc(all, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	return all
}

func (f *file) at(p token.Pos) string { return f.fset.Position(p).String() }

// imports lists f's import paths; our own come without the module's name.
func (f *file) imports() (own, outside []*ast.ImportSpec) {
	for _, spec := range f.ast.Imports {
		if p := importPath(spec); p == modulePath || strings.HasPrefix(p, modulePath+"/") {
			own = append(own, spec)
		} else {
			outside = append(outside, spec)
		}
	}
	return own, outside
}

func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic(err) // the parser has accepted it
	}
	return p
}

func isPure(folder string) bool {
	return slices.ContainsFunc(pure, func(pattern string) bool {
		ok, err := path.Match(pattern, folder)
		return err == nil && ok
	})
}

// selections calls visit for every use x.name where x is the imported package.
func (f *file) selections(pkg string, visit func(name string, at token.Pos)) {
	local := ""
	for _, spec := range f.ast.Imports {
		if importPath(spec) == pkg {
			local = path.Base(pkg)
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	if local == "" {
		return
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && x.Obj == nil {
				visit(sel.Sel.Name, sel.Pos())
			}
		}
		return true
	})
}

type rule struct {
	name string
	find func(*tree) []string
}

var rules = []rule{
	{"imports point one way", findWrongImports},
	{"outside modules stay where they are allowed", findWrongModules},
	{"pure packages are pure", findImpurity},
	{"one clock", findClocks},
	{"every package says what it is", findMissingDoc},
	{"folders are the agreed ones", findWrongFolders},
	{"files stay short", findLongFiles},
	{"nothing is skipped or put off", findPutOff},
	{"exported means used elsewhere", findUnusedExports},
}

func findWrongImports(tr *tree) (found []string) {
	allowed, used := map[[2]string]bool{}, map[[2]string]bool{}
	inTests, usedInTests := map[[2]string]bool{}, map[[2]string]bool{}
	for _, e := range slices.Concat(edges, testEdges) {
		if strings.TrimSpace(e.why) == "" {
			found = append(found, fmt.Sprintf("layout_test.go: the edge %s -> %s has no reason", e.from, e.to))
		}
	}
	for _, e := range edges {
		allowed[[2]string{e.from, e.to}] = true
	}
	for _, e := range testEdges {
		inTests[[2]string{e.from, e.to}] = true
	}
	for _, f := range tr.files() {
		from := path.Dir(f.path)
		if from == "." {
			continue
		}
		own, _ := f.imports()
		for _, spec := range own {
			to := strings.TrimPrefix(importPath(spec), modulePath+"/")
			key := [2]string{from, to}
			switch {
			case to == from: // an external test imports what it tests
			case !f.test && allowed[key]:
				used[key] = true
			case f.test && (allowed[key] || inTests[key]):
				usedInTests[key] = true
			default:
				found = append(found, fmt.Sprintf("%s: %s may not import %s; if it must, add the edge with its reason to layout_test.go",
					f.at(spec.Pos()), from, to))
			}
		}
	}
	// Until there is a binary, packages are still on their way to each other.
	if !tr.joined() {
		return found
	}
	stale := func(table string, list []edge, used map[[2]string]bool) {
		for _, e := range list {
			if tr.packages[e.from] != nil && tr.packages[e.to] != nil && !used[[2]string{e.from, e.to}] {
				found = append(found, fmt.Sprintf("layout_test.go: nothing uses the edge %s -> %s in %s any more: remove it", e.from, e.to, table))
			}
		}
	}
	stale("edges", edges, used)
	stale("testEdges", testEdges, usedInTests)
	return found
}

func findWrongModules(tr *tree) (found []string) {
	for _, f := range tr.files() {
		_, outside := f.imports()
		for _, spec := range outside {
			p := importPath(spec)
			if first, _, _ := strings.Cut(p, "/"); !strings.Contains(first, ".") {
				continue // the standard library
			}
			i := slices.IndexFunc(modules, func(m module) bool { return p == m.path || strings.HasPrefix(p, m.path+"/") })
			from := path.Dir(f.path)
			switch {
			case i < 0:
				found = append(found, fmt.Sprintf("%s: no module for %s in layout_test.go: add it with its home and its reason", f.at(spec.Pos()), p))
			case !f.test && strings.Contains(modules[i].why, "test files only"):
				found = append(found, fmt.Sprintf("%s: %s is for test files only", f.at(spec.Pos()), modules[i].path))
			case !slices.Contains(modules[i].by, from) && !slices.Contains(modules[i].by, "*"):
				found = append(found, fmt.Sprintf("%s: %s may not import %s, whose home is %s",
					f.at(spec.Pos()), from, modules[i].path, strings.Join(modules[i].by, ", ")))
			}
		}
	}
	return found
}

func findImpurity(tr *tree) (found []string) {
	for folder, files := range tr.packages {
		if !isPure(folder) {
			continue
		}
		for _, f := range files {
			for _, spec := range f.ast.Imports {
				if slices.Contains(impure, importPath(spec)) {
					found = append(found, fmt.Sprintf("%s: %s is pure and may not import %s", f.at(spec.Pos()), folder, importPath(spec)))
				}
			}
			f.selections("time", func(name string, at token.Pos) {
				switch name {
				case "After", "AfterFunc", "NewTicker", "NewTimer", "Sleep", "Tick", "Local", "LoadLocation":
					// Zones are fixed in care, whatever the machine's zone or files say.
					if folder == "care" && name == "LoadLocation" {
						return
					}
					found = append(found, fmt.Sprintf("%s: %s is pure and may not use time.%s", f.at(at), folder, name))
				}
			})
		}
	}
	slices.Sort(found)
	return found
}

func findClocks(tr *tree) (found []string) {
	for _, f := range tr.files() {
		if f.path == clockFile || f.test && !isPure(path.Dir(f.path)) {
			continue
		}
		f.selections("time", func(name string, at token.Pos) {
			if name == "Now" || name == "Since" || name == "Until" {
				found = append(found, fmt.Sprintf("%s: time.%s reads the clock, which only %s may do; take the instant as an argument",
					f.at(at), name, clockFile))
			}
		})
	}
	return found
}

// firstSentence is the line of a package in the tree: what its doc comment says
// after "Package name" and one verb, without the final dot.
func firstSentence(folder string, files []*file) (string, error) {
	for _, f := range files {
		if path.Base(f.path) != "doc.go" || f.ast.Doc == nil {
			continue
		}
		text := strings.Join(strings.Fields(new(doc.Package).Synopsis(f.ast.Doc.Text())), " ")
		kind, name := "Package", path.Base(folder)
		if f.ast.Name.Name == "main" {
			kind = "Command"
		}
		words := strings.SplitN(text, " ", 4)
		if len(words) < 4 || words[0] != kind || words[1] != name || !strings.HasSuffix(text, ".") {
			return "", fmt.Errorf("%s: the first sentence must read %q, a verb, what it is and a full stop; it reads %q",
				f.path, kind+" "+name, text)
		}
		return strings.TrimSuffix(words[3], "."), nil
	}
	return "", fmt.Errorf("%s has no doc.go with a package comment", folder)
}

func findMissingDoc(tr *tree) (found []string) {
	for _, folder := range tr.folders() {
		if _, err := firstSentence(folder, tr.packages[folder]); err != nil {
			found = append(found, err.Error())
		}
	}
	return found
}

func findWrongFolders(tr *tree) (found []string) {
	for _, name := range tr.top {
		if !slices.ContainsFunc(folders, func(f struct{ name, line string }) bool { return f.name == name }) {
			found = append(found, fmt.Sprintf("%s/ is not one of the agreed top-level folders; a new one needs a page in docs/decisions", name))
		}
	}
	for _, folder := range tr.folders() {
		if folder == "." {
			found = append(found, "the root holds no product code: give it a package")
		}
		if strings.Count(folder, "/") > 1 {
			found = append(found, fmt.Sprintf("%s is a third level of packages; two are allowed", folder))
		}
		switch path.Base(folder) {
		case "util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "internal", "misc", "shared", "base":
			found = append(found, fmt.Sprintf("%s is named by nothing it is about", folder))
		}
	}
	return found
}

func findLongFiles(tr *tree) (found []string) {
	for _, f := range tr.files() {
		if !f.generated && f.lines > longest {
			found = append(found, fmt.Sprintf("%s has %d lines; over %d it holds more than one concept", f.path, f.lines, longest))
		}
	}
	return found
}

func findPutOff(tr *tree) (found []string) {
	marks := []string{"TO" + "DO", "FIX" + "ME"} // put together so that this file passes its own rule
	for _, f := range tr.files() {
		for _, group := range f.ast.Comments {
			for _, mark := range marks {
				if strings.Contains(group.Text(), mark) {
					found = append(found, fmt.Sprintf("%s: a comment says %s: do it, or say plainly what does not hold", f.at(group.Pos()), mark))
				}
			}
		}
		if !f.test {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				switch sel.Sel.Name {
				case "Skip", "Skipf", "SkipNow":
					found = append(found, fmt.Sprintf("%s: a test that is skipped proves nothing: let it fail and name what is missing", f.at(call.Pos())))
				}
			}
			return true
		})
	}
	return found
}

// drawTree draws the folders with code in reading order, one line each.
func drawTree(tr *tree) string {
	type line struct{ left, right string }
	lines := []line{{"forlop/", ""}}
	for i, top := range folders {
		if !slices.Contains(tr.top, top.name) {
			continue
		}
		text := top.line
		if files := tr.packages[top.name]; files != nil {
			text, _ = firstSentence(top.name, files) // a missing one is findMissingDoc's finding
		}
		branch, stem := "├── ", "│   "
		if i == len(folders)-1 {
			branch, stem = "└── ", "    "
		}
		var below []string
		for _, folder := range tr.folders() {
			if path.Dir(folder) == top.name {
				below = append(below, folder)
			}
		}
		if text == "" && len(below) == 0 {
			continue // only test files so far
		}
		lines = append(lines, line{branch + top.name + "/", text})
		for j, folder := range below {
			text, _ := firstSentence(folder, tr.packages[folder])
			twig := "├── "
			if j == len(below)-1 {
				twig = "└── "
			}
			lines = append(lines, line{stem + twig + path.Base(folder) + "/", text})
		}
	}
	width := 0
	for _, l := range lines {
		width = max(width, len([]rune(l.left)))
	}
	var b strings.Builder
	for _, l := range lines {
		pad := strings.Repeat(" ", width-len([]rune(l.left)))
		b.WriteString(strings.TrimRight(l.left+pad+"  "+l.right, " ") + "\n")
	}
	return b.String()
}

// withTree is the page with the fenced block that starts at "forlop/" replaced.
func withTree(page, tree string) (string, error) {
	const open, end = "```\nforlop/\n", "```\n"
	before, rest, ok := strings.Cut(page, open)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", errors.New("no fenced block that starts with the line forlop/")
	}
	return before + "```\n" + tree + end + after, nil
}

func firstDifference(have, want string) string {
	a, b := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := 0; i < min(len(a), len(b)); i++ {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\n  page: %s\n  code: %s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("one is longer: %d and %d lines", len(a), len(b))
}

// TestLayoutCatches plants one fault for each rule and expects it to be found.
func TestLayoutCatches(t *testing.T) {
	t.Parallel()
	long := "package care\n" + strings.Repeat("//\n", longest+1)
	faults := []struct{ name, path, source, want string }{
		{"import upwards", "care/a.go", `package care; import _ "forlop/journey"`, "care may not import journey"},
		{"store knows the domain", "store/a.go", `package store; import _ "forlop/journey"`, "store may not import journey"},
		{"test imports upwards", "care/a_test.go", `package care; import _ "forlop/web"`, "care may not import web"},
		{"unused edge", "journey/a.go", `package journey`, "nothing uses the edge journey -> care"},
		{"unknown module", "care/a.go", `package care; import _ "example.org/x"`, "no module for example.org/x"},
		{"module away from home", "journey/a.go", `package journey; import _ "modernc.org/sqlite"`, "journey may not import modernc.org/sqlite"},
		{"test module in the product", "web/a.go", `package web; import _ "github.com/chromedp/chromedp"`, "for test files only"},
		{"database in a pure package", "care/person/a.go", `package person; import _ "database/sql"`, "may not import database/sql"},
		{"chance in a pure package", "journey/a.go", `package journey; import _ "math/rand/v2"`, "may not import math/rand/v2"},
		{"timer in a pure package", "journey/a.go", `package journey; import "time"; var _ = time.Tick(1)`, "may not use time.Tick"},
		{"clock in a pure package", "journey/a.go", `package journey; import "time"; var now = time.Now`, "time.Now reads the clock"},
		{"clock beside the one", "casework/a.go", `package casework; import t "time"; var d = t.Since(t.Time{})`, "time.Since reads the clock"},
		{"clock in a pure test", "journey/a_test.go", `package journey; import "time"; var _ = time.Now()`, "time.Now reads the clock"},
		{"no doc", "journey/a.go", `package journey`, "journey has no doc.go"},
		{"doc of another name", "journey/doc.go", "// Package trip is a trip.\npackage journey", "the first sentence must read"},
		{"unknown folder", "engine/a.go", `package engine`, "engine/ is not one of the agreed"},
		{"code in the root", "a.go", `package forlop`, "the root holds no product code"},
		{"third level", "store/sqlite/rows/a.go", `package rows`, "third level"},
		{"empty name", "care/types/a.go", `package types`, "named by nothing"},
		{"long file", "care/a.go", long, "over 700"},
		{"put off", "care/a.go", "package care\n// TO" + "DO: later\n", "do it"},
		{"exported for nobody", "pathway/a.go", `package pathway; func Draw() {}`, "nothing outside pathway uses Draw"},
		{"skipped", "care/a_test.go", `package care; func T(t interface{ Skip() }) { t.Skip() }`, "proves nothing"},
	}
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			tr := readTree(t, fstest.MapFS{
				"care/doc.go":       {Data: []byte("// Package care holds words.\npackage care")},
				"pathway/doc.go":    {Data: []byte("// Package pathway is the plan.\npackage pathway; import _ \"forlop/care\"")},
				"cmd/forlop/doc.go": {Data: []byte("// Command forlop wires parts.\npackage main; import _ \"forlop/pathway\"")},
				fault.path:          {Data: []byte(fault.source)},
			})
			var all []string
			for _, rule := range rules {
				all = append(all, rule.find(tr)...)
			}
			if !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, fault.want) }) {
				t.Errorf("%s was planted in %s and not found; found:\n%s", fault.name, fault.path, strings.Join(all, "\n"))
			}
		})
	}
}

// TestDrawTree fixes the form of the tree by example.
func TestDrawTree(t *testing.T) {
	t.Parallel()
	tr := readTree(t, fstest.MapFS{
		"care/doc.go":            {Data: []byte("// Package care holds the words all\n// packages share.\n//\n// More.\npackage care")},
		"care/person/doc.go":     {Data: []byte("// Package person is what is true of a person.\npackage person")},
		"cmd/forlop/doc.go":      {Data: []byte("// Command forlop is the one binary: it wires.\npackage main")},
		"scripts/test":           {Data: []byte("#!/bin/sh")},
		"web/a_test.go":          {Data: []byte("package web_test")},
		"docs/doc.go":            {Data: []byte("// Package docs holds architecture, decisions and guides.\npackage docs")},
		"docs/decisions/0001.md": {Data: []byte("why")},
	})
	want := `forlop/
├── care/        the words all packages share
│   └── person/  what is true of a person
├── cmd/         the programs
│   └── forlop/  the one binary: it wires
├── docs/        architecture, decisions and guides
└── scripts/     the scripts that pass all tests and make a release
`
	if got := drawTree(tr); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// findUnusedExports lists exported functions and variables that no other package
// names: they are promises nobody asked for. The words of care and the store's
// contract are exempt.
func findUnusedExports(tr *tree) (found []string) {
	if !tr.joined() {
		return nil
	}
	used := map[string]bool{}
	for _, f := range tr.files() {
		own, _ := f.imports()
		for _, spec := range own {
			to := strings.TrimPrefix(importPath(spec), modulePath+"/")
			if to == path.Dir(f.path) {
				continue
			}
			f.selections(importPath(spec), func(name string, _ token.Pos) { used[to+"."+name] = true })
		}
	}
	for _, folder := range tr.folders() {
		if folder == "care" || folder == "store" {
			continue
		}
		for _, f := range tr.packages[folder] {
			if f.generated {
				continue
			}
			for _, decl := range f.ast.Decls {
				var names []*ast.Ident
				switch d := decl.(type) {
				case *ast.FuncDecl:
					if d.Recv == nil {
						names = append(names, d.Name)
					}
				case *ast.GenDecl:
					if d.Tok != token.VAR {
						continue
					}
					for _, spec := range d.Specs {
						if v, ok := spec.(*ast.ValueSpec); ok {
							names = append(names, v.Names...)
						}
					}
				}
				for _, name := range names {
					if name.IsExported() && !used[folder+"."+name.Name] {
						found = append(found, fmt.Sprintf("%s: nothing outside %s uses %s: make it private or remove it", f.at(name.Pos()), folder, name.Name))
					}
				}
			}
		}
	}
	return found
}
