package casework_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"forlop/care"
	"forlop/casework"
)

// pictures of one white square, with a place written into them the way cameras
// do.
const place = "59.9139N 10.7522E"

func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte{0xff, 0xe1, 0, byte(8 + len(place))}, "Exif\x00\x00"+place...)
	return append(append(append([]byte{}, b.Bytes()[:2]...), exif...), append(b.Bytes()[2:], place...)...)
}

func drawing(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	text := binary.BigEndian.AppendUint32(nil, uint32(len(place)))
	text = append(text, "tEXt"+place...)
	text = binary.BigEndian.AppendUint32(text, crc32.ChecksumIEEE(text[4:]))
	const head = 8 + 25 // the signature and the first chunk
	return append(append(append([]byte{}, b.Bytes()[:head]...), text...), append(b.Bytes()[head:], place...)...)
}

func TestPicturesLoseTheirPlace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for kind, content := range map[string][]byte{"image/jpeg": photo(t), "image/png": drawing(t)} {
		if !bytes.Contains(content, []byte(place)) {
			t.Fatalf("%s: the test's own picture tells no place", kind)
		}
		o := b.open("Ola Nordmann")
		o.Attachment = &casework.Attachment{Name: "bilde", Type: kind, Content: content}
		first, err := b.s.Do(b.ctx, o)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		got, err := casework.View(b.ctx, b.s, kari, casework.GetAttachment{Journey: first.Target})
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(got.Content, []byte(place)) {
			t.Errorf("%s: the kept picture tells where it was taken", kind)
		}
		if _, _, err := image.Decode(bytes.NewReader(got.Content)); err != nil {
			t.Errorf("%s: the kept picture cannot be shown: %v", kind, err)
		}
	}
}

func TestDocumentsAreWhatTheySayTheyAre(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, a := range map[string]casework.Attachment{
		"a page as text":      {Type: "application/pdf", Content: []byte("<html><script>alert(1)</script>")},
		"a program as a PDF":  {Type: "application/pdf", Content: []byte("\x7fELF\x02\x01\x01")},
		"a program as text":   {Type: "text/plain", Content: []byte("MZ\x90\x00\x03")},
		"a PDF as a picture":  {Type: "image/png", Content: []byte("%PDF-1.7")},
		"half a JPEG":         {Type: "image/jpeg", Content: photo(t)[:40]},
		"half a PNG":          {Type: "image/png", Content: drawing(t)[:60]},
		"a JPEG of its head":  {Type: "image/jpeg", Content: []byte{0xff, 0xd8, 0xff}},
		"a PNG that says big": {Type: "image/png", Content: []byte("\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR\x00\x00\x00\x00")},
		"a web page":          {Type: "text/html", Content: []byte("<html>")},
	} {
		o := b.open("Ola Nordmann")
		a.Name = "henvisning"
		o.Attachment = &a
		if _, err := b.s.Do(b.ctx, o); !refusedWith(err, "attachment-content", "attachment-type") {
			t.Errorf("%s was taken: %v", name, err)
		}
	}
}

func FuzzDocuments(f *testing.F) {
	f.Add([]byte{0xff, 0xd8, 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xda, 0, 2, 0xff, 0xd9})
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND\xae\x42\x60\x82"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if out, ok := casework.Bare(content); ok && len(out) > len(content) {
			t.Errorf("%d bytes became %d", len(content), len(out))
		}
	})
}

func refusedWith(err error, codes ...string) bool {
	r, ok := care.AsRefusal(err)
	return ok && slices.Contains(codes, r.Code)
}
