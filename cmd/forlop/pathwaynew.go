package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
)

// first is a small made-up pathway that says nothing of any condition, with the
// places where an author's own words come.
//
//go:embed first/*.yaml
var first embed.FS

// The schemas that the first line of the files names.
const (
	structureSchema = "pathway.schema.json"
	textsSchema     = "text.schema.json"
)

// pathwayNew writes the first files of a pathway.
type pathwayNew struct {
	Dir string `arg:"" help:"A folder that is not there yet, or is empty."`
	ID  string `name:"id" default:"no.first" help:"What the pathway is called: no. or se. by whose law its journeys run, and a name."`
}

// starting is what the first files say of the one who starts.
type starting struct {
	ID, Version, Today, Review string
	Regime, Under              string
	// Place, Reads, Reason, Waits and Call stand in the example, in the language
	// that the place speaks.
	Place, Reads, Reason, Waits, Call string
}

// places are where the example happens under each law.
var places = map[string]starting{
	"no": {Regime: "NO", Under: "trust", Place: "Helsehuset", Reads: "nb", Reason: "Vi vil høre mer.", Waits: "Du venter på svar.", Call: "Ring Ida."},
	"se": {Regime: "SE", Under: "region", Place: "Hälsohuset", Reads: "sv", Reason: "Vi vill höra mer.", Waits: "Du väntar på svar.", Call: "Ring Ida."},
}

// Run writes the folder whole or not at all, and never into one that holds anything.
func (c *pathwayNew) Run(p *program) error {
	law, _, _ := strings.Cut(c.ID, ".")
	s, known := places[law]
	if !known {
		return usage("a pathway is called no.NAME or se.NAME, not %s", c.ID)
	}
	today := care.DateOf(casework.SystemClock().Now(), time.Local)
	s.ID, s.Version, s.Today = c.ID, fmt.Sprintf("%04d.%02d", today.Year, today.Month), today.String()
	s.Review = today.AddDays(365).String()
	if err := emptyFolder(c.Dir); err != nil {
		return err
	}
	var written []string
	keep := func(name string, content []byte) error {
		path := filepath.Join(c.Dir, name)
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("writing the pathway: %w", err)
		}
		written = append(written, path)
		_, err = f.Write(content)
		return errors.Join(err, f.Close())
	}
	err := s.write(keep)
	if err == nil {
		if d, findings := pathway.Check(os.DirFS(c.Dir)); d == nil || pathway.HasErrors(findings) {
			err = usage("--id %s does not do: %v", c.ID, findings)
		}
	}
	if err != nil {
		for _, path := range written {
			err = errors.Join(err, os.Remove(path))
		}
		return err
	}
	if err := p.printf("%s\n", strings.Join(written, "\n")); err != nil {
		return err
	}
	p.say("now: forlop pathway lint %[1]s; forlop pathway test %[1]s; forlop pathway show %[1]s --html %[1]s-pages", c.Dir)
	return nil
}

// write fills in the first files and the schemas, one by one.
func (s starting) write(keep func(name string, content []byte) error) error {
	names, err := fs.Glob(first, "first/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		page, err := template.ParseFS(first, name)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := page.Execute(&text, s); err != nil {
			return err
		}
		if err := keep(filepath.Base(name), text.Bytes()); err != nil {
			return err
		}
	}
	return errors.Join(keep(structureSchema, pathway.Schema()), keep(textsSchema, pathway.TextSchema()))
}

// emptyFolder makes a folder, or refuses one that holds something.
func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	held, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(held) > 0 {
		return &exit{exitFailed, fmt.Errorf("%s is not empty (it holds %s); name a folder that is not there yet", dir, held[0].Name())}
	}
	return nil
}
