package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing/fstest"

	"forlop/care"
	"forlop/pathway"
	"forlop/pathway/publication"
	"forlop/store"
)

// definitions is the shelf of pathways. What is on it never changes, so what was
// parsed once is kept.
type definitions struct {
	store  store.Store
	issued *issued
	mu     sync.Mutex
	by     map[string]*pathway.Definition // by hash, and by the hash of other words
	refs   map[string]string              // id@version to hash
}

func newDefinitions(s store.Store, i *issued) *definitions {
	return &definitions{store: s, issued: i, by: map[string]*pathway.Definition{}, refs: map[string]string{}}
}

// find answers a definition by hash, or by id and version, with the words it is
// shown with now.
func (d *definitions) find(ctx context.Context, r pathway.Ref) (*pathway.Definition, error) {
	def, err := d.asPublished(ctx, r)
	if err != nil {
		return nil, err
	}
	if v, ok := d.issued.of(def.ID).Edition(def.Version); ok && len(v.Texts) > 0 {
		return d.worded(ctx, def, v.Texts[len(v.Texts)-1].TextHash)
	}
	return def, nil
}

// asPublished answers a definition with the words it was published with.
func (d *definitions) asPublished(ctx context.Context, r pathway.Ref) (*pathway.Definition, error) {
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
	def, findings := pathway.LoadOver(filesOf(files), d.below(ctx))
	if def == nil {
		return nil, fmt.Errorf("casework: the kept pathway %s cannot be read any more: %v", r, findings)
	}
	d.by[hash], d.refs[def.Ref.String()] = def, hash
	return def, nil
}

// worded is a definition with other words of its own.
func (d *definitions) worded(ctx context.Context, def *pathway.Definition, textHash string) (*pathway.Definition, error) {
	if textHash == def.TextHash {
		return def, nil
	}
	place := wordsHash(def.Ref, textHash)
	d.mu.Lock()
	defer d.mu.Unlock()
	if worded, ok := d.by[place]; ok {
		return worded, nil
	}
	files, err := d.store.Definition(ctx, def.Hash)
	if err != nil {
		return nil, err
	}
	words, err := d.store.Definition(ctx, place)
	if err != nil {
		return nil, fmt.Errorf("the words of %s: %w", def.Ref, err)
	}
	maps.Copy(files, words)
	worded, findings := pathway.LoadOver(filesOf(files), d.below(ctx))
	if worded == nil || worded.TextHash != textHash {
		return nil, fmt.Errorf("casework: the kept words of %s cannot be read any more: %v", def.Ref, findings)
	}
	d.by[place] = worded
	return worded, nil
}

// files are the bytes of a definition, with the words that it has.
func (d *definitions) files(ctx context.Context, def *pathway.Definition) (map[string][]byte, error) {
	files, err := d.store.Definition(ctx, def.Hash)
	if err != nil {
		return nil, err
	}
	words, err := d.store.Definition(ctx, wordsHash(def.Ref, def.TextHash))
	if errors.Is(err, store.ErrNotFound) {
		return files, nil
	}
	maps.Copy(files, words)
	return files, err
}

// check reads a folder's bytes and finds what is wrong in them.
func (d *definitions) check(ctx context.Context, files map[string][]byte) (*pathway.Definition, []pathway.Finding) {
	return pathway.CheckOver(filesOf(files), d.below(ctx))
}

// below finds the version that a local layer lies over, as it was published.
func (d *definitions) below(ctx context.Context) func(id, version string) (fs.FS, bool) {
	return func(id, version string) (fs.FS, bool) {
		entries, err := d.store.Definitions(ctx)
		if err != nil {
			return nil, false
		}
		for _, e := range entries {
			if e.ID != id || e.Version != version {
				continue
			}
			files, err := d.store.Definition(ctx, e.Hash)
			return filesOf(files), err == nil
		}
		return nil, false
	}
}

// filesOf presents kept bytes as a folder.
func filesOf(files map[string][]byte) fs.FS {
	m := fstest.MapFS{}
	for name, b := range files {
		m[name] = &fstest.MapFile{Data: b}
	}
	return m
}

