package messaging

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"forlop/care"
)

// Template is one of the closed texts that e-mail and SMS are made of. There is no
// free text in any of them.
type Template string

// The templates. Named and Timed are for those who have consented to it.
const (
	Plain Template = "news"  // there is something new on your page
	Named Template = "named" // the same, with the first name
	Timed Template = "time"  // the first name, and day and time of an appointment
)

// Slots are what a template is filled with. What a template has no place for is
// left empty.
type Slots struct {
	// Sender is the neutral name of whoever sends.
	Sender string
	// Link leads to the page where one logs in. It bears no token.
	Link string
	// Name is the first name; Day and Time are of an appointment.
	Name, Day, Time string
}

// TemplateOf is the template for notices: the details only with consent.
func TemplateOf(w Wishes, name string, appointment bool) Template {
	switch {
	case !w.Details || name == "":
		return Plain
	case appointment:
		return Timed
	}
	return Named
}

var (
	nameForm = regexp.MustCompile(`^[\p{L}][\p{L}\p{M}'’ .-]{0,39}$`)
	dayForm  = regexp.MustCompile(`^[\p{L}\d .,]{3,40}$`)
	timeForm = regexp.MustCompile(`^\d{1,2}[:.]\d{2}( ?[ap]\.?m\.?)?$`)
)

// Check refuses slots that a template has no place for, or that hold anything else
// than they say. It is asked of every message before it leaves.
func (t Template) Check(s Slots) error {
	bad := func(slot string) error {
		return care.Refuse("notice-slot", "{slot} cannot stand in a message of the kind {template}.", "slot", slot, "template", string(t))
	}
	named, timed := t == Named || t == Timed, t == Timed
	switch {
	case s.Sender == "" || len(s.Sender) > 60 || strings.ContainsAny(s.Sender, "\r\n<>") || HealthWord(s.Sender) != "":
		return bad("sender")
	case !bareLink(s.Link):
		return bad("link")
	case named != (s.Name != "") || named && !nameForm.MatchString(s.Name):
		return bad("name")
	case timed != (s.Day != "") || timed && !dayForm.MatchString(s.Day):
		return bad("day")
	case timed != (s.Time != "") || timed && !timeForm.MatchString(s.Time):
		return bad("time")
	case t != Plain && !named:
		return bad("template")
	}
	return nil
}

// bareLink reports whether a link is an address alone: nothing that says who
// opens it, and nothing that lets anybody in.
func bareLink(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" &&
		!strings.Contains(link, "?") && !strings.Contains(link, "#")
}

// healthWords begin words that give away that a message is about health, an
// illness or a kind of clinic, by language; a leading = asks for the whole word.
// Ours: assumed, to be read by a clinician of each language.
var healthWords = map[care.Language][]string{
	care.Bokmal: {
		"smert", "utmatt", "=me", "cfs", "klinik", "sykehus", "sjukehus", "psyk", "lege", "diagno", "henvis", "behandl", "sykdom", "sykmeld", "sykemeld",
		"pasient", "helse", "terap", "rehab", "medisin", "resept", "poliklin", "spesialist", "forløp", "fysio", "muskel", "angst", "depres", "kommune",
	},
	care.Nynorsk: {"utmatting", "sjuk", "lækjar", "tilvis", "handsam", "helse", "forløp", "angst"},
	care.Swedish: {
		"smärt", "trött", "utmatt", "klinik", "sjuk", "läkar", "remiss", "behandl", "hälso", "hälsa", "vård", "patient", "mottagning", "recept", "rehab",
		"förlopp", "ångest", "primärvård", "specialist",
	},
	care.English: {
		"pain", "fatigue", "clinic", "hospital", "doctor", "diagnos", "referral", "treat", "illness", "patient", "health", "therap", "rehab",
		"medic", "prescri", "ward", "pathway", "exhaust", "sick", "depress", "anxiety", "specialist", "physio",
	},
}

// HealthWord is the first word in a text that gives health away, in any of the
// languages; empty where there is none.
func HealthWord(text string) string {
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, l := range care.Languages {
			for _, w := range healthWords[l] {
				whole, exact := strings.CutPrefix(w, "=")
				if exact && word == whole || !exact && strings.HasPrefix(word, w) {
					return word
				}
			}
		}
	}
	return ""
}
