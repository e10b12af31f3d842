package web

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"forlop/care"
	"forlop/pathway"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	tags "golang.org/x/text/language"
)

// SiteTexts are the languages that a site has added for those who read none of
// the four: as much as somebody there has translated. What is not translated is
// said in one of the four, and marked as being in that language.
//
// A folder holds text.<language>.yaml with the names of the page texts, and for
// a pathway a folder of its id with text.<language>.yaml as the pathway has it.
// The first says what the language calls itself, language.name, and may say
// which of the four stands in, language.falls-back (nb where it does not).
type SiteTexts struct{ languages []*siteLanguage }

type siteLanguage struct {
	code, falls care.Language
	texts       catalogue
	pathways    map[string]catalogue
	of          map[string]int // how many texts each pathway has
}

// Coverage is how much of something a site has translated.
type Coverage struct {
	Language care.Language
	Name     string // what the language calls itself
	Of       string // "pages", or the id of a pathway
	Have     int
	All      int
	FallsTo  care.Language
}

func (c Coverage) String() string {
	return fmt.Sprintf("%s (%s): %d of %d texts of %s, %d %%; the rest is said in %s", c.Language, c.Name, c.Have, c.All, c.Of, 100*c.Have/max(1, c.All), c.FallsTo)
}

// Coverage lists how much is translated: of what patients read on pages, and of
// each pathway that is begun.
func (s *SiteTexts) Coverage() []Coverage {
	var list []Coverage
	all := 0
	english := patientKeys()
	for range english {
		all++
	}
	for _, l := range s.languages {
		have := 0
		for key := range l.texts {
			if english[key] {
				have++
			}
		}
		name := l.texts[languageName].other
		list = append(list, Coverage{l.code, name, "pages", have, all, l.falls})
		for _, id := range slices.Sorted(maps.Keys(l.pathways)) {
			list = append(list, Coverage{l.code, name, id, len(l.pathways[id]), l.of[id], l.falls})
		}
	}
	return list
}

// The names in a site's file that say something of the language itself.
const (
	languageName  = "language.name"
	languageFalls = "language.falls-back"
)

// patientKeys are the names of what patients read on pages.
func patientKeys() map[string]bool {
	texts, err := catalogues()
	if err != nil {
		return nil // boot has failed already
	}
	keys := map[string]bool{}
	for key := range texts[care.English] {
		if readByPatients(key) {
			keys[key] = true
		}
	}
	return keys
}

// readByPatients reports whether a text stands on pages that patients see.
func readByPatients(key string) bool {
	section, _, _ := strings.Cut(key, ".")
	return !slices.Contains([]string{"staff", "author", "word", "language"}, section)
}

// ReadSiteTexts reads the folder in which a site keeps its own languages. known
// are the pathways that can be translated. A finding that is an error means that
// the texts must not be used.
func ReadSiteTexts(folder fs.FS, known []*pathway.Definition) (*SiteTexts, []pathway.Finding) {
	s := &SiteTexts{}
	var found finder
	names, err := fs.Glob(folder, "text.*.yaml")
	if err != nil || len(names) == 0 {
		found.add(message{file: "text.<language>.yaml"}, textUnreadable, "the folder has no texts")
		return s, found
	}
	for _, name := range names {
		code := care.Language(strings.TrimSuffix(strings.TrimPrefix(name, "text."), ".yaml"))
		texts, faults := readCatalogue(folder, name)
		found = append(found, faults...)
		if why := refusedLanguage(code); why != "" {
			found.add(message{file: name, line: 1, col: 1}, textUnreadable, "%s", why)
			continue
		}
		l := &siteLanguage{code: code, falls: care.Bokmal, texts: texts, pathways: map[string]catalogue{}, of: map[string]int{}}
		if m, ok := texts[languageFalls]; ok {
			l.falls = care.Language(m.other)
			if !slices.Contains(care.Languages, l.falls) {
				found.add(m, textUnreadable, "%s is %q; choose one of %v", languageFalls, m.other, care.Languages)
				l.falls = care.Bokmal
			}
		}
		if _, ok := texts[languageName]; !ok {
			found.add(message{file: name, line: 1, col: 1}, textMissing, "%s is missing: say what the language calls itself", languageName)
		}
		found.page(l)
		found.pathways(folder, l, known)
		s.languages = append(s.languages, l)
	}
	return s, sortFindings(found)
}

