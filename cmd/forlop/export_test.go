package main

import (
	"os"
	"strings"
	"testing"
)

// What a site exports, another database takes in whole, and exports the same.
func TestExportIntoAnotherDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	site, err := os.ReadFile("../../docs/example-site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// A number that both leave out of what they print, and a name that a
	// spreadsheet would compute.
	text := strings.Replace(string(site), "name: Kari Bjørk", `name: "=Kari Bjørk"`, 1)
	text = strings.Replace(text, "    profession: coordinator\n", "    profession: coordinator\n    hpr: \"9144900\"\n", 1)
	write(t, dir+"/site.yaml", text)
	does := func(code int, says string, args ...string) {
		t.Helper()
		if r := try(t, args...); r.code != code || !strings.Contains(r.stdout+r.stderr, says) {
			t.Fatalf("%s: exit %d, want %d and %q\n%s%s", strings.Join(args, " "), r.code, code, says, r.stdout, r.stderr)
		}
	}
	tables := map[string]string{}
	for _, name := range []string{"first", "second"} {
		url, key := "sqlite:"+dir+"/"+name+".db", dir+"/"+name+".key"
		does(exitOK, key, "token", "key", key)
		in := []string{"import", "units", dir + "/site.yaml"}
		if name == "second" {
			in = []string{"import", "units", dir + "/first-units.csv", dir + "/first-people.csv"}
			// Alone, either names what is not there, and nothing is made.
			does(exitFindings, "first-units.csv:2:39: error: person-unknown", "import", "units", dir+"/first-units.csv", "--database", url, "--key-file", key)
			does(exitFindings, "first-people.csv:2:38: error: unit-unknown", "import", "people", dir+"/first-people.csv", "--database", url, "--key-file", key)
			if _, err := os.Stat(dir + "/second.db"); err == nil {
				t.Fatal("a table with errors made a database")
			}
		}
		r := try(t, append(in, "--database", url, "--key-file", key)...)
		if r.code != exitOK || !strings.Contains(r.stdout+r.stderr, "can be served") || strings.Contains(r.stdout+r.stderr, "9144900") {
			t.Fatalf("%s: exit %d\n%s%s", name, r.code, r.stdout, r.stderr)
		}
		for _, what := range []string{"units", "people"} {
			out := dir + "/" + name + "-" + what + ".csv"
			does(exitOK, "written", "export", what, "--out", out, "--database", url, "--key-file", key)
			b, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if before, ok := tables[what]; ok && before != string(b) {
				t.Errorf("%s came back as\n%s\nand were\n%s", what, b, before)
			}
			tables[what] = string(b)
			does(exitOK, "0 changes", "import", what, out, "--database", url, "--key-file", key)
		}
		does(exitOK, "", "verify", "--database", url)
	}
	for _, want := range []string{",'=Kari Bjørk,", ",9144900,", "smerteklinikken/coordinator smerteklinikken/desk"} {
		if !strings.Contains(tables["people"], want) {
			t.Errorf("the people lack %q:\n%s", want, tables["people"])
		}
	}
}
