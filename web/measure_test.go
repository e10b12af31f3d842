package web_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png" // pictures are PNG
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// axeSource is the accessibility checker, which scripts/test installs.
var axeSource = sync.OnceValues(func() (string, error) {
	file := filepath.Join("testdata", "npm", "node_modules", "axe-core", "axe.min.js")
	source, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed: run scripts/test, which installs what the tests need: %w", err)
	}
	return string(source), nil
})

// A violation is one rule of accessibility that a page breaks, and where.
type violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

func (v violation) String() string {
	return v.ID + ": " + v.Help + "\n    " + strings.Join(v.Nodes, "\n    ")
}

// violations asks axe about the page: WCAG 2.2 A and AA, and good practice. It
// needs a tab whose scripts are on.
func (p *tab) violations() []violation {
	p.t.Helper()
	source, err := axeSource()
	if err != nil {
		p.t.Fatal(err)
	}
	within(p, "loading axe", chromedp.Evaluate[chromedp.Void](source))
	found := evaluate[struct {
		Rules      int         `json:"rules"`
		Violations []violation `json:"violations"`
	}](p, `axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		resultTypes: ["violations"],
	}).then(r => ({
		rules: r.passes.length + r.violations.length,
		violations: r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n =>
			n.html.slice(0, 200) + " – " + n.failureSummary.replace(/\s+/g, " "))})),
	}))`)
	if found.Rules == 0 {
		p.t.Fatal("axe tried no rule: the page is empty")
	}
	return found.Violations
}

// overflow is how many CSS pixels the page is wider than the screen. Regions
// that scroll by themselves do not count.
func (p *tab) overflow() int {
	p.t.Helper()
	return evaluate[int](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
}

// smallTargets lists what can be pressed and is less than side CSS pixels high
// or wide. Links within a sentence are exempt (WCAG 2.5.8); a tick box counts
// together with its label.
func (p *tab) smallTargets(side float64) []string {
	p.t.Helper()
	return evaluate[[]string](p, fmt.Sprintf(`(side => {
		const small = [];
		for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
			let box = e.getBoundingClientRect();
			if (box.width === 0 || box.height === 0 || getComputedStyle(e).visibility === "hidden") continue;
			// What is kept off the screen until it has focus is measured with focus.
			if (box.right <= 0 || box.bottom <= 0 || box.width <= 1) { e.focus(); box = e.getBoundingClientRect(); e.blur(); }
			if (e.localName === "a" && getComputedStyle(e).display === "inline") {
				const around = e.parentElement.innerText.trim();
				if (around.length > e.innerText.trim().length) continue;
			}
			let {left, right, top, bottom} = box;
			for (const label of e.labels || []) {
				if (e.type !== "checkbox" && e.type !== "radio") break;
				const b = label.getBoundingClientRect();
				left = Math.min(left, b.left); right = Math.max(right, b.right);
				top = Math.min(top, b.top); bottom = Math.max(bottom, b.bottom);
			}
			const width = right - left, height = bottom - top;
			// Half a pixel is rounding.
			if (width < side - 0.5 || height < side - 0.5) {
				small.push(e.localName + " " + JSON.stringify((e.innerText || e.name || e.id || "").slice(0, 40)) +
					" " + width.toFixed(0) + "×" + height.toFixed(0));
			}
		}
		return small;
	})(%g)`, side))
}

// words counts the words a reader sees in what css selects.
func (p *tab) words(css string) int {
	p.t.Helper()
	return countWords(p.text(css))
}

// wordsUpTo counts the words in what css selects that stand before stop.
func (p *tab) wordsUpTo(css, stop string) int {
	p.t.Helper()
	return countWords(evaluate[string](p, fmt.Sprintf(`(() => {
		const whole = document.querySelector(%s), stop = document.querySelector(%s);
		const range = document.createRange();
		range.setStart(whole, 0);
		range.setEndBefore(stop);
		// Cloned into the page so that only what is shown is counted.
		const shown = document.createElement("div");
		shown.append(range.cloneContents());
		document.body.append(shown);
		const text = shown.innerText;
		shown.remove();
		return text;
	})()`, quote(css), quote(stop))))
}

var word = regexp.MustCompile(`[\p{L}\p{N}][\p{L}\p{N}.,:’'/-]*`)

func countWords(text string) int { return len(word.FindAllString(text, -1)) }

// bottom is how far below the top of the page, in CSS pixels, what css selects
// ends.
func (p *tab) bottom(css string) float64 {
	p.t.Helper()
	return evaluate[float64](p, "document.querySelector("+quote(css)+").getBoundingClientRect().bottom + window.scrollY")
}

// A stop is where the focus rests after one press of the Tab key.
type stop struct {
	Name    string  `json:"name"`    // what can be read on it
	Ring    float64 `json:"ring"`    // width of the mark of focus in CSS pixels
	Covered bool    `json:"covered"` // something else lies over it, or it is off the screen
}

// tabThrough presses the Tab key until the focus has been everywhere, at most
// limit times.
func (p *tab) tabThrough(limit int) []stop {
	p.t.Helper()
	evaluate[bool](p, `(window.visited = new Set(), document.activeElement.blur(), true)`)
	var stops []stop
	for range limit {
		within(p, "pressing Tab", chromedp.KeyEvent(kb.Tab))
		at := evaluate[*stop](p, `(() => {
			const e = document.activeElement;
			if (!e || e === document.body || visited.has(e)) return null;
			visited.add(e);
			const style = getComputedStyle(e), box = e.getBoundingClientRect();
			const over = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
			const ring = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
			const mine = over && (e.contains(over) || over.contains(e) || Array.from(e.labels || []).some(l => l.contains(over)));
			return {name: (e.innerText || e.ariaLabel || e.name || e.id || e.localName).trim().slice(0, 60), ring, covered: !mine};
		})()`)
		if at == nil {
			return stops
		}
		stops = append(stops, *at)
	}
	p.t.Fatalf("after %d presses of Tab the focus had still not been everywhere", limit)
	return nil
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page[^s]`)

// printed is the number of A4 sheets the page takes.
func (p *tab) printed() int {
	p.t.Helper()
	pdf := within(p, "printing", chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	sheets := len(pdfPage.FindAll(pdf, -1))
	if sheets == 0 {
		p.t.Fatal("the printed page has no sheet that can be counted")
	}
	return sheets
}

// luminance is the mean relative luminance of the page, from 0 (black) to 1
// (white), by WCAG's formula.
func (p *tab) luminance() float64 {
	p.t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(within(p, "taking a picture", chromedp.CaptureScreenshot())))
	if err != nil {
		p.t.Fatal(err)
	}
	return meanLuminance(picture)
}

func meanLuminance(picture image.Image) float64 {
	linear := func(c uint32) float64 {
		s := float64(c) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	var sum float64
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := picture.At(x, y).RGBA()
			sum += 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(bl)
		}
	}
	return sum / float64(b.Dx()*b.Dy())
}
