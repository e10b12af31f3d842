package web

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tokens reads the colours of each palette from tokens.css.
func tokens(t *testing.T) map[string]map[string]string {
	t.Helper()
	css := comment.ReplaceAllString(string(readAsset("tokens.css")), "")
	block := regexp.MustCompile(`\[data-color-scheme="(\w+)"\] \{([^}]*)\}`)
	colour := regexp.MustCompile(`--ds-color-([a-z-]+): (#[0-9a-f]{6});`)
	found := map[string]map[string]string{}
	for _, b := range block.FindAllStringSubmatch(css, -1) {
		found[b[1]] = map[string]string{}
		for _, c := range colour.FindAllStringSubmatch(b[2], -1) {
			found[b[1]][c[1]] = c[2]
		}
	}
	return found
}

// luminance is the relative luminance of a colour, by WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	weight := [3]float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i := range 3 {
		v, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight[i] * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds U6 in every palette: text 4.5:1 on every surface it may
// stand on, lines and the ring of focus 3:1.
func TestContrast(t *testing.T) {
	t.Parallel()
	all := tokens(t)
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, []string{"auto", "calm", "dark", "dim", "standard"}) {
		t.Fatalf("the palettes are %v", got)
	}
	if !maps.Equal(all["auto"], all["dark"]) {
		t.Error("a device that asks for dark gets other colours than the palette dark")
	}
	surfaces := []string{
		"neutral-background-default", "neutral-surface-tinted", "accent-surface-tinted",
		"success-surface-tinted", "warning-surface-tinted", "danger-surface-tinted",
	}
	texts := []string{
		"neutral-text-default", "neutral-text-subtle", "accent-base-default", "accent-base-hover",
		"success-text-default", "warning-text-default", "danger-text-default",
	}
	type pair struct {
		front, back string
		least       float64
	}
	pairs := []pair{
		{"accent-base-contrast-default", "accent-base-default", 4.5},
		{"accent-base-contrast-default", "accent-base-hover", 4.5},
	}
	for _, back := range surfaces {
		for _, front := range texts {
			pairs = append(pairs, pair{front, back, 4.5})
		}
		pairs = append(pairs, pair{"focus-outer", back, 3})
		if back == "neutral-background-default" || back == "neutral-surface-tinted" {
			pairs = append(pairs, pair{"neutral-border-default", back, 3})
		}
	}
	for name, colours := range all {
		for _, p := range pairs {
			front, back := colours[p.front], colours[p.back]
			if front == "" || back == "" {
				t.Fatalf("%s lacks %s or %s", name, p.front, p.back)
			}
			if got := contrast(t, front, back); got < p.least {
				t.Errorf("%s: %s on %s has %.2f:1, needs %.1f:1", name, p.front, p.back, got, p.least)
			}
		}
	}
	if got := contrast(t, "#000000", "#ffffff"); fmt.Sprintf("%.2f", got) != "21.00" {
		t.Errorf("black on white is %.2f:1, not 21:1", got)
	}
}

// TestPalettesAreAsDarkAsTheySay: calm sends no white light, dim almost no blue.
func TestPalettesAreAsDarkAsTheySay(t *testing.T) {
	t.Parallel()
	all := tokens(t)
	for palette, most := range map[string]float64{"calm": 0.76, "dark": 0.02, "dim": 0.008} {
		if got := luminance(t, all[palette]["neutral-background-default"]); got > most {
			t.Errorf("the background of %s has the luminance %.3f, at most %.3f", palette, got, most)
		}
	}
	for name, hex := range all["calm"] {
		if luminance(t, hex) > 0.9 {
			t.Errorf("calm has the nearly white %s %s", name, hex)
		}
	}
	for name, hex := range all["dim"] {
		red, _ := strconv.ParseUint(hex[1:3], 16, 8)
		blue, _ := strconv.ParseUint(hex[5:7], 16, 8)
		if blue > red {
			t.Errorf("dim has more blue than red in %s %s", name, hex)
		}
	}
}

// TestStyleSheetsAreCalm holds U8, U24, U31: nothing moves, nothing comes from
// elsewhere, patients meet no warning colour, and the sheets are small.
func TestStyleSheetsAreCalm(t *testing.T) {
	t.Parallel()
	for name, a := range assets() {
		if !strings.HasSuffix(name, ".css") {
			continue
		}
		for _, word := range []string{"transition", "animation", "@keyframes", "@import", "url(", "@font-face", "position:fixed", "position:sticky", "position: fixed", "position: sticky"} {
			if bytes.Contains(a.plain, []byte(word)) {
				t.Errorf("%s has %s", name, word)
			}
		}
		if n := len(a.packed); n > 7<<10 {
			t.Errorf("%s is %d bytes packed, more than 7 kB", name, n)
		}
	}
	for _, name := range []string{"base.css", "steps.css", "patient.css"} {
		if bytes.Contains(readAsset(name), []byte("danger")) {
			t.Errorf("%s has a warning colour, and patients' pages load it", name)
		}
	}
}

func TestAssetsAreKeptByBrowsers(t *testing.T) {
	t.Parallel()
	address := assetAddress("patient.css")
	ask := func(path string, headers ...string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		Gallery().ServeHTTP(w, r)
		return w.Result()
	}
	first := ask(address)
	defer first.Body.Close()
	if first.StatusCode != http.StatusOK || first.Header.Get("ETag") == "" || !strings.Contains(first.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %s %v", address, first.Status, first.Header)
	}
	if got := first.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("%s is %s", address, got)
	}
	again := ask(address, "If-None-Match", first.Header.Get("ETag"))
	defer again.Body.Close()
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %s", again.Status)
	}
	packed := ask(address, "Accept-Encoding", "gzip")
	defer packed.Body.Close()
	if packed.Header.Get("Content-Encoding") != "gzip" {
		t.Error("not packed for a browser that takes it")
	}
	other := ask(assetPrefix + "patient.0000000000000000.css")
	defer other.Body.Close()
	if other.StatusCode != http.StatusNotFound {
		t.Errorf("an address of another content: %s", other.Status)
	}
}
