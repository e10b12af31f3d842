package casework

import (
	"context"
	"slices"
	"strings"

	"forlop/care"
	"forlop/pathway"
	"forlop/pathway/publication"
	"forlop/store"
)

// tellLayers tells every local layer over a pathway that a new version of it is
// approved, and what its owner must look at.
func (s *Service) tellLayers(ctx context.Context, e store.Event) error {
	rec, err := recorded(publicationKind{}, e)
	if err != nil {
		return err
	}
	state, err := s.Publication(ctx, e.Stream.ID())
	if err != nil {
		return err
	}
	if _, _, err := s.current(ctx); err != nil {
		return err
	}
	base, _ := state.Edition(rec.Event.(publication.Approved).Version)
	for id, other := range s.issued.all() {
		for _, v := range other.Versions {
			if v.Extends.ID != base.Ref.ID || v.Extends.Version == base.Ref.Version || v.Stands == publication.StandsRetired {
				continue
			}
			conflicts, err := s.conflicts(ctx, v, base.Ref)
			if err != nil {
				return err
			}
			_, err = s.Do(ctx, Order{
				Who: Who{Actor: care.Service}, Target: id, Key: "base/" + base.Ref.String() + "/" + v.Ref.String(),
				Command: publication.NoteBase{Version: v.Ref.Version, Base: base.Ref, Conflicts: conflicts},
			})
			if _, refused := care.AsRefusal(err); err != nil && !refused {
				return err
			}
		}
	}
	return nil
}

// conflicts are what the owner of a local layer must look at when its base has a
// new version.
func (s *Service) conflicts(ctx context.Context, layer publication.Edition, base pathway.Ref) ([]publication.Conflict, error) {
	files, err := s.store.Definition(ctx, layer.Ref.Hash)
	if err != nil {
		return nil, err
	}
	before, err := s.shelf.find(ctx, layer.Extends)
	if err != nil {
		return nil, err
	}
	after, err := s.shelf.find(ctx, base)
	if err != nil {
		return nil, err
	}
	var out []publication.Conflict
	for _, f := range pathway.Conflicts(filesOf(files), before, after) {
		out = append(out, publication.Conflict{File: f.File, Line: f.Line, Code: f.Code, Message: f.Message})
	}
	return out, nil
}

// withLayers is a pathway's id and those of the local layers over it on the
// shelf, which are called no.pain+fjord.
func (s *Service) withLayers(ctx context.Context, id string) ([]string, error) {
	entries, err := s.store.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	ids := []string{id}
	for _, e := range entries {
		if strings.HasPrefix(e.ID, id+"+") && !strings.HasSuffix(e.ID, wordsSuffix) && !slices.Contains(ids, e.ID) {
			ids = append(ids, e.ID)
		}
	}
	return ids, nil
}
