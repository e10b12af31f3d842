package pathway

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"forlop/care"
)

// Measures of the picture, in pixels of its own space.
const (
	boxWidth, boxGap    = 190, 46
	laneLabel           = 150
	lineHeight          = 16
	boxPad, stackGap    = 9, 16
	lanePad             = 18
	barHeight, barGap   = 22, 12
	textSize, smallSize = 13, 11
	margin              = 16
	charsPerBoxLine     = 21
	charsPerLaneLine    = 20
)

// Picture draws the pathway as an SVG: a row for everyone who does something,
// a box for each step with its latest date, arrows for what must come first,
// and a bar for each clock. It can be read in black and white, and its title
// and description say in words what it shows.
func Picture(d *Definition, l care.Language) []byte {
	p := &page{d: d, l: l, t: d.Texts[l]}
	if p.t == nil {
		p.t = newText(l)
	}
	g := &drawing{page: p, boxes: map[StepID]*box{}}
	g.place()
	return g.svg()
}

// box is a step in the picture.
type box struct {
	step          *Step
	column, lane  int
	x, y, height  int
	title, detail []string
}

type lane struct {
	role   RoleID
	label  []string
	y, end int
}

type drawing struct {
	*page
	boxes  map[StepID]*box
	order  []*box
	lanes  []*lane
	bottom int // below the lanes
	width  int
	b      strings.Builder
}

// place finds out where everything stands.
func (g *drawing) place() {
	columns := g.columns()
	last := 0
	for i := range g.d.Steps {
		s := &g.d.Steps[i]
		b := &box{step: s, column: columns[s.ID], lane: g.laneOf(s.Who),
			title: wrap(g.page.step(s.ID), charsPerBoxLine), detail: wrap(g.shortDate(s), charsPerBoxLine+8)}
		b.height = 2*boxPad + lineHeight*(len(b.title)+len(b.detail))
		b.x = margin + laneLabel + b.column*(boxWidth+boxGap)
		g.boxes[s.ID], g.order = b, append(g.order, b)
		last = max(last, b.column)
	}
	g.width = 2*margin + laneLabel + (last+1)*(boxWidth+boxGap)
	y := margin
	for i, ln := range g.lanes {
		ln.y = y
		tallest := lineHeight * (len(ln.label) + 1)
		stack := map[int]int{}
		for _, b := range g.order {
			if b.lane != i {
				continue
			}
			b.y = ln.y + lanePad + stack[b.column]
			stack[b.column] += b.height + stackGap
			tallest = max(tallest, stack[b.column]-stackGap)
		}
		ln.end = ln.y + tallest + 2*lanePad
		y = ln.end
	}
	g.bottom = y + margin
}

// columns gives each step its place in time: after everything it waits for.
func (g *drawing) columns() map[StepID]int {
	columns := map[StepID]int{}
	for range g.d.Steps { // a chain is at most as long as the list
		for i := range g.d.Steps {
			s := &g.d.Steps[i]
			for _, before := range g.d.before(s) {
				columns[s.ID] = min(max(columns[s.ID], columns[before]+1), len(g.d.Steps)-1)
			}
		}
	}
	return columns
}

// before lists the steps that s waits for, directly or through a milestone.
func (d *Definition) before(s *Step) []StepID {
	var all []StepID
	for _, n := range s.After {
		if n.Step != "" {
			all = append(all, n.Step)
			continue
		}
		for i := range d.Steps {
			if d.Steps[i].ID != s.ID && slices.Contains(d.sets(&d.Steps[i]), n.Milestone) {
				all = append(all, d.Steps[i].ID)
			}
		}
	}
	return all
}

func (g *drawing) laneOf(r RoleID) int {
	i := slices.IndexFunc(g.lanes, func(l *lane) bool { return l.role == r })
	if i < 0 {
		g.lanes = append(g.lanes, &lane{role: r, label: wrap(g.role(r), charsPerLaneLine)})
		i = len(g.lanes) - 1
	}
	return i
}

func (g *drawing) shortDate(s *Step) string {
	within, basis := s.By.Within, s.By.Basis
	if c, ok := g.d.Clock(s.By.Clock); ok {
		within, basis = c.Within, c.Basis
	}
	if within.IsZero() {
		return sayNoDate.in(g.l)
	}
	return g.say(saySoonest, g.span(within)) + " " + g.mark(basis)
}

