package pathway

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"forlop/care"
)

func TestPictureIsReadable(t *testing.T) {
	t.Parallel()
	d := good(t)
	for _, l := range care.Languages {
		svg := Picture(d, l)
		decoder := xml.NewDecoder(bytes.NewReader(svg))
		for {
			_, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s is not XML: %v", l, err)
			}
		}
		words := string(svg)
		for _, want := range []string{`role="img"`, `aria-labelledby="picture-title picture-words"`, `<title id="picture-title">`, `<desc id="picture-words">`, `lang="` + string(l) + `"`} {
			if !strings.Contains(words, want) {
				t.Errorf("%s: %s is missing", l, want)
			}
		}
		_, about, _ := strings.Cut(words, "<desc")
		about, _, _ = strings.Cut(about, "</desc>")
		for _, s := range d.Steps {
			if title := d.Texts[l].Steps[s.ID].Title; !strings.Contains(about, title) {
				t.Errorf("%s: the step %q is not in the words about the picture", l, title)
			}
		}
		if got, want := strings.Count(words, `rx="6"`), len(d.Steps); got != want {
			t.Errorf("%s: %d boxes for %d steps", l, got, want)
		}
	}
}

func TestPictureEscapes(t *testing.T) {
	t.Parallel()
	d := good(t)
	d.Texts[care.Bokmal].Title = "<script>\x00&"
	svg := string(Picture(d, care.Bokmal))
	if strings.Contains(svg, "<script>") || strings.Contains(svg, "\x00") {
		t.Error("text gets out of its place")
	}
}
