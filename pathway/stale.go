package pathway

import (
	"fmt"
	"slices"
	"strings"

	"forlop/care"
)

// SourceChange is a page behind a source that was noticed to have changed on a
// day. Hash is that of what it says now.
type SourceChange struct {
	Source  SourceID
	Changed care.Date
	Hash    string
}

// Stale lists what the owner of a pathway must look at: a review date that has
// passed, and sources that changed after what the file says of them. It never
// changes what a pathway does.
func Stale(d *Definition, today care.Date, noticed []SourceChange) []Finding {
	c := &checker{d: d}
	if by := d.Review.By; !by.IsZero() && by.Before(today) {
		c.warn("review/by=", "W900", "the pathway was to be reviewed by %s: %s", by, d.Review.Owner)
	}
	for _, change := range noticed {
		s, ok := d.Source(change.Source)
		if ok && change.Changed.After(s.Changed) {
			c.warn("sources/"+string(s.ID), "W901", "the page of %q changed: noticed on %s, and the file says %s. Compare it with what rests on it: %s", s.ID, change.Changed, orNothing(s.Changed), strings.Join(d.restsOn(s.ID), ", "))
		}
	}
	return sortFindings(c.findings)
}

func orNothing(d care.Date) string {
	if d.IsZero() {
		return "no date"
	}
	return d.String()
}

// restsOn lists the places of a definition that name a source.
func (d *Definition) restsOn(s SourceID) []string {
	var places []string
	for _, b := range bases(d) {
		if b.basis.Source == s {
			places = append(places, b.path)
		}
	}
	return places
}

// pagesFile is where a pathway folder keeps what the pages behind its sources
// said when somebody last read them.
const pagesFile = "sources.yaml"

// SourcePage is what the page behind a source said when it was read. Hash is the
// SHA-256 in hex of its words.
type SourcePage struct {
	URL  string
	Read care.Date
	Hash string
}

// ParsePages reads a folder's sources.yaml.
func ParsePages(src []byte) (map[SourceID]SourcePage, []Finding) {
	pages := map[SourceID]SourcePage{}
	r := &reader{file: pagesFile, src: src, where: positions{}}
	if root := r.parse(); root != nil {
		object(must("pages", "What the pages said, by the name of the source.", entries("One page.", pages, func(p *SourcePage) shape {
			return object(
				must("url", "Where it was read.", pattern(&p.URL, urlForm, "https://…")),
				must("read", "When it was read.", date(&p.Read)),
				must("hash", "The SHA-256 of its words.", text(&p.Hash)),
			)
		}))).read(r, root, "")
	}
	return pages, sortFindings(r.findings)
}

// PagesFile writes a sources.yaml that ParsePages reads.
func PagesFile(pages map[SourceID]SourcePage) []byte {
	var b strings.Builder
	b.WriteString("# What the pages behind the sources said when they were last read. It is written by\n# \"forlop pathway sources --update\"; look at what changed before you write it.\npages:\n")
	for _, id := range sortedKeys(pages) {
		p := pages[id]
		fmt.Fprintf(&b, "  %s: {url: %q, read: %s, hash: %q}\n", id, p.URL, p.Read, p.Hash)
	}
	return []byte(b.String())
}

// ComparePages says what differs between the pages behind a pathway's sources as
// they were kept and as they are now. A page in failed could not be read, with
// the reason: that is told, and it is never taken for unchanged. Changes are
// those that Stale takes.
func ComparePages(d *Definition, kept, now map[SourceID]SourcePage, failed map[SourceID]string) ([]Finding, []SourceChange) {
	c := &checker{d: d}
	var changes []SourceChange
	for _, s := range d.Sources {
		at := "sources/" + string(s.ID)
		before, known := kept[s.ID]
		page, read := now[s.ID]
		switch {
		case !read:
			reason, tried := failed[s.ID]
			if tried {
				c.warn(at, "W902", "the page of %q could not be read, so nobody knows whether it changed: %s", s.ID, reason)
			}
		case !known:
			c.warn(at, "W903", "the page of %q was never read before, so there is nothing to compare it with", s.ID)
		case before.URL != page.URL:
			c.warn(at, "W903", "the page of %q was read at %s before, so there is nothing to compare it with", s.ID, before.URL)
		case before.Hash != page.Hash:
			changes = append(changes, SourceChange{Source: s.ID, Changed: page.Read, Hash: page.Hash})
			c.warn(at, "W901", "the page of %q says something else than on %s. Compare it with what rests on it: %s", s.ID, before.Read, strings.Join(d.restsOn(s.ID), ", "))
		}
	}
	return sortFindings(c.findings), slices.Clip(changes)
}
