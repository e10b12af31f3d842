package pathway

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// edited is the good pathway with the changes that a file in testdata/bad
// describes: the name of a file, then lines that start with - and are there
// once, then lines that start with + and come in their place. "remove FILE"
// takes a file away.
func edited(t testing.TB, script string) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	names, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no good pathway: %v", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		folder[filepath.Base(name)] = &fstest.MapFile{Data: b}
	}
	for block := range strings.SplitSeq(strings.Trim(script, "\n"), "\n\n") {
		lines := strings.Split(block, "\n")
		file, removed := strings.CutPrefix(lines[0], "remove ")
		if removed {
			delete(folder, file)
			continue
		}
		var before, after strings.Builder
		for _, line := range lines[1:] {
			if old, ok := strings.CutPrefix(line, "-"); ok {
				before.WriteString(old + "\n")
			} else if now, ok := strings.CutPrefix(line, "+"); ok {
				after.WriteString(now + "\n")
			} else {
				t.Fatalf("%q is neither taken away nor put in", line)
			}
		}
		f, ok := folder[file]
		if !ok {
			f = &fstest.MapFile{}
			folder[file] = f
		}
		src := string(f.Data)
		switch n := strings.Count(src, before.String()); {
		case before.Len() == 0:
			src += after.String()
		case n == 1:
			src = strings.Replace(src, before.String(), after.String(), 1)
		default:
			t.Fatalf("%s holds these lines %d times:\n%s", file, n, before.String())
		}
		f.Data = []byte(src)
	}
	return folder
}

// Each file in testdata/bad is one slip. Its name starts with the code it must
// be answered with; the golden file beside it holds the whole answer.
func TestBadPathways(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/bad/*.edit")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no bad pathways: %v", err)
	}
	seen := map[string]bool{}
	for _, script := range scripts {
		name := strings.TrimSuffix(filepath.Base(script), ".edit")
		code, _, _ := strings.Cut(name, "-")
		seen[code] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(script)
			if err != nil {
				t.Fatal(err)
			}
			_, findings := Check(edited(t, string(src)))
			var out strings.Builder
			for _, f := range findings {
				out.WriteString(f.String() + "\n")
				if _, ok := Explain(f.Code); !ok {
					t.Errorf("%s is explained nowhere", f.Code)
				}
				if wantSeverity := map[byte]string{'E': SeverityError, 'W': SeverityWarning}[f.Code[0]]; f.Severity != wantSeverity {
					t.Errorf("%s has the severity %s", f.Code, f.Severity)
				}
			}
			if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Code == code }) {
				t.Errorf("%s is not found, only:\n%s", code, out.String())
			}
			golden := strings.TrimSuffix(script, ".edit") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != string(want) {
				t.Errorf("the answer is\n%swant\n%s", out.String(), want)
			}
		})
	}
	for _, code := range Codes() {
		if !seen[code] && code[1] < '7' && code[1:3] != "52" { // mappings, layers, pages and wordings have tests of their own
			t.Errorf("%s has no bad pathway that shows it", code)
		}
	}
}

// Every code in the source is explained, and every explained code is in the
// source.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"([EW][0-9]{3})"`)
	var used []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(src), -1) {
			used = append(used, m[1])
		}
	}
	slices.Sort(used)
	used = slices.Compact(used)
	if len(used) < 50 || !slices.Equal(used, Codes()) {
		t.Errorf("the source uses\n%v\nand these are explained\n%v", used, Codes())
	}
	for _, code := range Codes() {
		page, ok := Explain(code)
		if !ok || !strings.Contains(page, code) || len(strings.Fields(page)) < 20 {
			t.Errorf("%s is hardly explained: %q", code, page)
		}
	}
	if _, ok := Explain("E999"); ok {
		t.Error("an unknown code is explained")
	}
}

func TestFindingAsJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(Finding{File: "pathway.yaml", Line: 3, Col: 9, Code: "E106", Severity: SeverityError, Message: "no"})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"file":"pathway.yaml","line":3,"col":9,"code":"E106","severity":"error","message":"no"}`; string(b) != want {
		t.Errorf("a finding is %s, want %s", b, want)
	}
}

func TestLoadWithoutFiles(t *testing.T) {
	t.Parallel()
	var empty fs.FS = fstest.MapFS{}
	d, findings := Check(empty)
	if d != nil || len(findings) != 1 || findings[0].Code != "E100" {
		t.Errorf("an empty folder gives %v and %v", d, findings)
	}
}
