package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"forlop/care"
	"forlop/care/questionnaire"
	"forlop/store"
)

// formPrefix stands before the ids of questionnaires among what is kept under a
// hash, so that none is taken for a pathway.
const formPrefix = "form/"

// formFile is what a questionnaire's bytes are kept as.
const formFile = "questionnaire.yaml"

// formShelf finds questionnaires: those that ship, and those that the site has
// imported. What a form was asked with is kept for as long as there are events.
type formShelf struct {
	store store.Store
	mu    sync.Mutex
	by    map[string]*questionnaire.Definition // by hash
}

// find answers a questionnaire by its hash.
func (f *formShelf) find(ctx context.Context, hash string) (*questionnaire.Definition, error) {
	if d, ok := questionnaire.Find(questionnaire.Ref{Hash: hash}); ok && hash != "" {
		return d, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if d, ok := f.by[hash]; ok {
		return d, nil
	}
	kept, err := f.store.Definition(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("the questionnaire %s: %w", hash, err)
	}
	d, findings := questionnaire.Parse(formFile, kept[formFile])
	if d == nil {
		return nil, fmt.Errorf("the kept questionnaire %s cannot be read any more: %v", hash, findings)
	}
	f.by[hash] = d
	return d, nil
}

// offered are the questionnaires that can be asked for, by id: what the site has
// imported goes before what ships under the same id.
func (f *formShelf) offered(ctx context.Context) ([]*questionnaire.Definition, error) {
	byID := map[string]*questionnaire.Definition{}
	for _, d := range questionnaire.Shipped() {
		byID[d.ID] = d
	}
	entries, err := f.store.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.ID, formPrefix) {
			continue
		}
		if _, ships := questionnaire.Find(questionnaire.Ref{Hash: e.Hash}); ships {
			continue // kept because somebody was asked
		}
		d, err := f.find(ctx, e.Hash)
		if err != nil {
			return nil, err
		}
		byID[d.ID] = d
	}
	all := make([]*questionnaire.Definition, 0, len(byID))
	for _, d := range byID {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b *questionnaire.Definition) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

// keep keeps a questionnaire's bytes for ever. The same id and version with other
// bytes is refused.
func (f *formShelf) keep(ctx context.Context, d *questionnaire.Definition) error {
	err := f.store.PutDefinition(ctx, formPrefix+d.ID, d.Version, d.Hash, map[string][]byte{formFile: d.Bytes})
	if errors.Is(err, store.ErrClaimed) {
		return care.Refuse("form-version-taken", "There is another questionnaire called {form} already. Give this one a new version.", "form", d.String())
	}
	return err
}

// ImportQuestionnaire takes in a questionnaire that the site brings with its own
// licence. Its file is read as strictly as those that ship; one with findings is
// not taken.
func (s *Service) ImportQuestionnaire(ctx context.Context, file string, src []byte) (questionnaire.Ref, []questionnaire.Finding, error) {
	d, findings := questionnaire.Parse(file, src)
	if d == nil {
		return questionnaire.Ref{}, findings, nil
	}
	if shipped, ok := questionnaire.Find(questionnaire.Ref{ID: d.ID, Version: d.Version}); ok && shipped.Hash != d.Hash {
		return d.Ref, nil, care.Refuse("form-version-taken", "There is another questionnaire called {form} already. Give this one a new version.", "form", d.String())
	}
	return d.Ref, nil, s.forms.keep(ctx, d)
}
