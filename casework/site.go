package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway"
	"forlop/store"
)

// SiteReport is what came of a site file.
type SiteReport struct {
	// Changes are what differed, in words, in the order in which it is done.
	Changes []string
	// Done counts the changes that were carried out: none in a dry run, and none
	// where there is an error among the findings.
	Done int
	// Findings are what is wrong in the file, and what the file does not name and
	// is left as it is.
	Findings []pathway.Finding
}

// SiteText is one file that says how a site is: a site file, or a table of units
// or of people, whose name ends in .csv. Findings call it by its name.
type SiteText struct {
	Name string
	Text []byte
}

// ImportSite sets a site up from a file, or from tables that belong together:
// which units there are, who works there and who fills which post. It changes
// only what differs, so that the same file again changes nothing; it closes and
// removes nothing that the file does not name. A file with an error changes
// nothing at all. A dry run decides every change and stores none.
func (s *Service) ImportSite(ctx context.Context, dry bool, files ...SiteText) (SiteReport, error) {
	var report SiteReport
	site, page := readTogether(files)
	if site == nil {
		report.Findings = page.sorted()
		return report, nil
	}
	now, err := s.siteNow(ctx)
	if err != nil {
		return report, err
	}
	plan := planSite(page, site, now, s.clock.Now())
	report.Findings = plan.sorted()
	for _, c := range plan.changes {
		report.Changes = append(report.Changes, c.words)
	}
	if dry || pathway.HasErrors(report.Findings) {
		return report, nil
	}
	for _, c := range plan.changes {
		if err := s.change(ctx, c); err != nil {
			return report, fmt.Errorf("after %d of %d changes: %s: %w", report.Done, len(plan.changes), c.words, err)
		}
		report.Done++
	}
	return report, nil
}

// readTogether reads files as if they were one; the site is nil where one of
// them cannot be read.
func readTogether(files []SiteText) (*siteFile, sitePage) {
	all, page := &siteFile{}, sitePage{}
	for _, f := range files {
		read := readSite
		if strings.HasSuffix(f.Name, ".csv") {
			read = readSiteTable
		}
		one, found := read(f.Name, f.Text)
		page.file = f.Name
		page.files, page.found = append(page.files, f.Name), append(page.found, found...)
		if one == nil {
			all = nil
		} else if all != nil {
			all.people, all.units = append(all.people, one.people...), append(all.units, one.units...)
		}
	}
	if all != nil {
		page.once(all)
	}
	return all, page
}

// siteNow reads the site as it is.
func (s *Service) siteNow(ctx context.Context) (siteNow, error) {
	dir, _, err := s.current(ctx)
	if err != nil {
		return siteNow{}, err
	}
	now := siteNow{dir: dir, people: map[string]directory.Professional{}}
	defs, err := s.Pathways(ctx)
	if err != nil {
		return now, err
	}
	now.options = optionsOf(defs)
	var ids []string
	var after store.Stream
	for {
		page, err := s.store.Streams(ctx, "professional", after, 500)
		if err != nil {
			return now, fmt.Errorf("reading the professionals: %w", err)
		}
		for _, g := range page {
			state, _, err := s.load(ctx, g.Stream)
			if err != nil {
				return now, err
			}
			now.people[g.Stream.ID()] = *state.(*directory.Professional)
			ids = append(ids, g.Stream.ID())
			after = g.Stream
		}
		if len(page) < 500 {
			break
		}
	}
	now.names, err = s.identities(ctx, ids)
	return now, err
}

// change carries out one change. Its key is what it says and when in the life of
// the unit or professional it is said, so that the same change sent again is the
// same order.
func (s *Service) change(ctx context.Context, c siteChange) error {
	if c.identity != nil {
		return s.NameProfessional(ctx, c.target, *c.identity)
	}
	body, err := json.Marshal(c.command)
	if err != nil {
		return err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %q %d ", c.command.Name(), c.target, c.version)
	h.Write(body)
	_, err = s.Do(ctx, Order{
		Who: Who{Actor: care.Service}, Key: "site/" + hex.EncodeToString(h.Sum(nil)[:16]), Target: c.target, Command: c.command,
	})
	return err
}
