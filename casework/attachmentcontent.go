package casework

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"

	"forlop/care"
)

// contentOf says what kind of document the bytes are, whatever their sender
// calls them; "" for none that is kept here.
func contentOf(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return "application/pdf"
	case bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}):
		return "image/jpeg"
	case bytes.HasPrefix(b, pngHead):
		return "image/png"
	case utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f", r) }):
		return "text/plain"
	}
	return ""
}

// cleaned is the document as it is kept: of the kind it says it is, and a
// picture without what the camera wrote into it, which can tell where somebody
// lives.
func cleaned(a Attachment) (Attachment, error) {
	wrong := care.Refuse("attachment-content", "What is in the document is not what it says it is. Send it as a PDF, a picture (JPEG, PNG) or plain text.").On("attachment")
	if contentOf(a.Content) != a.Type {
		return a, wrong
	}
	var ok bool
	switch a.Type {
	case "image/jpeg":
		a.Content, ok = bareJPEG(a.Content)
	case "image/png":
		a.Content, ok = barePNG(a.Content)
	default:
		ok = true
	}
	if !ok {
		return a, wrong
	}
	return a, nil
}

// bareJPEG leaves out the segments that hold no picture: APP1 to APP15 but for
// APP2 (colours) and APP14 (how colours are coded), and comments (ITU-T T.81
// B.1.1.3). What comes after the picture's end is left out too.
func bareJPEG(b []byte) ([]byte, bool) {
	const app1, app2, app14, app15, comment, scan, end = 0xe1, 0xe2, 0xee, 0xef, 0xfe, 0xda, 0xd9
	out := slices.Clone(b[:2])
	for rest := b[2:]; ; {
		if len(rest) < 4 || rest[0] != 0xff {
			return nil, false
		}
		marker := rest[1]
		if marker == 0xff { // a fill byte
			rest = rest[1:]
			continue
		}
		length := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if length < 4 || length > len(rest) {
			return nil, false
		}
		if marker == scan {
			last := bytes.LastIndex(rest, []byte{0xff, end})
			if last < length {
				return nil, false
			}
			return append(out, rest[:last+2]...), true
		}
		if marker != comment && (marker < app1 || marker > app15 || marker == app2 || marker == app14) {
			out = append(out, rest[:length]...)
		}
		rest = rest[length:]
	}
}

var pngHead = []byte("\x89PNG\r\n\x1a\n")

// barePNG leaves out the chunks that hold text, times and what a camera wrote
// (PNG specification, third edition, 11.3), and all that follows the end.
func barePNG(b []byte) ([]byte, bool) {
	out := slices.Clone(pngHead)
	for rest := b[len(pngHead):]; len(rest) >= 12; {
		size := binary.BigEndian.Uint32(rest)
		if uint64(size)+12 > uint64(len(rest)) {
			return nil, false
		}
		chunk, kind := rest[:size+12], string(rest[4:8])
		rest = rest[size+12:]
		switch kind {
		case "tEXt", "zTXt", "iTXt", "eXIf", "tIME":
		default:
			out = append(out, chunk...)
		}
		if kind == "IEND" {
			return out, true
		}
	}
	return nil, false
}
