package web

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	templates "github.com/a-h/templ/parser/v2"
)

// TestTemplatesAreGenerated fails when a template was changed and its Go file
// was not: run go tool templ generate -path web.
func TestTemplatesAreGenerated(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.templ")
	if err != nil || len(names) < 4 {
		t.Fatalf("templates %v, %v", names, err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			template, err := templates.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if _, err := generator.Generate(template, &b, generator.WithFileName(name), generator.WithVersion(templ.Version())); err != nil {
				t.Fatal(err)
			}
			want, err := format.Source(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			have, err := os.ReadFile(strings.TrimSuffix(name, ".templ") + "_templ.go")
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(have, want) {
				t.Errorf("%s is newer than its Go file: run go tool templ generate -path web", name)
			}
		})
	}
}
