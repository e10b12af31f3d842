package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/pathway"
	"forlop/pathway/publication"
	"forlop/store"
)

// Active is the version that a journey opens with now at a unit: what the
// nearest unit upwards has activated or adopted, else the whole site's. Where
// nothing is in use it is a refusal that says who can bring it into use.
func (s *Service) Active(ctx context.Context, id string, unit care.UnitID) (pathway.Ref, error) {
	dir, _, err := s.current(ctx)
	if err != nil {
		return pathway.Ref{}, err
	}
	return inUse(s.issued.family(id), dir, unit, s.clock.Now())
}

// InUse lists the definitions that journeys open with now somewhere at the site,
// by id and version.
func (s *Service) InUse(ctx context.Context) ([]*pathway.Definition, error) {
	if _, _, err := s.current(ctx); err != nil {
		return nil, err
	}
	var out []*pathway.Definition
	now := s.clock.Now()
	for _, state := range s.issued.all() {
		for _, v := range state.Versions {
			if state.Standing(v.Ref.Version, now) != publication.StandsActive {
				continue
			}
			def, err := s.shelf.find(ctx, v.Ref)
			if err != nil {
				return nil, err
			}
			out = append(out, def)
		}
	}
	slices.SortFunc(out, func(a, b *pathway.Definition) int { return strings.Compare(a.Ref.String(), b.Ref.String()) })
	return out, nil
}

// MayMoveTo refuses a version that a running journey at a unit must not move to.
func (s *Service) MayMoveTo(ctx context.Context, r pathway.Ref, unit care.UnitID) error {
	dir, _, err := s.current(ctx)
	if err != nil {
		return err
	}
	def, err := s.shelf.find(ctx, r)
	if err != nil {
		return err
	}
	return mayMoveTo(s.issued.of(def.ID), def, dir, unit, s.clock.Now())
}

// PublishPathway puts a folder on the shelf and publishes it as who: the first
// of the two persons or more who stand behind a version. The findings are the
// folder's; with an error among them nothing is published.
func (s *Service) PublishPathway(ctx context.Context, who Who, key string, folder fs.FS, c publication.Publish) (pathway.Ref, []pathway.Finding, error) {
	// Whoever may not publish does not take a place on the shelf either.
	if err := s.allowed(ctx, Order{Who: who, Key: key, Command: c}); err != nil {
		return pathway.Ref{}, nil, err
	}
	ref, findings, err := s.Shelve(ctx, folder)
	if err != nil {
		return ref, findings, err
	}
	c.Ref = ref
	_, err = s.Do(ctx, Order{Who: who, Key: key, Command: c})
	return ref, findings, err
}

// allowed asks for a command that may write to the shelf first whether its actor
// may do it at all.
func (s *Service) allowed(ctx context.Context, o Order) error {
	w, err := s.newWork(ctx, o)
	if err != nil {
		return err
	}
	return w.may(o, &opened{})
}

// ProposeWords proposes other words for a published version, or confirms them
// where another has proposed the same. The folder holds the text files that
// change; the others stay as they are shown now. The words must fit the version:
// what Check finds is answered, and an error refuses it.
func (s *Service) ProposeWords(ctx context.Context, who Who, key string, r pathway.Ref, folder fs.FS) (publication.Proposal, []pathway.Finding, error) {
	var none publication.Proposal
	c := publication.ProposeText{Version: r.Version}
	if err := s.allowed(ctx, Order{Who: who, Key: key, Target: r.ID, Command: c}); err != nil {
		return none, nil, err
	}
	def, err := s.shelf.find(ctx, r)
	if err != nil {
		return none, nil, err
	}
	files, err := s.shelf.files(ctx, def)
	if err != nil {
		return none, nil, err
	}
	given, err := textFiles(folder)
	if err != nil {
		return none, nil, err
	}
	for name, text := range given {
		if !bytes.Equal(files[name], text) {
			files[name] = text
			c.Languages = append(c.Languages, care.Language(strings.TrimSuffix(strings.TrimPrefix(name, "text."), ".yaml")))
		}
	}
	slices.Sort(c.Languages)
	worded, findings := s.shelf.check(ctx, files)
	if worded != nil {
		findings = append(findings, pathway.CheckTexts(def, worded)...)
	}
	if worded == nil || pathway.HasErrors(findings) {
		return none, findings, errHasErrors()
	}
	c.TextHash = worded.TextHash
	if worded.TextHash != def.TextHash {
		if err := s.shelf.putWords(ctx, def.Ref, worded.TextHash, files); err != nil {
			return none, findings, err
		}
	}
	p, err := s.ProposeOrConfirm(ctx, who, key, def.ID, c)
	return p, findings, err
}

// ReadPathway reads a folder as it would be published, a local layer over its
// base on the shelf, and says what is wrong in it. It stores nothing.
func (s *Service) ReadPathway(ctx context.Context, folder fs.FS) (*pathway.Definition, []pathway.Finding) {
	return pathway.CheckOver(folder, s.shelf.below(ctx))
}

// PathwayAt is a published definition with the words that it was shown with at an
// instant.
func (s *Service) PathwayAt(ctx context.Context, r pathway.Ref, at time.Time) (*pathway.Definition, error) {
	def, err := s.shelf.asPublished(ctx, r)
	if err != nil {
		return nil, err
	}
	hash, _, ok := s.issued.of(def.ID).TextAt(def.Version, at)
	if !ok {
		return def, nil
	}
	return s.shelf.worded(ctx, def, hash)
}

