package access_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"forlop/access"
	"forlop/care"
)

// files is the shipped policy as a folder that a test may spoil.
func files(t testing.TB) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	paths, err := filepath.Glob("policy/*")
	if err != nil || len(paths) < 8 {
		t.Fatalf("the policy's folder has %d files: %v", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(path)] = &fstest.MapFile{Data: text}
	}
	return all
}

// spoilt is the shipped policy with one text in one file replaced.
func spoilt(t testing.TB, file, find, put string) (fs.FS, int) {
	t.Helper()
	all := files(t)
	text := string(all[file].Data)
	before, after, found := strings.Cut(text, find)
	if !found {
		t.Fatalf("%s does not hold %q", file, find)
	}
	all[file] = &fstest.MapFile{Data: []byte(before + put + after)}
	return all, strings.Count(before, "\n") + 1
}

// TestSpoiltPolicy says what is wrong in a policy that does not fit, and where.
func TestSpoiltPolicy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, find, put string
		says                  string
		line                  bool // the very line is named
	}{
		{"attribute", "forbid.cedar", "when { context.protected }", "when { context.protcted }", "protcted", true},
		{"action", "patient.cedar", `Action::"my-plan"`, `Action::"my-plann"`, `no question or command "my-plann"`, true},
		{"actor", "guest.cedar", "principal is Guest", "principal is Gest", "no actor Gest", true},
		{"actor in a condition", "forbid.cedar", "unless { principal is Patient ", "unless { principal is Patent ", "no actor Patent", true},
		{"has", "forbid.cedar", "when { context.protected }", "when { context has protcted && context.protected }", "needs no \"has\"", true},
		{"list", "forbid.cedar", `Strength::"shut"`, `Strenght::"shut"`, `no list Strenght`, true},
		{"value", "forbid.cedar", `Strength::"shut"`, `Strength::"shutt"`, `Strength has no "shutt"; it is one of none, closed`, true},
		{"basis", "oversight.cedar", `Basis::"oversees"`, `Basis::"overseas"`, `Basis has no "overseas"`, true},
		{"annotation", "forbid.cedar", `@needs("fresh")`, `@need("fresh")`, "no @need", true},
		{"need", "forbid.cedar", `@needs("fresh")`, `@needs("fresch")`, `@needs("fresch"): it is one of fresh, level`, true},
		{"tag", "forbid.cedar", `@tag("assumed")`, `@tag("asumed")`, "it is one of V, K", true},
		{"permit that needs", "guest.cedar", `@id("guest-item")`, `@id("guest-item")` + "\n" + `@needs("fresh")`, "only what forbids needs", false},
		{"no id", "guest.cedar", `@id("guest-page")`, ``, "without @id", false},
		{"empty id", "guest.cedar", `@id("guest-page")`, `@id("")`, "@id says nothing", true},
		{"id twice", "guest.cedar", `@id("guest-page")`, `@id("guest-item")`, `there are two policies "guest-item"`, true},
		{"syntax", "guest.cedar", "permit (", "permit {", "guest.cedar:7:2: \"principal\": exact got { want (", false},
		{"type", "forbid.cedar", "when { context.protected }", `when { context.role }`, "protected", false},
		{"date", "forbid.cedar", `datetime("2023-01-01")`, `datetime("2023-13-01")`, "shared-documentation", false},
		{"nobody may", "guest.cedar", `Action::"linked-item", `, ``, `nothing says who may "linked-item"`, false},
		{"schema", "schema.cedarschema", "entity Guest;", "entity Guest", "schema.cedarschema", false},
		{"schema's type", "schema.cedarschema", `"regime": Regime,`, `"regime": Regim,`, "Regim", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder, line := spoilt(t, c.file, c.find, c.put)
			_, err := access.Load(folder)
			if err == nil {
				t.Fatal("it was read")
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %q, not %q", err, c.says)
			}
			if at := fmt.Sprintf("%s:%d:", c.file, line); c.line && !strings.Contains(err.Error(), at) {
				t.Errorf("it says %q, not %s", err, at)
			}
			if !strings.Contains(err.Error(), strings.TrimSuffix(c.file, ".cedar")) && c.name != "nobody may" {
				t.Errorf("it does not name the file: %q", err)
			}
		})
	}
	for name, folder := range map[string]fs.FS{"empty": fstest.MapFS{}, "no policy": fstest.MapFS{"schema.cedarschema": files(t)["schema.cedarschema"]}} {
		if _, err := access.Load(folder); err == nil {
			t.Errorf("%s: it was read", name)
		}
	}
}

var (
	wordsOf = regexp.MustCompile(`[A-Za-z][A-Za-z_-]*`)
	silent  = regexp.MustCompile(`//[^\n]*|@(?:id|law)\("[^"]*"\)`)
	lineOf  = regexp.MustCompile(`\.cedar:\d+`)
)

