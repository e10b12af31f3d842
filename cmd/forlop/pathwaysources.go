package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/net/html"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
)

// pathwaySources reads the pages behind a pathway's sources.
type pathwaySources struct {
	bases
	Folders []string      `arg:"" name:"folder" help:"${folder}"`
	Update  bool          `help:"Keep what the pages say now in sources.yaml beside the pathway. A page that cannot be read stays as it was kept."`
	Timeout time.Duration `default:"20s" help:"How long to wait for one page."`
	JSON    bool          `name:"json" help:"Print JSON: [{file, line, col, code, severity, message}]."`
}

// Run reads every page once and says which of them changed, and whether the
// review date has passed. It answers exit 3 where there is something to look at.
func (c *pathwaySources) Run(p *program) error {
	if err := c.there(); err != nil {
		return err
	}
	read := reader{client: &http.Client{Timeout: c.Timeout}, pages: map[string]fetched{}}
	var all []pathway.Finding
	for _, name := range c.Folders {
		if info, err := os.Stat(name); c.Update && (err != nil || !info.IsDir()) {
			return usage("--update writes to the folder, and %s is built in", name)
		}
		d, err := p.loaded(name, c.bases)
		if err != nil {
			return err
		}
		files, err := folder(name)
		if err != nil {
			return err
		}
		found, err := c.folder(p, &read, name, files, d)
		if err != nil {
			return err
		}
		all = append(all, under(name, found)...)
	}
	if err := p.findings(all, c.JSON); err != nil {
		return err
	}
	p.say("%d pages read, %d could not be read", len(read.pages)-read.failed(), read.failed())
	if len(all) > 0 && !c.Update {
		return &exit{code: exitFindings}
	}
	return nil
}

// sourcesFile is where a pathway folder keeps what its sources' pages said.
const sourcesFile = "sources.yaml"

// folder compares the pages behind one pathway with what was kept of them.
func (c *pathwaySources) folder(p *program, read *reader, name string, files fs.FS, d *pathway.Definition) ([]pathway.Finding, error) {
	kept := map[pathway.SourceID]pathway.SourcePage{}
	switch src, err := fs.ReadFile(files, sourcesFile); {
	case err == nil:
		pages, findings := pathway.ParsePages(src)
		if pathway.HasErrors(findings) {
			return findings, nil
		}
		kept = pages
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("reading %s/%s: %w", name, sourcesFile, err)
	}
	now, failed := map[pathway.SourceID]pathway.SourcePage{}, map[pathway.SourceID]string{}
	today := care.DateOf(casework.SystemClock().Now(), time.Local)
	for _, s := range d.Sources {
		page := read.page(p.ctx, s.URL)
		if page.err != nil {
			failed[s.ID] = page.err.Error()
			continue
		}
		now[s.ID] = pathway.SourcePage{URL: s.URL, Read: today, Hash: page.hash}
	}
	found, _ := pathway.ComparePages(d, kept, now, failed)
	found = append(found, pathway.Stale(d, today, nil)...)
	if !c.Update {
		return found, nil
	}
	for id, page := range now {
		kept[id] = page
	}
	for id := range kept {
		if _, there := d.Source(id); !there {
			delete(kept, id)
		}
	}
	if err := os.WriteFile(filepath.Join(name, sourcesFile), pathway.PagesFile(kept), 0o644); err != nil {
		return nil, fmt.Errorf("keeping what the pages say: %w", err)
	}
	return found, nil
}

// reader reads pages, each once.
type reader struct {
	client *http.Client
	pages  map[string]fetched
}

// fetched is the hash of what a page says, or why it could not be read.
type fetched struct {
	hash string
	err  error
}

func (r *reader) failed() int {
	n := 0
	for _, page := range r.pages {
		if page.err != nil {
			n++
		}
	}
	return n
}

// largestPage is in bytes; ours. National guidelines as PDF are below it.
const largestPage = 30 << 20

func (r *reader) page(ctx context.Context, address string) fetched {
	page, read := r.pages[address]
	if !read {
		page.hash, page.err = r.fetch(ctx, address)
		r.pages[address] = page
	}
	return page
}

func (r *reader) fetch(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("User-Agent", "forlop pathway sources")
	resp, err := r.client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }() // read whole below
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestPage+1))
	switch {
	case err != nil:
		return "", err
	case len(body) > largestPage:
		return "", fmt.Errorf("it is larger than %d bytes", largestPage)
	case len(bytes.TrimSpace(body)) == 0:
		return "", errors.New("it is empty")
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err == nil && strings.Contains(kind, "html") {
		said := wordsOfPage(body)
		if said == "" {
			return "", errors.New("it holds no words")
		}
		body = []byte(said)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// wordsOfPage are the words a page shows, so that a new style sheet or the
// number of a request is no change.
func wordsOfPage(body []byte) string {
	var words []string
	z := html.NewTokenizer(bytes.NewReader(body))
	hidden := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(words, " ")
		case html.StartTagToken:
			if name, _ := z.TagName(); unseen(string(name)) {
				hidden++
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); unseen(string(name)) && hidden > 0 {
				hidden--
			}
		case html.TextToken:
			if hidden == 0 {
				words = append(words, strings.Fields(string(z.Text()))...)
			}
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

// unseen are the elements whose text nobody reads.
func unseen(element string) bool {
	switch element {
	case "script", "style", "noscript", "template", "svg":
		return true
	}
	return false
}