// refusedLanguage says why a site cannot add a language, "" when it can.
func refusedLanguage(code care.Language) string {
	switch tag, err := tags.Parse(string(code)); {
	case err != nil || string(code) != strings.ToLower(string(code)):
		return fmt.Sprintf("%q is not the code of a language, such as so or ar", code)
	case slices.Contains(care.Languages, code):
		return fmt.Sprintf("%s is in the program, and a site cannot change it here", code)
	case i18n.NewBundle(tags.English).AddMessages(tag, &i18n.Message{ID: "any", Other: "any"}) != nil:
		return fmt.Sprintf("how %s counts is not known, so that its texts cannot be said", code)
	default:
		return ""
	}
}

// page holds a site's page texts against the English ones.
func (f *finder) page(l *siteLanguage) {
	texts, err := catalogues()
	if err != nil {
		return // boot has failed already
	}
	english := texts[care.English]
	for _, key := range l.texts.keys() {
		if key == languageFalls {
			continue
		}
		m, of := l.texts[key], english[key]
		if of.key == "" {
			f.extra(m, key, english.keys())
			continue
		}
		f.forms(m, l.code)
		f.places(m, of)
		if m.plural() != of.plural() {
			f.add(m, textForms, "%s depends on a count in one of %s and %s only", key, m.file, of.file)
		}
	}
}

func (f *finder) extra(m message, key string, names []string) {
	hint := ""
	if near := pathway.Nearest(key, names); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	f.add(m, textExtra, "there is no text called %s%s", key, hint)
}

// pathways reads what a site has translated of pathways.
func (f *finder) pathways(folder fs.FS, l *siteLanguage, known []*pathway.Definition) {
	names, err := fs.Glob(folder, "*/text."+string(l.code)+".yaml")
	if err != nil {
		return // the pattern is ours
	}
	for _, name := range names {
		id := path.Dir(name)
		texts, faults := readCatalogue(folder, name)
		*f = append(*f, faults...)
		all := map[string]bool{}
		for _, def := range known {
			if def.Ref.ID == id && def.Texts[l.falls] != nil {
				withTexts(def.Texts[l.falls], func(key, text string) string { all[key] = true; return text })
			}
		}
		if len(all) == 0 {
			f.add(message{file: name, line: 1, col: 1}, textExtra, "there is no pathway called %s", id)
			continue
		}
		for _, key := range texts.keys() {
			if key == "language" || key == "revision" {
				delete(texts, key)
			} else if !all[key] {
				f.extra(texts[key], key, slices.Sorted(maps.Keys(all)))
			}
		}
		l.pathways[id], l.of[id] = texts, len(all)
	}
}

// translated is a pathway's text in a language of the site's own.
func (l *language) translated(id string, of *pathway.Text) *pathway.Text {
	mine := l.site.pathways[id]
	return withTexts(of, func(key, text string) string {
		if m, ok := mine[key]; ok {
			return m.other
		}
		return l.foreign(of.Language, text)
	})
}

// withTexts is a copy of a pathway's text with each of its strings said anew.
// say gets the name that the string has in the file, such as steps.assess.title.
func withTexts(t *pathway.Text, say func(key, text string) string) *pathway.Text {
	out := *t
	v := reflect.ValueOf(&out).Elem()
	for i := range v.NumField() {
		if name := kebab(v.Type().Field(i).Name); name != "language" && name != "revision" {
			sayAnew(v.Field(i), name, say)
		}
	}
	return &out
}

func sayAnew(v reflect.Value, key string, say func(key, text string) string) {
	switch v.Kind() {
	case reflect.String:
		if v.String() != "" {
			v.SetString(say(key, v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			sayAnew(v.Field(i), key+"."+kebab(v.Type().Field(i).Name), say)
		}
	case reflect.Map:
		fresh := reflect.MakeMapWithSize(v.Type(), v.Len())
		for _, name := range v.MapKeys() {
			entry := reflect.New(v.Type().Elem()).Elem()
			entry.Set(v.MapIndex(name))
			sayAnew(entry, key+"."+name.String(), say)
			fresh.SetMapIndex(name, entry)
		}
		v.Set(fresh)
	default: // nothing else of a text is words
	}
}

// kebab writes a name of Go as it stands in files: ComeBack, come-back.
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
