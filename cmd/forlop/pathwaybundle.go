package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/publication"
)

// bundleFile says, beside a version's own files, which version they are and who
// stood behind them where they come from. Keys may be added, never changed.
const bundleFile = "publication.json"

type bundle struct {
	Pathway  string             `json:"pathway"`
	Version  string             `json:"version"`
	Hash     string             `json:"hash"`
	TextHash string             `json:"textHash"`
	History  []publication.Past `json:"history"`
}

type pathwayExport struct {
	database
	keyed
	Ref    string `arg:"" name:"version" help:"The version, as ID@VERSION."`
	Folder string `arg:"" help:"A folder that is not there yet, or is empty."`
}

// Help is shown under the flags.
func (pathwayExport) Help() string {
	return "Writes the bytes as they were published, and publication.json with their history. The file may be served meanwhile."
}

// Run writes the folder.
func (c *pathwayExport) Run(p *program) (err error) {
	ref, err := parseVersion(c.Ref)
	if err != nil {
		return err
	}
	keys, err := c.keyring(c.database)
	if err != nil {
		return err
	}
	st, err := c.openToRead(p.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := newService(p.ctx, st, keys)
	if err != nil {
		return err
	}
	v, err := casework.View(p.ctx, s, casework.Who{Actor: care.Service}, casework.PathwayVersion{Ref: ref})
	if err != nil {
		return err
	}
	files, err := s.PublishedFiles(p.ctx, v.Ref)
	if err != nil {
		return err
	}
	b := bundle{Pathway: v.Ref.ID, Version: v.Ref.Version, Hash: v.Ref.Hash, TextHash: v.Definition.TextHash, History: []publication.Past{}}
	if v.Edition.TextHash != "" {
		b.TextHash = v.Edition.TextHash
	}
	cal := care.CalendarOf(v.Definition.Regime)
	for _, l := range v.History {
		b.History = append(b.History, publication.Past{What: l.Event.Type(), By: l.By, Post: l.Post, On: cal.Date(l.At)})
	}
	if files[bundleFile], err = json.MarshalIndent(b, "", "  "); err != nil {
		return err
	}
	if err := writeFolder(c.Folder, files); err != nil {
		return err
	}
	p.say("%s: %d files in %s, %d acts in its history", v.Ref, len(files), c.Folder, len(b.History))
	return nil
}

// writeFolder writes files into a folder that holds nothing yet.
func writeFolder(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	held, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(held) > 0 {
		return usage("%s is not empty; name a folder that is not there yet", dir)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

type pathwayImport struct {
	acting
	Folder string `arg:"" help:"A folder that forlop pathway export wrote."`
}

// Help is shown under the flags.
func (pathwayImport) Help() string {
	return "The history is kept with the version and counts for nothing here: another person approves it as any other. " + acting{}.Help()
}

// Run publishes what the folder holds.
func (c *pathwayImport) Run(p *program) (err error) {
	files := os.DirFS(c.Folder)
	text, err := fs.ReadFile(files, bundleFile)
	if err != nil {
		return usage("%s holds no %s, so it is no export; publish a folder with forlop pathway publish", c.Folder, bundleFile)
	}
	var b bundle
	if err := json.Unmarshal(text, &b); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(c.Folder, bundleFile), err)
	}
	s, who, done, err := c.start(p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	def, findings := s.ReadPathway(p.ctx, files)
	if def == nil || pathway.HasErrors(findings) {
		return p.findings(under(c.Folder, findings), false)
	}
	if def.Ref != (pathway.Ref{ID: b.Pathway, Version: b.Version, Hash: b.Hash}) || def.TextHash != b.TextHash {
		return fmt.Errorf("%s: the files are not those that were exported as %s@%s: they have been changed since. Give a changed text a new version and publish it", c.Folder, b.Pathway, b.Version)
	}
	key, err := orderKey()
	if err != nil {
		return err
	}
	if _, _, err := s.PublishPathway(p.ctx, who, key, files, publication.Publish{Origin: b.History}); err != nil {
		return err
	}
	for _, past := range b.History {
		p.say("  %s  %s by %s (%s)", past.On, strings.TrimSuffix(strings.TrimPrefix(past.What, "pathway."), "/1"), past.By, past.Post)
	}
	state, err := s.Publication(p.ctx, def.ID)
	if err != nil {
		return err
	}
	v, _ := state.Edition(def.Version)
	p.say("%s is published here by %s, with its history. %s", def.Ref, who.Actor.ID, lacks(v))
	return nil
}
