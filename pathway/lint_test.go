package pathway

import (
	"os"
	"testing"
)

func TestGoodPathwayHasNoFindings(t *testing.T) {
	t.Parallel()
	_, findings := Check(os.DirFS("testdata/good"))
	for _, f := range findings {
		t.Errorf("%s", f)
	}
}
