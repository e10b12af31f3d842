package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
)

// The pages for prescribers, and the page of who may come in, in four languages
// and palettes.
func TestProfessionalPagesInTheBrowser(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for code, palette := range map[string]string{"nb": "standard", "nn": "calm", "sv": "dark", "en": "dim"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := telephone
			if code == "en" {
				s = desk
			}
			s.cookies = map[string]string{"display": palette + ".1", "language": code}
			p := openTab(t, s)
			look := func(path string) {
				if status := p.goTo(h.url + path); status != http.StatusOK {
					t.Fatalf("%s answers %d", path, status)
				}
				for _, v := range p.violations() {
					t.Errorf("%s: %s", path, v)
				}
				if by := p.overflow(); by > 0 {
					t.Errorf("%s is %d pixels too wide", path, by)
				}
				if text := p.text("main"); strings.Contains(text, "‹") {
					t.Errorf("%s has a text that is not filled: %s", path, around(text))
				}
			}
			look("/professional")
			p.picture("professional-door-" + code)
			token, err := h.s.Enter(context.Background(), casework.Entry{
				Actor: care.Actor{Kind: care.Professional, ID: "turid"}, Login: casework.Login{Level: "high", Prescriber: casework.Declared}, Method: "test",
			})
			if err != nil {
				t.Fatal(err)
			}
			p.goTo(h.url + "/login?token=" + token + "&to=/professional")
			look("/professional")
			look("/professional/no.pain")
			p.picture("professional-" + code)
			if said := p.complained(); len(said) > 0 {
				t.Errorf("the browser complains: %v", said)
			}
		})
	}
}
