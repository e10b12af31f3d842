package forlop_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

type foreignThing struct {
	what    string
	pattern *regexp.Regexp
}

// foreign are things that belong to one machine, one registry or one owner and
// not into a repository that anyone may clone. The patterns are written so that
// this file does not match them.
var foreign = []foreignThing{
	{"the address of a package registry", regexp.MustCompile(`registry[.](npmjs|yarnpkg)|proxy[.]golang|pypi[.]org|\bGOPROX[Y]=`)},
	{"a path of one machine", regexp.MustCompile(`(^|[\s"'=(:])/(roo[t]|hom[e]/\w+|User[s]/\w+)/`)},
	{"a private key", regexp.MustCompile(`BEGIN ([A-Z]+ )?PRIVATE KE[Y]`)},
	{"a password in an address", regexp.MustCompile(`\b(postgres|https?)://[^/\s:@"]+:[^/\s@"{$<]+@`)},
	{"a merge that was not finished", regexp.MustCompile(`(?m)^(<{7}|>{7}) `)},
}

// findForeign reads every text file below fsys that git would keep.
func findForeign(fsys fs.FS) (found []string, read int, err error) {
	err = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", ".tools", "tmp", "node_modules"}, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || path.Ext(p) == ".sum" || path.Ext(p) == ".png" || path.Ext(p) == ".test" {
			return nil
		}
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		if !utf8.Valid(text) {
			return nil
		}
		read++
		for _, f := range foreign {
			if at := f.pattern.FindIndex(text); at != nil {
				line := 1 + strings.Count(string(text[:at[0]]), "\n")
				found = append(found, fmt.Sprintf("%s:%d holds %s: %q", p, line, f.what, text[at[0]:at[1]]))
			}
		}
		return nil
	})
	return found, read, err
}

// TestTexts fails when a file holds what belongs to one machine.
func TestTexts(t *testing.T) {
	t.Parallel()
	found, read, err := findForeign(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if read < 10 {
		t.Errorf("only %d files were read", read)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// TestTextsCatches plants one of each and expects it to be found.
func TestTextsCatches(t *testing.T) {
	t.Parallel()
	for i, planted := range []string{
		`"resolved": "https://` + `registry.` + `npmjs.org/x"`,
		"cd /" + "root/x",
		"-----BEGIN " + "PRIVATE KEY-----",
		"postgres://forlop" + ":secret@db/forlop",
		strings.Repeat("<", 7) + " ours",
	} {
		found, _, err := findForeign(fstest.MapFS{"a/b.txt": {Data: []byte("first\n" + planted)}})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || !strings.HasPrefix(found[0], "a/b.txt:2 holds "+foreign[i].what) {
			t.Errorf("planted %q, found %q", planted, found)
		}
	}
}

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	notShown     = regexp.MustCompile("(?ms)^ *```.*?^ *```|<!--.*?-->") //nolint:gocritic // the second ^ starts the closing fence's own line
)

// TestLinks fails when a page links to a file that is not there.
func TestLinks(t *testing.T) {
	t.Parallel()
	followed := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", ".tools", "tmp", "node_modules"}, d.Name()) {
			return fs.SkipDir
		}
		if path.Ext(p) != ".md" {
			return nil
		}
		page, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, link := range markdownLink.FindAllStringSubmatch(notShown.ReplaceAllString(string(page), ""), -1) {
			target, _, _ := strings.Cut(link[1], "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			followed++
			if _, err := os.Stat(path.Join(path.Dir(p), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", p, link[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if followed < 5 {
		t.Errorf("only %d links were followed", followed)
	}
}