func errHasErrors() *care.Refusal {
	return care.Refuse("pathway-has-errors", "The pathway has errors and is not published. Lint it, mend it, and publish again.")
}

// Shelve puts a pathway's folder on the shelf, where it can be read and nothing
// opens with it: it is a draft until somebody publishes it. A folder with errors
// is not taken; the same id and version with other bytes is refused.
func (s *Service) Shelve(ctx context.Context, folder fs.FS) (pathway.Ref, []pathway.Finding, error) {
	if ref, err := s.shelved(ctx, folder); err != nil || ref.Hash != "" {
		return ref, nil, err
	}
	def, findings := pathway.LoadOver(folder, s.shelf.below(ctx))
	if def == nil || pathway.HasErrors(findings) {
		return pathway.Ref{}, findings, errHasErrors()
	}
	files, err := textFiles(folder)
	if err != nil {
		return def.Ref, findings, err
	}
	if files["pathway.yaml"], err = fs.ReadFile(folder, "pathway.yaml"); err != nil {
		return def.Ref, findings, err
	}
	err = s.store.PutDefinition(ctx, def.ID, def.Version, def.Hash, files)
	if errors.Is(err, store.ErrClaimed) {
		return def.Ref, findings, publication.VersionTaken(def.Ref)
	}
	if err == nil {
		s.shelf.keep(def)
	}
	return def.Ref, findings, err
}

// shelved finds a folder whose very bytes lie on the shelf. They were checked when
// they came there and need not be read again: a service starts in a moment.
func (s *Service) shelved(ctx context.Context, folder fs.FS) (pathway.Ref, error) {
	src, err := fs.ReadFile(folder, "pathway.yaml")
	if err != nil {
		return pathway.Ref{}, nil //nolint:nilerr // what cannot be read is said by the reader of pathways
	}
	kept, err := s.store.Definition(ctx, pathway.Hash(src))
	if errors.Is(err, store.ErrNotFound) {
		return pathway.Ref{}, nil
	}
	if err != nil {
		return pathway.Ref{}, err
	}
	files, err := textFiles(folder)
	if err != nil {
		return pathway.Ref{}, err
	}
	files["pathway.yaml"] = src
	if !maps.EqualFunc(kept, files, bytes.Equal) {
		return pathway.Ref{}, nil
	}
	all, err := s.OnShelf(ctx)
	if err != nil {
		return pathway.Ref{}, err
	}
	i := slices.IndexFunc(all, func(r pathway.Ref) bool { return r.Hash == pathway.Hash(src) })
	if i < 0 {
		return pathway.Ref{}, nil
	}
	return all[i], nil
}

// OnShelf lists the versions on the shelf, published or not, by id and version,
// without reading them.
func (s *Service) OnShelf(ctx context.Context) ([]pathway.Ref, error) {
	entries, err := s.store.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	var out []pathway.Ref
	for _, e := range entries {
		if !strings.HasSuffix(e.ID, wordsSuffix) && !strings.HasPrefix(e.ID, formPrefix) {
			out = append(out, pathway.Ref{ID: e.ID, Version: e.Version, Hash: e.Hash})
		}
	}
	return out, nil
}

// keep remembers a definition that was just put on the shelf, so that it is not
// read again.
func (d *definitions) keep(def *pathway.Definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.by[def.Hash], d.refs[def.Ref.String()] = def, def.Hash
}

// Pathway answers a definition on the shelf, with the words it is shown with now.
func (s *Service) Pathway(ctx context.Context, r pathway.Ref) (*pathway.Definition, error) {
	return s.shelf.find(ctx, r)
}

// Pathways lists what lies on the shelf, published or not, by id and version.
func (s *Service) Pathways(ctx context.Context) ([]*pathway.Definition, error) {
	refs, err := s.OnShelf(ctx)
	if err != nil {
		return nil, err
	}
	var out []*pathway.Definition
	for _, r := range refs {
		def, err := s.shelf.find(ctx, r)
		if err != nil {
			return nil, err
		}
		out = append(out, def)
	}
	return out, nil
}
