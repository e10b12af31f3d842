package web_test

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"forlop/web"
)

// TestGalleryInTheBrowser looks at every part in every language and palette.
func TestGalleryInTheBrowser(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(web.Gallery())
	t.Cleanup(server.Close)
	paths := slices.Sorted(maps.Keys(web.GalleryPages))
	if len(paths) < 7 {
		t.Fatalf("the gallery has only %d pages", len(paths))
	}
	paths = append(paths, "/gallery/plan?told&tasks", "/display", "/accessibility", "/privacy", "/gallery/refused", "/no/such/page")
	palettes := map[string]string{"nb": "standard", "nn": "calm", "sv": "dark", "en": "dim"}
	for code, palette := range palettes {
		t.Run(code+" "+palette, func(t *testing.T) {
			s := telephone
			s.language = code
			s.cookies = map[string]string{"display": palette + ".1"}
			p := openTab(t, s)
			for _, path := range paths {
				p.goTo(server.URL + path)
				for _, v := range p.violations() {
					t.Errorf("%s: %s", path, v)
				}
				if by := p.overflow(); by > 0 {
					t.Errorf("%s is %d pixels wider than the telephone", path, by)
				}
				if !strings.Contains(path, "worklist") && !strings.Contains(path, "note") {
					for _, small := range p.smallTargets(44) {
						t.Errorf("%s: smaller than 44 pixels: %s", path, small)
					}
				}
				if text := p.text("body"); strings.Contains(text, "‹") || strings.Contains(text, "{") {
					t.Errorf("%s has a text that is not filled: %s", path, text)
				}
				p.picture(fmt.Sprintf("telephone-%s-%s", strings.Trim(strings.NewReplacer("/", "-", "?", "-", "&", "-").Replace(path), "-"), code))
			}
		})
	}
	t.Run("desk", func(t *testing.T) {
		s := desk
		s.language = "nb"
		p := openTab(t, s)
		for _, path := range []string{"/gallery/worklist", "/gallery/note", "/gallery/plan"} {
			p.goTo(server.URL + path)
			if by := p.overflow(); by > 0 {
				t.Errorf("%s is %d pixels wider than the desk's screen", path, by)
			}
			p.picture("desk-" + strings.TrimPrefix(path, "/gallery/"))
		}
	})
}
