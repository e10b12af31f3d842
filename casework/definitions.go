package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing/fstest"

	"forlop/care"
	"forlop/pathway"
	"forlop/store"
)

// definitions is the shelf of published pathways. What is on it never changes,
// so what was parsed once is kept.
type definitions struct {
	store store.Store
	mu    sync.Mutex
	by    map[string]*pathway.Definition // by hash
	refs  map[string]string              // id@version to hash
}

func newDefinitions(s store.Store) *definitions {
	return &definitions{store: s, by: map[string]*pathway.Definition{}, refs: map[string]string{}}
}

// find answers a published definition by hash, or by id and version.
func (d *definitions) find(ctx context.Context, r pathway.Ref) (*pathway.Definition, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	hash := r.Hash
	if hash == "" {
		hash = d.refs[r.String()]
	}
	if hash == "" {
		entries, err := d.store.Definitions(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.ID == r.ID && (e.Version == r.Version || r.Version == "") {
				hash = e.Hash
			}
		}
	}
	if def, ok := d.by[hash]; ok {
		return def, nil
	}
	files, err := d.store.Definition(ctx, hash)
	if hash == "" || errors.Is(err, store.ErrNotFound) {
		return nil, care.Missing("no-such-pathway", "There is no published pathway {pathway}.", "pathway", r.String()).On("pathway")
	}
	if err != nil {
		return nil, err
	}
	def, findings := pathway.Load(filesOf(files))
	if def == nil {
		return nil, fmt.Errorf("casework: the kept pathway %s cannot be read any more: %v", r, findings)
	}
	d.by[hash], d.refs[def.Ref.String()] = def, hash
	return def, nil
}

// filesOf presents kept bytes as a folder.
func filesOf(files map[string][]byte) fs.FS {
	m := fstest.MapFS{}
	for name, b := range files {
		m[name] = &fstest.MapFile{Data: b}
	}
	return m
}

// Publish puts a pathway's folder on the shelf. A folder with errors is not
// taken; the same id and version with other bytes is refused.
func (s *Service) Publish(ctx context.Context, folder fs.FS) (pathway.Ref, []pathway.Finding, error) {
	def, findings := pathway.Load(folder)
	if def == nil || hasErrors(findings) {
		return pathway.Ref{}, findings, care.Refuse("pathway-has-errors", "The pathway has errors and is not published. Lint it, mend it, and publish again.")
	}
	files := map[string][]byte{}
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return def.Ref, findings, err
	}
	for _, name := range names {
		if name != "pathway.yaml" && !strings.HasPrefix(name, "text.") {
			continue
		}
		if files[name], err = fs.ReadFile(folder, name); err != nil {
			return def.Ref, findings, err
		}
	}
	err = s.store.PutDefinition(ctx, def.ID, def.Version, def.Hash, files)
	if errors.Is(err, store.ErrClaimed) {
		return def.Ref, findings, care.Refuse("pathway-version-taken",
			"{pathway} is published already with other content. Give the changed text a new version.", "pathway", def.Ref.String()).On("version")
	}
	if err == nil {
		s.shelf.keep(def)
	}
	return def.Ref, findings, err
}

// keep remembers a definition that was just published, so that it is not read
// again.
func (d *definitions) keep(def *pathway.Definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.by[def.Hash], d.refs[def.Ref.String()] = def, def.Hash
}

func hasErrors(findings []pathway.Finding) bool {
	for _, f := range findings {
		if f.Severity == "error" {
			return true
		}
	}
	return false
}

// Pathway answers a published definition.
func (s *Service) Pathway(ctx context.Context, r pathway.Ref) (*pathway.Definition, error) {
	return s.shelf.find(ctx, r)
}

// Pathways lists what is published.
func (s *Service) Pathways(ctx context.Context) ([]*pathway.Definition, error) {
	entries, err := s.store.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	var out []*pathway.Definition
	for _, e := range entries {
		def, err := s.shelf.find(ctx, pathway.Ref{ID: e.ID, Version: e.Version, Hash: e.Hash})
		if err != nil {
			return nil, err
		}
		out = append(out, def)
	}
	return out, nil
}
