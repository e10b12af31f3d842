package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// The pages below have known faults and known virtues, so that what the
// measures say can be checked before they judge our own pages.
const sound = `<!doctype html><html lang="nb"><head><title>Prøve</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<style>body{background:#fff;color:#111;margin:16px} :focus-visible{outline:3px solid #004}
@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}
button,input,.stor{display:inline-block;min-height:48px;min-width:48px}</style></head>
<body><main id="hele"><h1>Neste: møte</h1><p id="nar">Senest 3. mars, med Kari Nordmann.</p>
<p id="cookie">%s</p><p id="lang">%s</p><p id="script">av</p>
<form method="post" action="/svar"><p><label for="navn">Hva vil du si?</label> <input id="navn" name="navn" value="gammelt"></p>
<p><label for="dag">Dag</label> <select class="stor" id="dag" name="dag"><option>i dag<option>i morgen</select>
<label class="stor" for="ring">Ring meg</label> <input type="checkbox" id="ring" name="ring" value="ja"></p>
<p><button>Send</button></p></form>
<div id="mer"><p>Mer om dette <a href="/" id="inni">her</a> i teksten.</p><p><a class="stor" href="/">Tilbake</a></p></div></main>
<script>document.getElementById("script").textContent = "på"</script></body></html>`

const faulty = `<!doctype html><html><head><title></title></head><body><img src="/finnes-ikke.png" style="width:900px;height:1px">
<p style="color:#ccc;background:#fff">svak</p><a href="/" style="display:block;width:20px;height:10px;outline:none">x</a>
<div style="height:9000px"></div><script>throw new Error("med vilje")</script></body></html>`

func proofServer(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		cookie := "ingen"
		if c, err := r.Cookie("palett"); err == nil {
			cookie = c.Value
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, sound, cookie, r.Header.Get("Accept-Language"))
	})
	mux.HandleFunc("POST /svar", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, "<title>Svar</title><h1>%s %s %s</h1>", r.FormValue("navn"), r.FormValue("dag"), r.FormValue("ring"))
	})
	mux.HandleFunc("GET /feil", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, faulty)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// TestHarnessSound looks at a page without faults and finds none.
func TestHarnessSound(t *testing.T) {
	t.Parallel()
	url := proofServer(t)
	for _, s := range []screen{telephone, narrowest, desk} {
		p := openTab(t, s)
		if status := p.goTo(url); status != 200 {
			t.Fatalf("status %d", status)
		}
		if got := evaluate[int64](p, "innerWidth"); got != s.width {
			t.Errorf("the screen is %d wide, not %d", got, s.width)
		}
		if found := p.violations(); len(found) > 0 {
			t.Errorf("axe finds faults on a sound page: %v", found)
		}
		if px := p.overflow(); px != 0 {
			t.Errorf("overflow of %d px", px)
		}
		if small := p.smallTargets(44); len(small) > 0 {
			t.Errorf("small targets on a page of large ones: %v", small)
		}
		if got := p.complained(); len(got) > 0 {
			t.Errorf("a sound page complains: %v", got)
		}
		if len(p.picture("harness-sound")) < 1000 {
			t.Error("the picture is empty")
		}
	}
}

// TestHarnessFaulty looks at a page with faults and finds each of them.
func TestHarnessFaulty(t *testing.T) {
	t.Parallel()
	p := openTab(t, telephone)
	p.goTo(proofServer(t) + "/feil")
	var ids []string
	for _, v := range p.violations() {
		ids = append(ids, v.ID)
	}
	for _, want := range []string{"color-contrast", "document-title", "html-has-lang", "image-alt"} {
		if !slices.Contains(ids, want) {
			t.Errorf("axe did not find %s, only %v", want, ids)
		}
	}
	if p.overflow() < 500 {
		t.Error("a page of 900 px on a screen of 360 does not overflow")
	}
	if small := p.smallTargets(24); len(small) != 1 || !strings.Contains(small[0], "20×10") {
		t.Errorf("one small target of 20×10, found %v", small)
	}
	said := strings.Join(p.complained(), "\n")
	if !strings.Contains(said, "med vilje") || !strings.Contains(said, "finnes-ikke.png") {
		t.Errorf("the page complains of an error and a missing picture; heard:\n%s", said)
	}
	if n := p.printed(); n < 5 {
		t.Errorf("a page of 9000 px is printed on %d sheets", n)
	}
	if stops := p.tabThrough(10); len(stops) != 1 || stops[0].Ring != 0 {
		t.Errorf("one stop without a mark of focus, found %v", stops)
	}
}

// TestHarnessActs reads, counts, writes and sends, also without scripts.
func TestHarnessActs(t *testing.T) {
	t.Parallel()
	url := proofServer(t)
	for _, noScripts := range []bool{false, true} {
		t.Run(fmt.Sprintf("scripts off %t", noScripts), func(t *testing.T) {
			t.Parallel()
			p := openTab(t, screen{width: 360, height: 640, noScripts: noScripts, dark: noScripts,
				language: "nn-NO,nb;q=0.8", cookies: map[string]string{"palett": "rolig"}})
			p.goTo(url)
			want := map[string]string{"#script": "på", "#cookie": "rolig", "#lang": "nn-NO,nb;q=0.8"}
			if noScripts {
				want["#script"] = "av"
			}
			for css, text := range want {
				if got := p.text(css); got != text {
					t.Errorf("%s says %q, not %q", css, got, text)
				}
			}
			if n := p.words("#nar"); n != 6 {
				t.Errorf("%d words, not 6", n)
			}
			if all, some := p.words("#hele"), p.wordsUpTo("#hele", "#mer"); all-some != 7 {
				t.Errorf("%d words in all and %d before the links, a difference of 7 was expected", all, some)
			}
			if p.bottom("#nar") > 640 || p.has("#finnes-ikke") {
				t.Error("the first lines are on the first screen, and there is no other")
			}
			if light := p.luminance(); noScripts != (light < 0.1) {
				t.Errorf("mean luminance %.2f where dark is %t", light, noScripts)
			}
			stops := p.tabThrough(10)
			if len(stops) != 6 {
				t.Fatalf("the focus rests in 6 places, not in %v", stops)
			}
			for _, s := range stops {
				if s.Ring != 3 || s.Covered {
					t.Errorf("%+v has no visible mark of 3 px", s)
				}
			}
			if n := p.printed(); n != 1 {
				t.Errorf("printed on %d sheets", n)
			}
			p.write("#navn", "jeg er for syk")
			p.choose("#dag", "i morgen")
			p.tick("#ring")
			if status := p.press("button"); status != http.StatusConflict {
				t.Errorf("status %d", status)
			}
			if got := p.text("h1"); got != "jeg er for syk i morgen ja" || p.address() != url+"/svar" {
				t.Errorf("at %s the page says %q", p.address(), got)
			}
		})
	}
}
