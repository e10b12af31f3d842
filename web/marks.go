package web

import (
	"bytes"
	"context"
	"html"
	"io"
	"regexp"
	"strings"

	"forlop/care"

	"github.com/a-h/templ"
)

// A text is a string all the way to the page, but some parts of it are more: a
// date that programs can read, words in another language than the page's. Such a
// part is marked where the text is made and becomes an element when the page is
// drawn. The marks are characters for private use, which no text of ours or of
// anybody else's has; text that leaves by another way than a page is made plain.
const (
	markOpen  = '\uE000' // before what the part is: "d" and a date, or "l" and a language
	markText  = '\uE001' // before its words
	markClose = '\uE002'
)

func mark(what, text string) string {
	return string(markOpen) + what + string(markText) + text + string(markClose)
}

// foreign marks words that are in another language than l.
func (l *language) foreign(code care.Language, text string) string {
	if text == "" || code == l.code || code == "" {
		return text
	}
	// The name of the Norwegian language stands for both of its forms.
	if code == norwegian && (l.code == care.Bokmal || l.code == care.Nynorsk) {
		return text
	}
	what := "l" + string(code)
	if other := (&language{code: code}); other.right() != l.right() {
		what += "." + other.direction()
	}
	return mark(what, text)
}

// norwegian is what a name from Norway is marked as where the page is in another
// language: it is neither bokmål nor nynorsk.
const norwegian care.Language = "no"

// spokenIn is the language that names from a country are in.
func spokenIn(r care.Regime) care.Language {
	if r == care.Sweden {
		return care.Swedish
	}
	return norwegian
}

var anyMark = regexp.MustCompile(`\x{E000}[^\x{E001}]*\x{E001}|[\x{E000}-\x{E002}]`)

// plain is a text without marks.
func plain(text string) string {
	if !strings.ContainsAny(text, string(markOpen)+string(markText)+string(markClose)) {
		return text
	}
	return anyMark.ReplaceAllString(text, "")
}

// frame is a whole page around its content, with the marked parts of its texts
// made into elements.
func frame(p page) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		if err := wholePage(p).Render(ctx, &b); err != nil {
			return err
		}
		_, err := io.WriteString(w, elements(b.String()))
		return err
	})
}

// wordsOnly are elements whose content is text and nothing else.
var wordsOnly = regexp.MustCompile(`^<(title|option|textarea|style|script)[\s>]`)

// elements makes the marks in a page's text into elements, and takes them out of
// attributes and of what may hold words only. A page is drawn by templates that
// write every < and > of a text as &lt; and &gt;, so that one stands only where a
// tag begins or ends.
func elements(page string) string {
	if !strings.ContainsRune(page, markOpen) {
		return plain(page)
	}
	var b strings.Builder
	b.Grow(len(page))
	bare := false
	for page != "" {
		text, rest, _ := strings.Cut(page, "<")
		if bare {
			b.WriteString(plain(text))
		} else {
			partsOf(&b, text)
		}
		page = page[len(text):]
		if page == "" {
			break
		}
		tag := page
		if end := strings.IndexByte(rest, '>'); end >= 0 {
			tag = page[:end+2]
		}
		b.WriteString(plain(tag))
		page = page[len(tag):]
		bare = wordsOnly.MatchString(tag)
	}
	return b.String()
}

var (
	dateMark     = regexp.MustCompile(`^d(\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))?)$`)
	languageMark = regexp.MustCompile(`^l([A-Za-z-]{2,16})(?:\.(rtl|ltr))?$`)
)

// partsOf writes a text with its marked parts as elements. What is open at the
// end of the text is closed there, and what was never opened is dropped: nobody
// can break a page by writing a mark.
func partsOf(b *strings.Builder, text string) {
	var open []string
	for text != "" {
		i := strings.IndexAny(text, string(markOpen)+string(markText)+string(markClose))
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		text = text[i:]
		switch {
		case strings.HasPrefix(text, string(markOpen)):
			what, rest, found := strings.Cut(text[len(string(markOpen)):], string(markText))
			if !found {
				text = text[len(string(markOpen)):]
				continue
			}
			text = rest
			if d := dateMark.FindStringSubmatch(what); d != nil {
				b.WriteString(`<time datetime="` + d[1] + `">`)
				open = append(open, "</time>")
			} else if l := languageMark.FindStringSubmatch(what); l != nil {
				b.WriteString(`<span lang="` + html.EscapeString(l[1]) + `"`)
				if l[2] != "" {
					b.WriteString(` dir="` + l[2] + `"`)
				}
				b.WriteString(`>`)
				open = append(open, "</span>")
			} else {
				open = append(open, "")
			}
		case strings.HasPrefix(text, string(markClose)):
			text = text[len(string(markClose)):]
			if len(open) > 0 {
				b.WriteString(open[len(open)-1])
				open = open[:len(open)-1]
			}
		default:
			text = text[len(string(markText)):]
		}
	}
	b.WriteString(text)
	for len(open) > 0 {
		b.WriteString(open[len(open)-1])
		open = open[:len(open)-1]
	}
}
