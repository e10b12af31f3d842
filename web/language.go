package web

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"forlop/care"

	"github.com/go-playground/locales"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/collate"
	tags "golang.org/x/text/language"
)

// A language says texts, dates, numbers and lists in one language: one of the
// four, or one that the site has added.
type language struct {
	code   care.Language
	locale locales.Translator // nil where we do not know how the language writes dates
	among  *tongues
	// voices are asked in turn: the language itself, then its fallbacks. For the
	// four a test holds that the first one always answers; the others are there
	// so that a fault in one text does not become a page without words.
	voices []voice
	// site is what the site has translated itself; nil for the four.
	site *siteLanguage
}

// A voice is one of the languages that a text is looked for in.
type voice struct {
	code care.Language
	*i18n.Localizer
}

// tongues are all languages that a service speaks: the four, and the site's own.
type tongues struct {
	all     map[care.Language]*language
	offered []care.Language
	matcher tags.Matcher
}

// speak is one of the four languages, and bokmål for any other code.
func speak(code care.Language) *language { return shipped().speak(code) }

// speak is the language of that code, and bokmål for any other code.
func (t *tongues) speak(code care.Language) *language {
	if l, ok := t.all[code]; ok {
		return l
	}
	return t.all[care.Bokmal]
}

// shipped are the four languages.
var shipped = sync.OnceValue(func() *tongues { return newTongues(nil) })

// newTongues are the four languages and those of a site.
func newTongues(own *SiteTexts) *tongues {
	texts, err := catalogues()
	if err != nil {
		panic(err) // the texts are in the binary, and a test reads them all
	}
	bundle := i18n.NewBundle(tags.Make(string(care.Bokmal)))
	t := &tongues{all: map[care.Language]*language{}, offered: slices.Clone(care.Languages)}
	add := func(l language, texts catalogue, fallbacks ...care.Language) {
		for _, m := range texts {
			if err := bundle.AddMessages(tags.Make(string(l.code)), m.said()); err != nil {
				panic(err) // ReadSiteTexts has refused a language that nobody can count in
			}
		}
		l.among = t
		for _, code := range append([]care.Language{l.code}, fallbacks...) {
			l.voices = append(l.voices, voice{code, i18n.NewLocalizer(bundle, string(code))})
		}
		t.all[l.code] = &l
	}
	fallbacks := map[care.Language][]care.Language{care.Bokmal: {care.English}, care.Nynorsk: {care.Bokmal, care.English}, care.Swedish: {care.English}}
	for _, code := range care.Languages {
		add(language{code: code, locale: localeOf(code)}, texts[code], fallbacks[code]...)
	}
	if own != nil {
		for _, s := range own.languages {
			add(language{code: s.code, locale: localeOf(s.code), site: s}, s.texts, append([]care.Language{s.falls}, fallbacks[s.falls]...)...)
			t.offered = append(t.offered, s.code)
		}
	}
	list := make([]tags.Tag, len(t.offered))
	for i, code := range t.offered {
		list[i] = tags.Make(string(code))
	}
	t.matcher = tags.NewMatcher(list)
	return t
}

// said is the message as the library of plurals takes it.
func (m message) said() *i18n.Message {
	return &i18n.Message{
		ID: m.key, Zero: m.counted["zero"], One: m.counted["one"], Two: m.counted["two"], Few: m.counted["few"], Many: m.counted["many"], Other: m.other,
	}
}

// T says the text of that key with its places filled from args, given as name,
// value, name, value. The value named n is a count and chooses between the
// forms for one and for many. Dates, spans, numbers and lists are said in the
// language; everything else as it is.
//
// A key that no language has is said as ‹key›: a fault of ours that tests look
// for on every page.
func (l *language) T(key string, args ...any) string {
	values := make(map[string]string, len(args)/2)
	var count any
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return "‹" + key + "›"
		}
		if n, isCount := args[i+1].(int); isCount && name == "n" {
			count = n
		}
		values[name] = l.say(args[i+1])
	}
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: values, PluralCount: count, TemplateParser: places{}}
	for _, v := range l.voices {
		if text, err := v.Localize(config); err == nil {
			return l.foreign(v.code, text)
		}
	}
	return "‹" + key + "›"
}

