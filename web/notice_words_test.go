package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/pathway"
	"forlop/pathway/library"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

var closedTexts = []messaging.Template{messaging.Plain, messaging.Named, messaging.Timed}

// grammar is all that a template can say: its own words with slots for what may
// differ, and nothing else.
func grammar(t *testing.T, l care.Language, c messaging.Channel, of messaging.Template) *regexp.Regexp {
	t.Helper()
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	text := all[l]["notice."+string(c)+"."+string(of)].other
	if text == "" {
		t.Fatalf("%s has no template %s for %s", l, of, c)
	}
	form := regexp.QuoteMeta(text)
	for slot, holds := range map[string]string{
		"link": `https://[a-z.]+/[a-z]*`, "sender": `[\p{L} ]{1,60}`, "name": `\p{L}[\p{L}'-]{0,39}`, "day": `\p{L}+ \d{1,2}\.? \p{L}+`, "time": `\d\d[.:]\d\d`,
	} {
		form = strings.ReplaceAll(form, `\{`+slot+`\}`, "(?:"+holds+")")
	}
	return regexp.MustCompile(`\A` + form + `\z`)
}

// TestTemplatesAreClosed: every template in every language says what its grammar
// says, has no word of health beside what it is filled with, and fits one or two
// SMS (U29, P9).
func TestTemplatesAreClosed(t *testing.T) {
	t.Parallel()
	words := Notices(nil)
	read := 0
	for _, l := range care.Languages {
		for _, c := range []messaging.Channel{messaging.ByEmail, messaging.BySMS} {
			for _, of := range closedTexts {
				slots := messaging.Slots{Sender: "Fjord", Link: "https://forlop.example.org/me"}
				if of != messaging.Plain {
					slots.Name = "Åsne-Máret"
				}
				if of == messaging.Timed {
					slots.Day, slots.Time = words.When(l, time.Date(2026, 5, 17, 7, 30, 0, 0, time.UTC))
				}
				if err := of.Check(slots); err != nil {
					t.Errorf("%s %s %s: %v", l, c, of, err)
				}
				subject, text, err := words.Say(l, c, of, slots)
				if err != nil || !grammar(t, l, c, of).MatchString(text) {
					t.Errorf("%s %s %s is off its grammar: %q %v", l, c, of, text, err)
				}
				bare := text
				for _, s := range []string{slots.Link, slots.Sender, slots.Name, slots.Day, slots.Time} {
					if s != "" {
						bare = strings.ReplaceAll(bare, s, "")
					}
				}
				if w := messaging.HealthWord(subject + " " + bare); w != "" {
					t.Errorf("%s %s %s says %q", l, c, of, w)
				}
				if c == messaging.ByEmail == (subject == "") || strings.Contains(subject, "{") {
					t.Errorf("%s %s has the subject %q", l, c, subject)
				}
				if n := len([]rune(text)); c == messaging.BySMS && n > 160 {
					t.Errorf("%s %s %s has %d characters", l, c, of, n)
				}
				read++
			}
		}
	}
	if read != 24 {
		t.Errorf("%d templates were read", read)
	}
	for said, want := range map[string]string{
		"Time på smerteklinikken": "smerteklinikken", "Du har ME": "me", "Din remiss": "remiss", "Your pain": "pain", "Det er noe nytt til deg": "",
	} {
		if got := messaging.HealthWord(said); got != want {
			t.Errorf("%q gives away %q, want %q", said, got, want)
		}
	}
}

// TestSlotsAreClosed: a link with anything behind it, a name that is more than one
// and a sender with a clinic in it fill no template.
func TestSlotsAreClosed(t *testing.T) {
	t.Parallel()
	good := messaging.Slots{Sender: "Fjord", Link: "https://forlop.example.org/me", Name: "Ola", Day: "mandag 4. mai", Time: "09.30"}
	if err := messaging.Timed.Check(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*messaging.Slots){
		"token":    func(s *messaging.Slots) { s.Link += "?token=x" },
		"fragment": func(s *messaging.Slots) { s.Link += "#x" },
		"user":     func(s *messaging.Slots) { s.Link = "https://ola@forlop.example.org/me" },
		"script":   func(s *messaging.Slots) { s.Link = "javascript:alert(1)" },
		"lines":    func(s *messaging.Slots) { s.Sender = "Fjord\r\nBcc: x@example.org" },
		"clinic":   func(s *messaging.Slots) { s.Sender = "Smerteklinikken" },
		"words":    func(s *messaging.Slots) { s.Name = "Ola, du har kreft: http://x" },
		"no name":  func(s *messaging.Slots) { s.Name = "" },
		"no time":  func(s *messaging.Slots) { s.Time = "snart" },
	} {
		s := good
		change(&s)
		if messaging.Timed.Check(s) == nil {
			t.Errorf("%s: %+v fills the template", name, s)
		}
	}
	if messaging.Plain.Check(good) == nil {
		t.Error("the plain template takes a name")
	}
}

// TestTypeface: the letter's typeface has every letter that the four languages and
// Sami are written with, and every sign of the pathways' own texts.
func TestTypeface(t *testing.T) {
	t.Parallel()
	all := "æøåäöüéÆØÅÄÖÜÉ áčđŋšŧžÁČĐŊŠŦŽ –—·§«»…’”"
	cats, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cats {
		for key, m := range c {
			if strings.HasPrefix(key, "letter.") || strings.HasPrefix(key, "me.") || strings.HasPrefix(key, "visit.") {
				all += strings.Join(m.forms(), "")
			}
		}
	}
	for _, id := range library.All() {
		files, _ := library.Files(id)
		def, _ := pathway.Load(files)
		if def == nil {
			t.Fatalf("%s cannot be read", id)
		}
		for _, text := range def.Texts {
			for _, s := range text.Steps {
				all += s.Title + s.Waiting
			}
		}
	}
	for name, file := range map[string][]byte{"regular": goregular.TTF, "bold": gobold.TTF} {
		font, err := sfnt.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		missing := map[rune]bool{}
		for _, r := range printable(all) {
			if i, err := font.GlyphIndex(nil, r); (err != nil || i == 0) && r > ' ' {
				missing[r] = true
			}
		}
		for r := range missing {
			t.Errorf("%s has no %q", name, r)
		}
	}
}
