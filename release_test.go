package forlop_test

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// releaseTo is where scripts/release has put the program, and wants its papers.
var releaseTo = flag.String("release", "", "write the papers of the program `folder`/forlop beside it: forlop.cdx.json, MODULES.txt, LICENCES.txt")

// A part is one thing that is in the program.
type part struct{ name, version, sum string }

// bill is a bill of materials in the form of CycloneDX 1.6, as far as it is used.
type bill struct {
	Schema   string     `json:"$schema"`
	Format   string     `json:"bomFormat"`
	Spec     string     `json:"specVersion"`
	Version  int        `json:"version"`
	Metadata billHead   `json:"metadata"`
	Parts    []billPart `json:"components"`
}

type billHead struct {
	Component billPart `json:"component"`
}

type billPart struct {
	Type       string         `json:"type"`
	Ref        string         `json:"bom-ref"`
	Name       string         `json:"name"`
	Version    string         `json:"version"`
	Hashes     []billHash     `json:"hashes,omitempty"`
	Licences   []billLicence  `json:"licenses,omitempty"`
	PURL       string         `json:"purl,omitempty"`
	Properties []billProperty `json:"properties,omitempty"`
}

type billHash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type billLicence struct {
	Licence struct {
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	} `json:"license"`
}

type billProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// linked reads what the linker wrote into a program: its modules, and Go itself.
func linked(program string) (of part, parts []part, err error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return part{}, nil, err
	}
	parts = append(parts, part{"std", strings.TrimPrefix(info.GoVersion, "go"), ""})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, part{m.Path, m.Version, m.Sum})
	}
	return part{info.Main.Path, info.Main.Version, ""}, parts, nil
}