func (g *drawing) svg() []byte {
	legend := wrap(sayLanes.in(g.l)+" "+sayDashed.in(g.l)+" "+sayMarks.in(g.l), max((g.width-2*margin)/6, charsPerBoxLine))
	height := g.bottom + len(g.d.Clocks)*(barHeight+barGap) + len(legend)*lineHeight + 2*margin
	title := g.t.Title
	if title == "" {
		title = g.d.ID
	}
	fmt.Fprintf(&g.b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="picture-title picture-words" lang="%s" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui, sans-serif" font-size="%d">`+"\n",
		esc(string(g.l)), g.width, height, g.width, height, textSize)
	fmt.Fprintf(&g.b, "<title id=\"picture-title\">%s: %s (%s)</title>\n", esc(sayPicture.in(g.l)), esc(title), esc(g.d.Ref.String()))
	fmt.Fprintf(&g.b, "<desc id=\"picture-words\">%s</desc>\n", esc(g.inWords()))
	g.b.WriteString(`<defs><marker id="picture-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#333"/></marker></defs>` + "\n")
	fmt.Fprintf(&g.b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", g.width, height)
	g.drawLanes()
	g.drawArrows()
	for _, b := range g.order {
		g.drawBox(b)
	}
	g.drawClocks()
	g.words(margin, height-margin-lineHeight*(len(legend)-1), legend, smallSize, "")
	g.b.WriteString("</svg>\n")
	return []byte(g.b.String())
}

// inWords is the picture for those who do not see it.
func (g *drawing) inWords() string {
	var b strings.Builder
	b.WriteString(sayLanes.in(g.l))
	for i, s := range g.order {
		fmt.Fprintf(&b, " %d. %s: %s. %s.", i+1, g.page.step(s.step.ID), g.role(s.step.Who), strings.Join(s.detail, " "))
	}
	return b.String()
}

func (g *drawing) drawLanes() {
	for i, ln := range g.lanes {
		fill := "#fff"
		if i%2 == 0 {
			fill = "#f4f4f2"
		}
		fmt.Fprintf(&g.b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s" stroke="#999"/>`+"\n", margin, ln.y, g.width-2*margin, ln.end-ln.y, fill)
		g.words(margin+10, ln.y+lanePad+lineHeight-4, ln.label, textSize, `font-weight="700"`)
	}
}

func (g *drawing) drawBox(b *box) {
	edge := `stroke="#222"`
	if b.step.If != nil {
		edge = `stroke="#222" stroke-dasharray="5 3"` // happens on a condition
	}
	fmt.Fprintf(&g.b, `<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="#fff" stroke-width="1.5" %s/>`+"\n", b.x, b.y, boxWidth, b.height, edge)
	y := b.y + boxPad + lineHeight - 4
	g.words(b.x+boxPad, y, b.title, textSize, `font-weight="600"`)
	g.words(b.x+boxPad, y+lineHeight*len(b.title), b.detail, smallSize, "")
}

func (g *drawing) words(x, y int, lines []string, size int, more string) {
	for i, line := range lines {
		fmt.Fprintf(&g.b, `<text x="%d" y="%d" font-size="%d" fill="#111" %s>%s</text>`+"\n", x, y+i*lineHeight, size, more, esc(line))
	}
}

// drawArrows draws what must come first: out on the right, down or up in the
// gap before the next box, in on the left.
func (g *drawing) drawArrows() {
	for _, to := range g.order {
		for i, id := range unique(g.d.before(to.step)) {
			from := g.boxes[id]
			if from == nil || from == to {
				continue
			}
			x1, y1 := from.x+boxWidth, from.y+from.height/2
			x2, y2 := to.x-1, to.y+to.height/2+6*i
			turn := x1 + g.trunk(from)
			path := fmt.Sprintf("M%d %dH%dV%dH%d", x1, y1, turn, y2, x2)
			if to.column > from.column+1 {
				// Over several columns the line runs between the lanes, so that
				// it crosses no box.
				level, in := g.lanes[from.lane].end-6-4*(to.lane%3), to.x-boxGap/4
				path = fmt.Sprintf("M%d %dH%dV%dH%dV%dH%d", x1, y1, turn, level, in, y2, x2)
			}
			fmt.Fprintf(&g.b, `<path d="%s" fill="none" stroke="#333" marker-end="url(#picture-arrow)"/>`+"\n", path)
		}
	}
}

// trunk is how far behind a box its arrows turn: each box of a column a little
// further, so that two of them never look like one.
func (g *drawing) trunk(from *box) int {
	before := 0
	for _, b := range g.order {
		if b == from {
			break
		}
		if b.column == from.column {
			before++
		}
	}
	return 10 + 6*(before%4)
}

func unique(list []StepID) []StepID {
	var out []StepID
	for _, id := range list {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// drawClocks draws each clock as a bar from the step that starts it to the step
// that stops it.
func (g *drawing) drawClocks() {
	y := g.bottom
	for _, c := range g.d.Clocks {
		x1, x2 := margin+laneLabel, g.width-margin
		if b := g.setter(c.From); b != nil {
			x1 = b.x + boxWidth
		}
		if b := g.setter(c.To); b != nil {
			x2 = b.x + boxWidth
		}
		if x2 <= x1 {
			x2 = x1 + boxWidth
		}
		label := fmt.Sprintf("%s: %s %s", or(g.t.Clocks, c.ID), g.span(c.Within), g.mark(c.Basis))
		fmt.Fprintf(&g.b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#e4e4de" stroke="#222"/>`+"\n", x1, y, x2-x1, barHeight)
		fmt.Fprintf(&g.b, `<path d="M%d %dv%dM%d %dv%d" stroke="#222" stroke-width="3"/>`+"\n", x1, y-3, barHeight+6, x2, y-3, barHeight+6)
		at, anchor := x1+8, "start"
		if width := 7 * len([]rune(label)); width > x2-x1-16 { // no room inside
			at = x2 + 8
			if at+width > g.width {
				at, anchor = x1-8, "end"
			}
		}
		fmt.Fprintf(&g.b, `<text x="%d" y="%d" text-anchor="%s" fill="#111">%s</text>`+"\n", at, y+barHeight-7, anchor, esc(label))
		y += barHeight + barGap
	}
}

func (g *drawing) setter(m MilestoneID) *box {
	for _, b := range g.order {
		if slices.Contains(g.d.sets(b.step), m) {
			return b
		}
	}
	return nil
}

// wrap breaks a text into lines of at most so many characters, at spaces; a
// longer word is divided.
func wrap(s string, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for letters := []rune(word); len(letters) > most; letters = []rune(word) {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines = append(lines, string(letters[:most-1])+"-")
			word = string(letters[most-1:])
		}
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) <= most:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

func esc(s string) string {
	// What XML cannot hold would make the whole picture unreadable.
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return html.EscapeString(clean)
}
