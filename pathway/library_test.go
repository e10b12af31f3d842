package pathway

import (
	"io/fs"
	"os"
	"testing"
)

// Every shipped pathway is whole: it has no findings, not even warnings.
func TestLibrary(t *testing.T) {
	t.Parallel()
	folders, err := fs.Glob(os.DirFS("."), "library/*/"+structureFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(folders, "testdata/good/"+structureFile) {
		folder := file[:len(file)-len(structureFile)-1]
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			d, findings := Check(os.DirFS(folder))
			for _, f := range findings {
				t.Errorf("%s/%s", folder, f)
			}
			if d == nil {
				t.Fatal("no definition")
			}
		})
	}
}