// BringIntoUse lets two persons bring a version on the shelf into use, for each of
// the units under its law: the first publishes and proposes, the second approves
// and confirms. Both hold the post for pathways in each unit. What is done
// already is left as it is, so that whoever stops on the way goes on from there,
// and others carry on for their own units.
func (s *Service) BringIntoUse(ctx context.Context, r pathway.Ref, first, second string, units ...care.UnitID) error {
	def, err := s.shelf.find(ctx, r)
	if err != nil {
		return err
	}
	as := func(id string, unit care.UnitID) Who {
		return Who{Actor: care.Actor{Kind: care.Professional, ID: id, Unit: unit}, Post: care.Post{Unit: unit, Role: care.PathwayApprover}}
	}
	key := "in-use/" + def.Ref.String() + "/"
	do := func(who Who, what string, c publication.Command) (Receipt, error) {
		return s.Do(ctx, Order{Who: who, Key: key + what, Target: def.ID, Command: c})
	}
	for _, unit := range units {
		if u, known := s.Directory().Unit(unit); known && u.Regime != def.Regime {
			continue
		}
		// Read from the store each time: another may do the same at once.
		state, err := s.Publication(ctx, def.ID)
		if err != nil {
			return err
		}
		if _, known := state.Edition(def.Version); !known {
			if _, err := do(as(first, unit), "publish", publication.Publish{Ref: def.Ref}); err != nil {
				return err
			}
		}
		if state, err = s.Publication(ctx, def.ID); err != nil {
			return err
		}
		if v, _ := state.Edition(def.Version); v.Stands == publication.StandsPublished {
			if _, err := do(as(second, unit), "approve", publication.Approve{Version: def.Version}); err != nil {
				return err
			}
		}
		if use, ok := state.InUse(unit, s.clock.Now()); ok && use.Version == def.Version {
			continue
		}
		use := publication.ProposeUse{Version: def.Version, Unit: unit, Adopt: def.Status == pathway.Draft}
		asked, err := do(as(first, unit), "propose/"+string(unit), use)
		if err != nil {
			return err
		}
		p, err := s.Proposal(ctx, asked)
		if err != nil {
			return err
		}
		if _, err := do(as(second, unit), "confirm/"+string(unit), publication.Confirm{Proposal: p.Proposal}); err != nil {
			return err
		}
	}
	return nil
}

// Publication is what is known of a pathway's versions, read from the store; an
// empty state where nobody has published one.
func (s *Service) Publication(ctx context.Context, id string) (publication.State, error) {
	state, _, err := s.load(ctx, store.StreamOf("pathway", id))
	if err != nil {
		return publication.State{}, err
	}
	return *state.(*publication.State), nil
}

// ProposeOrConfirm does one person's half of an act that takes two: where another
// has proposed the same, it confirms that; else it proposes. It answers the
// proposal as it stands then.
func (s *Service) ProposeOrConfirm(ctx context.Context, who Who, key, id string, c publication.Command) (publication.Proposal, error) {
	state, err := s.Publication(ctx, id)
	if err != nil {
		return publication.Proposal{}, err
	}
	number := state.Waiting(c, who.Actor.ID)
	order := Order{Who: who, Key: key, Target: id, Command: c}
	if number > 0 {
		order.Command = publication.Confirm{Proposal: number}
	}
	asked, err := s.Do(ctx, order)
	if err != nil {
		return publication.Proposal{}, err
	}
	if number == 0 {
		return s.Proposal(ctx, asked)
	}
	if state, err = s.Publication(ctx, id); err != nil {
		return publication.Proposal{}, err
	}
	return state.Proposals[number-1], nil
}

// PublishedFiles are the bytes of a version as it was published.
func (s *Service) PublishedFiles(ctx context.Context, r pathway.Ref) (map[string][]byte, error) {
	def, err := s.shelf.asPublished(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.store.Definition(ctx, def.Hash)
}

// Proposal is what an order proposed.
func (s *Service) Proposal(ctx context.Context, r Receipt) (publication.Proposal, error) {
	state, err := s.Publication(ctx, r.Target)
	if err != nil {
		return publication.Proposal{}, err
	}
	for _, p := range state.Proposals {
		if p.Asked == r.First {
			return p, nil
		}
	}
	return publication.Proposal{}, care.Missing("pathway-no-proposal", "There is no open proposal {proposal} of {pathway}.",
		"proposal", itoa(r.First), "pathway", r.Target)
}

// textFiles are the text files of a folder.
func textFiles(folder fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	names, err := fs.Glob(folder, "text.*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(folder, name); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// wordsID names what lies on the shelf beside a version: its other words.
func wordsID(r pathway.Ref) string { return r.String() + wordsSuffix }

const wordsSuffix = "/text"

// wordsHash is the place on the shelf of a version's words. Two versions may
// have the same words; their places differ.
func wordsHash(r pathway.Ref, textHash string) string {
	sum := sha256.Sum256([]byte(wordsID(r) + "\n" + textHash))
	return hex.EncodeToString(sum[:])
}

// putWords puts other words for a version on the shelf: the text files alone.
func (d *definitions) putWords(ctx context.Context, r pathway.Ref, textHash string, files map[string][]byte) error {
	texts := map[string][]byte{}
	for name, text := range files {
		if strings.HasPrefix(name, "text.") {
			texts[name] = text
		}
	}
	err := d.store.PutDefinition(ctx, wordsID(r), textHash, wordsHash(r, textHash), texts)
	if errors.Is(err, store.ErrClaimed) {
		return fmt.Errorf("casework: other words lie on the shelf under the hash of these: %w", err)
	}
	return err
}