// TestMisspelling changes one letter of one word, anywhere but in comments, names
// and laws: the policy is refused, with file and line.
func TestMisspelling(t *testing.T) {
	t.Parallel()
	var words []struct {
		file     string
		from, to int
	}
	all := files(t)
	for file, content := range all {
		if !strings.HasSuffix(file, ".cedar") {
			continue
		}
		quiet := silent.ReplaceAllStringFunc(string(content.Data), func(s string) string { return strings.Repeat(" ", len(s)) })
		for _, at := range wordsOf.FindAllStringIndex(quiet, -1) {
			words = append(words, struct {
				file     string
				from, to int
			}{file, at[0], at[1]})
		}
	}
	if len(words) < 800 {
		t.Fatalf("only %d words were found", len(words))
	}
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SampledFrom(words).Draw(t, "word")
		i := rapid.IntRange(w.from, w.to-1).Draw(t, "letter")
		old := string(all[w.file].Data)
		put := rapid.SampledFrom([]string{"", "q", string(old[i]) + "z"}).Draw(t, "put")
		folder := maps.Clone(all)
		folder[w.file] = &fstest.MapFile{Data: []byte(old[:i] + put + old[i+1:])}
		_, err := access.Load(folder)
		if err == nil {
			t.Fatalf("%s was read with %q for %q in %q", w.file, put, old[i], old[w.from:w.to])
		}
		if !lineOf.MatchString(err.Error()) && !strings.Contains(err.Error(), "nothing says who may") {
			t.Fatalf("no line is named: %v", err)
		}
	})
}

// TestSite reads a site's own policies: they may forbid, and nothing else.
func TestSite(t *testing.T) {
	t.Parallel()
	site := func(text string) fs.FS { return fstest.MapFS{"site.cedar": &fstest.MapFile{Data: []byte(text)}} }
	p := access.Shipped()
	for name, c := range map[string]struct{ text, says string }{
		"permits":  {`@id("ours") permit (principal is Guest, action == Action::"person", resource == Basis::"linked");`, "may only forbid"},
		"misspelt": {"\n" + `@id("ours") forbid (principal, action == Action::"persons", resource);`, "site.cedar:2:"},
		"our id":   {`@id("shut") forbid (principal, action == Action::"person", resource);`, `two policies "shut"; the first stands in forbid.cedar:`},
	} {
		if _, err := p.With(site(c.text)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ask := best(care.Professional, "professional-area", access.Own)
	ask.Prescriber = "declared"
	if !p.Decide(ask).Allowed {
		t.Fatal("the shipped policy lets those in who declare it themselves")
	}
	stricter, err := p.With(site(`@id("no-self-declaration") forbid (principal, action == Action::"professional-area", resource)
when { context.prescriber == Prescriber::"declared" };`))
	if err != nil {
		t.Fatal(err)
	}
	if a := stricter.Decide(ask); a.Allowed || a.By[0] != "no-self-declaration" {
		t.Errorf("the site forbids it: %+v", a)
	}
	if !p.Decide(ask).Allowed {
		t.Error("the shipped policy changed when a site's was added")
	}
	if ask.Prescriber = "claimed"; !stricter.Decide(ask).Allowed {
		t.Error("the site forbids only one of the two")
	}

	// A policy that fails while it is asked is stepped over by the engine, also
	// one that forbids. It denies here.
	failing, err := p.With(site(`@id("fails") forbid (principal, action == Action::"directory", resource)
when { 9223372036854775807 + 1 == 0 };`))
	if err != nil {
		t.Fatal(err)
	}
	if a := failing.Decide(best(care.Patient, "directory", access.Own)); a.Allowed || len(a.By) != 1 || a.By[0] != "fails" {
		t.Errorf("a policy that fails must deny: %+v", a)
	}
	if len(failing.Bases(care.Patient, "directory")) > 0 {
		t.Error("what always fails has no basis")
	}
}

// TestEveryPolicySaysWhy fails when a policy has no words before it.
func TestEveryPolicySaysWhy(t *testing.T) {
	t.Parallel()
	policies := 0
	for file, content := range files(t) {
		if !strings.HasSuffix(file, ".cedar") {
			continue
		}
		lines := strings.Split(string(content.Data), "\n")
		for i, line := range lines {
			if !strings.HasPrefix(line, `@id(`) {
				continue
			}
			policies++
			if i == 0 || !strings.HasPrefix(lines[i-1], "// ") {
				t.Errorf("%s:%d: %s says not why", file, i+1, line)
			}
		}
	}
	if policies < 35 {
		t.Errorf("only %d policies were found", policies)
	}
}

// FuzzSite reads any text as a site's policy: it is refused or it only forbids,
// and nothing panics.
func FuzzSite(f *testing.F) {
	for _, name := range []string{"forbid.cedar", "guest.cedar"} {
		f.Add(string(files(f)[name].Data))
	}
	f.Add(`@id("ours") forbid (principal, action, resource) when { context.on < datetime("2026-02-30") };`)
	f.Add(`@id("ours") forbid (principal, action, resource) unless { context["fresh"] || ((((principal is Guest)))) };`)
	p := access.Shipped()
	ask := best(care.Guest, "person", access.Linked)
	f.Fuzz(func(t *testing.T, text string) {
		stricter, err := p.With(fstest.MapFS{"site.cedar": &fstest.MapFile{Data: []byte(text)}})
		if err == nil && stricter.Decide(ask).Allowed {
			t.Errorf("a site allowed a guest a person: %q", text)
		}
	})
}
