package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/simulation"
)

// previewPage is the patient's page of a version on some days, side by side.
type previewPage struct {
	tabs     []link
	nothing  string // why there is nothing to look at
	filter   filter
	stops    []link
	previous *link
	next     *link
	days     []previewDay
	findings []findingLine
}

// previewDay is one day, in every language and palette that was asked for.
type previewDay struct {
	id, title string
	frames    []previewFrame
}

// previewFrame is one page in one language and palette.
type previewFrame struct {
	title, caption, address string
	lang                    care.Language
	eager                   bool // loaded before it is scrolled to
}

func (f previewFrame) loading() string {
	if f.eager {
		return "eager"
	}
	return "lazy"
}

// The days that a preview opens with, where the story is that long: ours, after
// the limits of the national pathways.
var firstDays = []int{0, 30, 84}

// mostDays is how many days are shown at once.
const mostDays = 4

// previewPalettes are the palettes that are looked at; auto is one of them on
// every device.
var previewPalettes = palettes[1:]

// framingPolicy lets a page show frames of our own, and nothing else more.
const framingPolicy = policy + "; frame-src 'self'"

func showPreview(c *call) error {
	p, s, err := c.author("staff.author.title.preview")
	if err != nil {
		return err
	}
	x := previewPage{tabs: authorTabs(p, s, "preview")}
	stories, findings, err := c.stories(s)
	if err != nil {
		return err
	}
	x.findings = findingLines(p, s, findings)
	if len(stories) == 0 {
		x.nothing = p.T("staff.author.preview.nothing")
		return write(c.w, c.r, http.StatusOK, previewBody(p, x))
	}
	q := c.r.URL.Query()
	story := storyIn(stories, q.Get("example"))
	lang, palette := q.Get("lang"), q.Get("palette")
	if !slices.Contains(care.Languages, care.Language(lang)) {
		lang = ""
	}
	if palette != "all" && !slices.Contains(previewPalettes, palette) {
		palette = previewPalettes[0]
	}
	days := daysOf(q.Get("day"), story)
	address := func(days []int) string {
		v := url.Values{"example": {story.Name}, "day": {daysText(days)}, "palette": {palette}}
		if lang != "" {
			v.Set("lang", lang)
		}
		return pathwayAddress(s.ref(), "/preview?"+v.Encode())
	}
	x.filter = previewFilter(p, s, stories, story, days, lang, palette)
	for _, d := range story.Stops {
		x.stops = append(x.stops, link{text: p.lang.Number(d), href: address([]int{d}), current: slices.Equal(days, []int{d})})
	}
	x.previous, x.next = neighbours(p, story, days, address)
	for _, d := range days {
		day := previewDay{id: "day-" + strconv.Itoa(d), title: p.T("staff.author.preview.day", "day", d)}
		for _, code := range care.Languages {
			if lang != "" && string(code) != lang {
				continue
			}
			for _, name := range previewPalettes {
				if palette != "all" && palette != name {
					continue
				}
				v := url.Values{"example": {story.Name}, "day": {strconv.Itoa(d)}, "lang": {string(code)}, "palette": {name}}
				caption := p.T("staff.author.language."+string(code)) + ", " + lowerFirst(p.T("display."+name))
				day.frames = append(day.frames, previewFrame{
					title: p.T("staff.author.preview.frame", "day", d, "what", caption), caption: caption, lang: code,
					address: pathwayAddress(s.ref(), "/preview/at/me?"+v.Encode()),
				})
			}
		}
		x.days = append(x.days, day)
	}
	c.w.Header().Set("Content-Security-Policy", framingPolicy)
	return write(c.w, c.r, http.StatusOK, previewBody(p, x))
}

// daysOf reads days such as "0, 30, 84"; without any, the first days as far as
// the story goes.
func daysOf(text string, story simulation.Story) []int {
	var days []int
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		if d, err := strconv.Atoi(word); err == nil && d >= 0 && d <= lastDay && len(days) < mostDays {
			days = append(days, d)
		}
	}
	if len(days) == 0 {
		for _, d := range firstDays {
			if d <= story.Last() {
				days = append(days, d)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func daysText(days []int) string {
	words := make([]string, len(days))
	for i, d := range days {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, ",")
}

// neighbours lead to the day before and the day after on which something
// happens.
func neighbours(p page, story simulation.Story, days []int, address func([]int) string) (previous, next *link) {
	for _, d := range story.Stops {
		to := func() *link { return &link{text: p.T("staff.author.preview.day", "day", d), href: address([]int{d})} }
		if d < days[0] {
			previous = to()
		}
		if next == nil && d > days[len(days)-1] {
			next = to()
		}
	}
	return previous, next
}

func previewFilter(p page, s *source, stories []simulation.Story, story simulation.Story, days []int, lang, palette string) filter {
	examples := choiceField{name: "example", legend: p.T("staff.author.preview.example")}
	for _, st := range stories {
		label := st.Name
		if label == "" {
			label = p.T("staff.author.preview.plain")
		}
		examples.choices = append(examples.choices, choice{value: st.Name, label: label, chosen: st.Name == story.Name})
	}
	languages := choiceField{name: "lang", legend: p.T("staff.author.preview.language"), choices: []choice{{label: p.T("staff.author.preview.all")}}}
	for _, code := range care.Languages {
		languages.choices = append(languages.choices, choice{value: string(code), label: p.T("staff.author.language." + string(code)), chosen: string(code) == lang})
	}
	colours := choiceField{name: "palette", legend: p.T("display.palette")}
	for _, name := range previewPalettes {
		colours.choices = append(colours.choices, choice{value: name, label: p.T("display." + name), chosen: name == palette})
	}
	colours.choices = append(colours.choices, choice{value: "all", label: p.T("staff.author.preview.all"), chosen: palette == "all"})
	return filter{
		action: pathwayAddress(s.ref(), "/preview"), selects: []choiceField{examples, languages, colours},
		fields: []field{{name: "day", label: p.T("staff.author.preview.days"), value: strings.ReplaceAll(daysText(days), ",", ", ")}},
	}
}
