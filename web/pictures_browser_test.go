package web_test

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// mostPicture is how many bytes a picture in the documents may have.
const mostPicture = 150_000

// TestPicture draws the pictures of the README and the documents, and keeps them
// when it is run with FORLOP_PICTURES=1.
func TestPicture(t *testing.T) {
	h, p, _ := waiting(t)
	me := func(palette string, width int64) image.Image {
		tab := openTab(t, screen{width: width, height: 760, cookies: map[string]string{"display": palette + ".1", "language": "en"}})
		tab.goTo(h.login(asPatient(p), "/me"))
		return decoded(t, tab.picture("me-"+palette))
	}
	keep(t, "me", upper(me("calm", 390), 1250))
	var four []image.Image
	for _, palette := range []string{"standard", "calm", "dark", "dim"} {
		four = append(four, upper(me(palette, 340), 700))
	}
	keep(t, "palettes", beside(four))

	busy := openHouse(t)
	for i, name := range []string{"Bodil Storlom", "Kåre Lind", "Åse Østby", "Berit Ask", "Ørjan Moe", "Signe Aas"} {
		_, id := busy.refer(name)
		if i%2 == 0 {
			busy.accept(id)
		}
		busy.clock.set(busy.clock.Now().Add(13 * time.Hour))
	}
	if _, err := busy.s.WakeDue(context.Background(), "test", nil); err != nil {
		t.Fatal(err)
	}
	tab := openTab(t, screen{width: 1180, height: 800, cookies: map[string]string{"display": "standard.1", "language": "en"}})
	tab.goTo(busy.login(coordinator.Actor, "/work"))
	keep(t, "worklist", upper(decoded(t, tab.picture("worklist")), 900))
	rich, w := rich(t)
	tab = openTab(t, screen{width: 1180, height: 800, cookies: map[string]string{"display": "standard.1", "language": "en"}})
	tab.goTo(rich.login(coordinator.Actor, "/work"))
	tab.goTo(rich.url + w.at("/summary"))
	keep(t, "sheet", upper(decoded(t, tab.picture("sheet")), 1100))
}

// keep checks a picture and, when asked to, writes it among the documents.
func keep(t *testing.T, name string, picture image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, fewColours(picture)); err != nil {
		t.Fatal(err)
	}
	if b.Len() < 10_000 || b.Len() > mostPicture {
		t.Errorf("the picture %s has %d bytes; it may have %d", name, b.Len(), mostPicture)
	}
	if os.Getenv("FORLOP_PICTURES") == "" {
		return
	}
	if err := os.WriteFile(filepath.Join("..", "docs", "pictures", name+".png"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func decoded(t *testing.T, whole []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// upper is the upper part of a picture.
func upper(whole image.Image, height int) image.Image {
	cut := image.NewRGBA(image.Rect(0, 0, whole.Bounds().Dx(), min(height, whole.Bounds().Dy())))
	draw.Draw(cut, cut.Bounds(), whole, image.Point{}, draw.Src)
	return cut
}

// beside puts pictures of one size in a row.
func beside(all []image.Image) image.Image {
	size := all[0].Bounds().Size()
	row := image.NewRGBA(image.Rect(0, 0, size.X*len(all), size.Y))
	for i, one := range all {
		draw.Draw(row, image.Rect(i*size.X, 0, (i+1)*size.X, size.Y), one, image.Point{}, draw.Src)
	}
	return row
}

// fewColours is a picture in the colours that it has most of, which makes it
// small: pages have few.
func fewColours(picture image.Image) image.Image {
	const most = 128
	counts := map[color.RGBA]int{}
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			counts[color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)]++
		}
	}
	common := slices.SortedFunc(maps.Keys(counts), func(p, q color.RGBA) int {
		return cmp.Or(counts[q]-counts[p], int(p.R)-int(q.R), int(p.G)-int(q.G), int(p.B)-int(q.B))
	})
	var colours color.Palette
	for _, c := range common[:min(most, len(common))] {
		colours = append(colours, c)
	}
	few := image.NewPaletted(b, colours)
	nearest := map[color.RGBA]uint8{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
			i, known := nearest[c]
			if !known {
				i = uint8(colours.Index(c))
				nearest[c] = i
			}
			few.SetColorIndex(x, y, i)
		}
	}
	return few
}
