package web

import (
	"bytes"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"forlop/care"
)

// letterSizes are the sizes of a letter's text in points, from what is read most easily
// to what fits two sides.
var letterSizes = []float64{12, 11, 10, 9}

// mostSides is how many sides a letter has, the answer among them.
const mostSides = 2

// pdf is the letter on A4, black on white, on as few sides as hold it. It has no
// tags for screen readers; the page beside it says the same.
func (x letter) pdf(made time.Time) (file []byte, sides int, err error) {
	for _, size := range letterSizes {
		var out bytes.Buffer
		doc := x.set(size, made)
		sides = doc.PageCount()
		if err := doc.Output(&out); err != nil {
			return nil, 0, err
		}
		file = out.Bytes()
		if sides <= mostSides {
			break
		}
	}
	return file, sides, nil
}

// set sets the letter in one size.
func (x letter) set(size float64, made time.Time) *fpdf.Fpdf {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCreationDate(made)
	doc.SetModificationDate(made)
	doc.SetCatalogSort(true)
	doc.SetTitle(x.title+", "+x.code, true)
	doc.SetLang(string(x.lang.ours().code))
	doc.AddUTF8FontFromBytes("go", "", goregular.TTF)
	doc.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	doc.SetMargins(25, 20, 25)
	doc.SetAutoPageBreak(true, 22)
	doc.SetFooterFunc(func() {
		doc.SetY(-15)
		doc.SetFont("go", "", 8)
		doc.CellFormat(0, 5, x.code+"  ·  "+x.lang.Number(doc.PageNo()), "", 0, "R", false, 0, "")
	})
	line := size * 0.5
	write := func(style string, space float64, lines ...string) {
		doc.SetFont("go", style, size)
		for _, l := range lines {
			doc.MultiCell(0, line, printable(l), "", "L", false)
		}
		doc.Ln(space)
	}
	doc.AddPage()
	write("", 4, x.from...)
	write("", 8, x.to...)
	write("", 6, x.lang.Date(x.date)+"   "+x.code)
	doc.SetFont("go", "B", size+3)
	doc.MultiCell(0, line*1.3, x.title, "", "L", false)
	doc.Ln(2)
	for _, part := range x.parts {
		write("B", 1, part.title)
		for _, l := range part.lines {
			write("", 1, l)
		}
		doc.Ln(2)
	}
	write("B", 1, x.lang.T("letter.contact"))
	write("", 4, x.contact...)
	x.setSlip(doc, size, line)
	return doc
}

// setSlip sets the sheet that can be sent back, whole on one side.
func (x letter) setSlip(doc *fpdf.Fpdf, size, line float64) {
	_, high := doc.GetPageSize()
	if doc.GetY()+line*16 > high-22 {
		doc.AddPage()
	}
	left, _, right, _ := doc.GetMargins()
	wide, _ := doc.GetPageSize()
	doc.SetDashPattern([]float64{2, 2}, 0)
	doc.Line(left, doc.GetY(), wide-right, doc.GetY())
	doc.SetDashPattern(nil, 0)
	doc.Ln(3)
	doc.SetFont("go", "B", size)
	doc.MultiCell(0, line, x.slip.title, "", "L", false)
	doc.SetFont("go", "", size)
	doc.MultiCell(0, line, x.slip.how, "", "L", false)
	doc.Ln(1)
	for _, box := range x.slip.boxes {
		doc.Rect(left, doc.GetY()+1, line-2, line-2, "D")
		doc.SetX(left + line + 1)
		doc.MultiCell(0, line, box, "", "L", false)
	}
	doc.Ln(1)
	doc.MultiCell(0, line, x.slip.words+":", "", "L", false)
	for range 2 {
		doc.Ln(line)
		doc.Line(left, doc.GetY(), wide-right, doc.GetY())
	}
	doc.Ln(2)
	doc.MultiCell(0, line, x.slip.to, "", "L", false)
}

// printable leaves out what the typeface cannot show, so that nothing is shown as
// an empty box: signs that only order text, and pictures.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f':
			return ' '
		case r == '\u200e' || r == '\u200f' || r >= 0x2066 && r <= 0x2069 || r == '\u00ad' || r >= 0x1f000 || r == '\ufe0f':
			return -1
		}
		return r
	}, s)
}

// languageOf is the language in which a letter is written.
func (c *call) languageOf(l care.Language) *language {
	if l == "" {
		l = care.Bokmal
	}
	return tonguesOf(c.r).speak(l)
}