// billOf writes the bill of a program from what is in it, the SQLite that it says it
// has, and the licence of each part.
func billOf(program, engine string, licence func(part) string) (bill, error) {
	of, parts, err := linked(program)
	if err != nil {
		return bill{}, err
	}
	whole, err := os.ReadFile(program)
	if err != nil {
		return bill{}, err
	}
	sum := sha256.Sum256(whole)
	b := bill{Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", Spec: "1.6", Version: 1}
	b.Metadata.Component = billPart{
		Type: "application", Ref: "forlop", Name: "forlop", Version: of.version,
		Hashes: []billHash{{"SHA-256", hex.EncodeToString(sum[:])}}, Licences: licensed("Apache-2.0"),
	}
	for _, p := range parts {
		purl := "pkg:golang/" + p.name + "@" + p.version
		one := billPart{Type: "library", Ref: purl, Name: p.name, Version: p.version, PURL: purl, Licences: licensed(licence(p))}
		if p.sum != "" {
			one.Properties = []billProperty{{"go.sum", p.sum}}
		}
		b.Parts = append(b.Parts, one)
	}
	b.Parts = append(b.Parts, billPart{
		Type: "library", Ref: "sqlite@" + engine, Name: "sqlite", Version: engine, Licences: licensed("blessing"), PURL: "pkg:generic/sqlite@" + engine,
		Properties: []billProperty{{"forlop:inside", "modernc.org/sqlite"}},
	})
	return b, nil
}

func licensed(name string) []billLicence {
	var l billLicence
	if slices.Contains([]string{"Apache-2.0", "MIT", "Unlicense", "BSD-3-Clause", "blessing"}, name) {
		l.Licence.ID = name // a name of the list of SPDX
	} else {
		l.Licence.Name = name
	}
	return []billLicence{l}
}

// checkBill says where a bill and what is in the program differ.
func checkBill(b bill, parts []part, engine, sum string) (faults []string) {
	listed := map[string]part{}
	for _, p := range b.Parts {
		if _, twice := listed[p.Name]; twice {
			faults = append(faults, p.Name+" stands twice in the bill")
		}
		one := part{name: p.Name, version: p.Version}
		for _, x := range p.Properties {
			if x.Name == "go.sum" {
				one.sum = x.Value
			}
		}
		listed[p.Name] = one
		if len(p.Licences) != 1 || p.Licences[0].Licence.ID+p.Licences[0].Licence.Name == "" {
			faults = append(faults, p.Name+" has no licence in the bill")
		}
	}
	for _, p := range append(slices.Clone(parts), part{name: "sqlite", version: engine}) {
		if listed[p.name] != p {
			faults = append(faults, fmt.Sprintf("in the program is %v, in the bill %v", p, listed[p.name]))
		}
		delete(listed, p.name)
	}
	for name := range listed {
		faults = append(faults, name+" is in the bill and not in the program")
	}
	if h := b.Metadata.Component.Hashes; len(h) != 1 || h[0].Content != sum {
		faults = append(faults, "the bill is of another program")
	}
	slices.Sort(faults)
	return faults
}

// saidByItself is what a program answers to "version --modules --json".
type saidByItself struct {
	Version, Go, SQLite string
	Modules             []struct{ Path, Version, Sum string }
}

// TestReleasePapers: the list that the program prints, the one its bill holds, the one
// the linker wrote into it and the modules that its packages are in are one and the
// same; and every part has a licence that may be passed on, with its text.
func TestReleasePapers(t *testing.T) {
	t.Parallel()
	to := *releaseTo
	if to == "" {
		to = t.TempDir()
		build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(to, "forlop"), "./cmd/forlop")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	program := filepath.Join(to, "forlop")
	_, parts, err := linked(program)
	if err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(program, "version", "--modules", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var said saidByItself
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatal(err)
	}
	own := []part{{"std", strings.TrimPrefix(said.Go, "go"), ""}}
	for _, m := range said.Modules {
		own = append(own, part{m.Path, m.Version, m.Sum})
	}
	if !slices.Equal(own, parts) {
		t.Errorf("the program says that it is made of\n%v\nand the linker says\n%v", own, parts)
	}
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/forlop")
	list.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if module, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			dirs[module] = dir
		}
	}
	if len(dirs) != len(parts)-1 || len(dirs) < 20 {
		t.Errorf("the packages are in %d modules, and %d were linked", len(dirs), len(parts)-1)
	}
	var texts bytes.Buffer
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	b, err := billOf(program, said.SQLite, func(p part) string {
		dir := dirs[p.name+" "+p.version]
		if p.name == "std" {
			dir = strings.TrimSpace(string(goroot))
		}
		name := licenceOf(t, dir)
		if dir == "" || name == "" {
			t.Errorf("%v is in the program and its licence is not known, or refused", p)
		}
		copied := copyLicences(t, &texts, p, dir)
		if copied == 0 {
			t.Errorf("%v comes without the text of its licence", p)
		}
		return name
	})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(whole)
	for _, fault := range checkBill(b, parts, said.SQLite, hex.EncodeToString(sum[:])) {
		t.Error(fault)
	}
	paper, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	modules, err := exec.Command(program, "version", "--modules").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"forlop.cdx.json": append(paper, '\n'), "MODULES.txt": modules, "LICENCES.txt": texts.Bytes()} {
		if err := os.WriteFile(filepath.Join(to, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d parts, SQLite %s", len(b.Parts), said.SQLite)
}

// copyLicences writes a part's licence and its notices, as its licence asks.
func copyLicences(t *testing.T, to *bytes.Buffer, p part, dir string) (copied int) {
	t.Helper()
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "License*", "COPYING*", "NOTICE*", "PATENTS*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.IsDir() {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(to, "==== %s %s: %s\n\n%s\n\n", p.name, p.version, filepath.Base(file), bytes.TrimSpace(text))
			copied++
		}
	}
	return copied
}