// right reports whether the language is written from right to left.
func (l *language) right() bool {
	script, _ := tags.Make(string(l.code)).Script()
	return slices.Contains([]string{"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"}, script.String())
}

// direction is the way the language is written.
func (l *language) direction() string {
	if l.right() {
		return "rtl"
	}
	return "ltr"
}

// ours is the language itself where it is one of the four, and otherwise the
// one that stands in where the site has no translation.
func (l *language) ours() *language {
	if l.site != nil {
		return l.among.speak(l.site.falls)
	}
	return l
}

// has reports whether the language, or the one that stands in for it, has a text
// of that key.
func (l *language) has(key string) bool {
	texts, err := catalogues()
	if err != nil {
		return false
	}
	_, ok := texts[l.ours().code][key]
	return ok
}

func (l *language) say(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return l.Number(v)
	case care.Date:
		return l.Date(v)
	case care.Span:
		return l.Span(v)
	case []string:
		return l.List(v)
	default:
		return fmt.Sprint(v)
	}
}

// Number says a whole number with the language's sign for thousands.
func (l *language) Number(n int) string { return l.ours().locale.FmtNumber(float64(n), 0) }

// List says names one after the other: "a, b og c".
func (l *language) List(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		last := len(names) - 1
		return l.T("list.last", "rest", strings.Join(names[:last], ", "), "last", names[last])
	}
}

// sortNames orders values as readers of the language look up names, by the
// name that of gives. Bokmål is sorted as nynorsk: the library's own order for
// bokmål puts Æ, Ø and Å among A and O.
func sortNames[V any](l *language, values []V, of func(V) string) {
	tag := tags.Make(string(l.ours().code))
	if l.ours().code == care.Bokmal {
		tag = tags.Make(string(care.Nynorsk))
	}
	order := collate.New(tag, collate.IgnoreCase)
	slices.SortStableFunc(values, func(a, b V) int { return order.CompareString(of(a), of(b)) })
}

// places fills {name} in texts; it stands in for the library's own language of
// templates, which can call functions and would make a text into a program.
type places struct{}

func (places) Cacheable() bool { return true }

func (places) Parse(src, _, _ string) (i18ntemplate.ParsedTemplate, error) { return parseTemplate(src) }

// Execute fills the places from a map of names.
func (t template) Execute(data any) (string, error) {
	values, ok := data.(map[string]string)
	if !ok && len(t) > 1 {
		return "", fmt.Errorf("the places %v cannot be filled from %T", t.places(), data)
	}
	return t.fill(values), nil
}

// longestAccept keeps a header made to be slow from being read.
const longestAccept = 500

// readBokmal are Danish and the Sámi languages: the library's own choice for
// their readers would be English.
var readBokmal = []string{"da", "se", "sma", "smj", "smn", "sms"}

// negotiate chooses the language of an answer: what the account says, else
// what the cookie says, else the best of the browser's list, else bokmål. An
// account knows the four only, so one of the site's own that was chosen on this
// device goes before it.
func (t *tongues) negotiate(account care.Language, cookie, accept string) care.Language {
	if l, ok := t.all[care.Language(cookie)]; ok && l.site != nil {
		return l.code
	}
	if slices.Contains(care.Languages, account) {
		return account
	}
	if slices.Contains(t.offered, care.Language(cookie)) {
		return care.Language(cookie)
	}
	if len(accept) > longestAccept {
		return care.Bokmal
	}
	wanted, _, err := tags.ParseAcceptLanguage(accept)
	if err != nil {
		return care.Bokmal
	}
	for i, tag := range wanted {
		if base, _ := tag.Base(); slices.Contains(readBokmal, base.String()) {
			wanted[i] = tags.Make(string(care.Bokmal))
		}
	}
	_, i, confidence := t.matcher.Match(wanted...)
	if confidence == tags.No {
		return care.Bokmal
	}
	return t.offered[i]
}
