package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

//go:embed assets
var assetFiles embed.FS

// face is who a page is for; it chooses the style sheet.
type face string

// The faces. Public pages look as patients' pages do; those who write pathways
// have the pages of staff with source and frames.
const (
	forPatients face = "patient"
	forStaff    face = "staff"
	forAuthors  face = "author"
)

// sheets are the files that make up each face's one style sheet, in order.
var sheets = map[face][]string{
	forPatients: {"tokens.css", "base.css", "steps.css", "patient.css", "print.css"},
	forStaff:    {"tokens.css", "base.css", "steps.css", "staff.css", "work.css", "print.css"},
	forAuthors:  {"tokens.css", "base.css", "staff.css", "work.css", "author.css", "print.css"},
}

// An asset is a file that never changes under its address: the address holds a
// part of its hash.
type asset struct {
	address, kind, etag string
	plain, packed       []byte
}

// assets are all files that pages refer to, by short name, made once.
var assets = sync.OnceValue(func() map[string]*asset {
	all := map[string]*asset{}
	put := func(name, kind string, content []byte) {
		sum := sha256.Sum256(content)
		hash := hex.EncodeToString(sum[:8])
		base, extension, _ := strings.Cut(name, ".")
		all[name] = &asset{
			address: assetPrefix + base + "." + hash + "." + extension,
			kind:    kind,
			etag:    `"` + hash + `"`,
			plain:   content,
			packed:  pack(content),
		}
	}
	for f, files := range sheets {
		var whole strings.Builder
		for _, name := range files {
			whole.Write(readAsset(name))
		}
		put(string(f)+".css", "text/css; charset=utf-8", []byte(squeeze(whole.String())))
	}
	put("icon.svg", "image/svg+xml", readAsset("icon.svg"))
	return all
})

const assetPrefix = "/assets/"

func readAsset(name string) []byte {
	content, err := assetFiles.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // the file is in the binary, and a test serves it
	}
	return content
}

func pack(content []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // writing to memory
	}
	return b.Bytes()
}

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	blank   = regexp.MustCompile(`\s+`)
	tight   = regexp.MustCompile(` ?([{};,]) ?`)
)

// squeeze takes comments and needless space out of a style sheet. Space around
// a colon stays where it was: before one it can carry meaning.
func squeeze(css string) string {
	css = comment.ReplaceAllString(css, "")
	css = blank.ReplaceAllString(css, " ")
	css = tight.ReplaceAllString(css, "$1")
	css = strings.ReplaceAll(css, ";}", "}")
	return strings.TrimSpace(css)
}

// assetAddress is where the asset of that name is served.
func assetAddress(name string) string {
	if a, ok := assets()[name]; ok {
		return a.address
	}
	panic("web: there is no asset " + name) // a name in our own templates
}

// serveAssets answers for everything under /assets/. Addresses change with the
// content, so an answer may be kept for a year.
func serveAssets() http.Handler {
	byAddress := map[string]*asset{}
	for _, a := range assets() {
		byAddress[a.address] = a
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byAddress[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("ETag", a.etag)
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("If-None-Match"), a.etag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		content := a.plain
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			content = a.packed
		}
		if r.Method == http.MethodHead {
			return
		}
		_, _ = w.Write(content) // the reader has gone; there is nobody to tell
	})
}
