package web

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"forlop/care"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/nb"
	"github.com/go-playground/locales/nn"
	"github.com/go-playground/locales/sv"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/collate"
	tags "golang.org/x/text/language"
)

// A language says texts, dates, numbers and lists in one of the four languages.
type language struct {
	code   care.Language
	locale locales.Translator
	// voices are asked in turn: the language itself, then its fallbacks. A
	// test holds that the first one always answers; the others are there so
	// that a fault in one text does not become a page without words.
	voices []*i18n.Localizer
}

// speak is the language of that code, and bokmål for any other code.
func speak(code care.Language) *language {
	all := languages()
	if l, ok := all[code]; ok {
		return l
	}
	return all[care.Bokmal]
}

var languages = sync.OnceValue(func() map[care.Language]*language {
	texts, err := catalogues()
	if err != nil {
		panic(err) // the texts are in the binary, and a test reads them all
	}
	bundle := i18n.NewBundle(tags.Make(string(care.Bokmal)))
	for code, c := range texts {
		for _, m := range c {
			if err := bundle.AddMessages(tags.Make(string(code)), m.said()); err != nil {
				panic(err)
			}
		}
	}
	voice := func(code care.Language) *i18n.Localizer { return i18n.NewLocalizer(bundle, string(code)) }
	speaks := func(code care.Language, locale locales.Translator, fallbacks ...care.Language) *language {
		l := &language{code: code, locale: locale, voices: []*i18n.Localizer{voice(code)}}
		for _, f := range fallbacks {
			l.voices = append(l.voices, voice(f))
		}
		return l
	}
	return map[care.Language]*language{
		care.Bokmal:  speaks(care.Bokmal, nb.New(), care.English),
		care.Nynorsk: speaks(care.Nynorsk, nn.New(), care.Bokmal, care.English),
		care.Swedish: speaks(care.Swedish, sv.New(), care.English),
		care.English: speaks(care.English, en_GB.New()),
	}
})

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
	for _, voice := range l.voices {
		if text, err := voice.Localize(config); err == nil {
			return text
		}
	}
	return "‹" + key + "›"
}

// has reports whether the language itself has a text of that key.
func (l *language) has(key string) bool {
	texts, err := catalogues()
	if err != nil {
		return false
	}
	_, ok := texts[l.code][key]
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
func (l *language) Number(n int) string { return l.locale.FmtNumber(float64(n), 0) }

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
	tag := tags.Make(string(l.code))
	if l.code == care.Bokmal {
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

var offered = func() []tags.Tag {
	list := make([]tags.Tag, len(care.Languages))
	for i, code := range care.Languages {
		list[i] = tags.Make(string(code))
	}
	return list
}()

var matcher = tags.NewMatcher(offered)

// readBokmal are Danish and the Sámi languages: the library's own choice for
// their readers would be English.
var readBokmal = []string{"da", "se", "sma", "smj", "smn", "sms"}

// negotiate chooses the language of an answer: what the account says, else
// what the cookie says, else the best of the browser's list, else bokmål.
func negotiate(account care.Language, cookie, accept string) care.Language {
	if slices.Contains(care.Languages, account) {
		return account
	}
	if slices.Contains(care.Languages, care.Language(cookie)) {
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
	_, i, confidence := matcher.Match(wanted...)
	if confidence == tags.No {
		return care.Bokmal
	}
	return care.Languages[i]
}