// TestReleasePapersCatch: each way in which a bill can be wrong is found.
func TestReleasePapersCatch(t *testing.T) {
	t.Parallel()
	parts := []part{{"std", "1.26.8", ""}, {"example.org/a", "v1.0.0", "h1:x"}}
	good := func() bill {
		b := bill{Parts: []billPart{
			{Name: "std", Version: "1.26.8", Licences: licensed("BSD")},
			{Name: "example.org/a", Version: "v1.0.0", Licences: licensed("MIT"), Properties: []billProperty{{"go.sum", "h1:x"}}},
			{Name: "sqlite", Version: "3.54.1", Licences: licensed("blessing")},
		}}
		b.Metadata.Component.Hashes = []billHash{{"SHA-256", "00"}}
		return b
	}
	if faults := checkBill(good(), parts, "3.54.1", "00"); len(faults) > 0 {
		t.Fatalf("a good bill has faults: %v", faults)
	}
	for name, spoil := range map[string]func(*bill){
		"a part is missing":  func(b *bill) { b.Parts = b.Parts[:2] },
		"a part too many":    func(b *bill) { b.Parts = append(b.Parts, billPart{Name: "example.org/b", Licences: licensed("MIT")}) },
		"a part twice":       func(b *bill) { b.Parts = append(b.Parts, b.Parts[0]) },
		"another version":    func(b *bill) { b.Parts[1].Version = "v1.0.1" },
		"another checksum":   func(b *bill) { b.Parts[1].Properties = nil },
		"another SQLite":     func(b *bill) { b.Parts[2].Version = "3.51.2" },
		"no licence":         func(b *bill) { b.Parts[1].Licences = nil },
		"an empty licence":   func(b *bill) { b.Parts[1].Licences = licensed("") },
		"of another program": func(b *bill) { b.Metadata.Component.Hashes[0].Content = "11" },
		"without a checksum": func(b *bill) { b.Metadata.Component.Hashes = nil },
	} {
		b := good()
		spoil(&b)
		if faults := checkBill(b, parts, "3.54.1", "00"); len(faults) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
	if found := licenceOf(t, t.TempDir()); found != "" {
		t.Errorf("a module without a licence has the licence %q", found)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("GNU AFFERO GENERAL PUBLIC LICENSE Version 3"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := licenceOf(t, dir); found != "" {
		t.Errorf("a licence that is refused counts as %q", found)
	}
}

// secretForms are what keys and passwords look like that must stand in no file: those
// that TestTexts looks for, and tokens of others' services.
var secretForms = append(slices.DeleteFunc(slices.Clone(foreign), func(f foreignThing) bool {
	return f.what != "a private key" && f.what != "a password in an address"
}), []foreignThing{
	{"a key of a cloud", regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a token of a code host", regexp.MustCompile(`\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20,})`)},
	{"a token of a chat", regexp.MustCompile(`\bxox[abpr]-[A-Za-z0-9-]{10,}`)},
	{"a signed token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}`)},
	{"a secret that is assigned", regexp.MustCompile(`(?i)\b(api[_-]?key|client[_-]?secret|password|passwd)\b["']?\s*[:=]\s*["'][A-Za-z0-9+/=_-]{20,}["']`)},
}...)

// secretsIn names what looks like a secret, line by line, never the secret itself.
func secretsIn(name string, text []byte) (found []string) {
	for i, line := range bytes.Split(text, []byte("\n")) {
		for _, s := range secretForms {
			if s.pattern.Match(line) {
				found = append(found, fmt.Sprintf("%s:%d: it holds %s", name, i+1, s.what))
			}
		}
	}
	return found
}

// TestNoSecrets reads every file that is kept; with -release also what ever was kept
// and taken away, and the program.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("git", "ls-files", "-z").Output()
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for name := range strings.SplitSeq(strings.Trim(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // removed, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		read++
		for _, fault := range secretsIn(name, text) {
			t.Error(fault)
		}
	}
	if read < 500 {
		t.Errorf("only %d files were read", read)
	}
	if *releaseTo == "" {
		return
	}
	history, err := exec.Command("git", "log", "--all", "--unified=0", "--no-color", "--patch", "--text").Output()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join(*releaseTo, "forlop"))
	if err != nil {
		t.Fatal(err)
	}
	// The standard library knows how a private key begins; only what follows is one.
	program = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE `+`KEY-----[^\n]`).ReplaceAll(program, nil)
	for _, fault := range append(secretsIn("the history", history), secretsIn("the program", program)...) {
		t.Error(fault)
	}
	t.Logf("%d files, %d bytes of history and %d of the program were read", read, len(history), len(program))
}

// TestNoSecretsCatches plants one of each, put together here so that this file passes
// its own test.
func TestNoSecretsCatches(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"-----BEGIN RSA PRIVATE " + "KEY-----", "-----BEGIN PRIVATE " + "KEY-----", "AKIA" + "ABCDEFGHIJKLMNOP", "gh" + "p_" + strings.Repeat("a", 36), "xox" + "b-0123456789-abc",
		"eyJ" + "hbGciOiJIUzI1NiIsIn" + ".eyJ" + "zdWIiOiIxMjM0NTY3" + "." + strings.Repeat("a", 24), "postgres://forlop:" + "hemmelig@db.example/forlop", "client_secret" + `: "` + strings.Repeat("Ab1", 8) + `"`,
	} {
		if found := secretsIn("x", []byte("a\n"+secret+"\nb")); len(found) == 0 || !strings.HasPrefix(found[0], "x:2:") || strings.Contains(found[0], secret) {
			t.Errorf("%q: %v", secret, found)
		}
	}
	for _, plain := range []string{"postgres://forlop@db.example/forlop", "a private key", "password: \"\"", "eyJhbGci", "postgres://{user}:{password}@…"} {
		if found := secretsIn("x", []byte(plain)); len(found) > 0 {
			t.Errorf("%q: %v", plain, found)
		}
	}
}
