package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// LargestAttachment is how many bytes a document may have. Ours, no source.
const LargestAttachment = 10 << 20

// Attachment is a document that came with a referral, or with what was examined
// before.
type Attachment struct {
	Name string `json:"name"`
	// Type is the media type: a PDF, a JPEG or PNG picture, or plain text.
	Type    string `json:"type"`
	Content []byte `json:"-"`
}

// attachmentTypes are the media types that can be kept: what every browser shows
// without running anything.
var attachmentTypes = []string{"application/pdf", "image/jpeg", "image/png", "text/plain"}

// attach gives the referral or the finding the id of its document. The id follows
// from the order's key and the document's bytes, so that the same key with another
// document is found out. Nobody else sets it: an id names a document that is
// there already, and could be somebody else's.
func (s *Service) attach(o Order) (Order, error) {
	misplaced := care.Refuse("attachment-misplaced", "A document comes with a referral or with what was examined before only.").On("attachment")
	open, opening := o.Command.(journey.Open)
	finding, found := o.Command.(person.RecordFinding)
	switch {
	case o.Attachment == nil && open.Attachment == "" && finding.File == "":
		return o, nil
	case o.Attachment == nil, !opening && !found, open.Attachment != "", finding.File != "":
		return o, misplaced
	case len(o.Attachment.Content) == 0 || len(o.Attachment.Content) > LargestAttachment:
		return o, care.Refuse("attachment-size", "A document has at most {most} megabytes and is not empty.", "most", itoa(LargestAttachment>>20)).On("attachment")
	case !slices.Contains(attachmentTypes, o.Attachment.Type):
		return o, care.Refuse("attachment-type", "A document is a PDF, a picture (JPEG, PNG) or plain text.").On("attachment")
	}
	kept, err := cleaned(*o.Attachment)
	if err != nil {
		return o, err
	}
	o.Attachment = &kept
	sum := sha256.Sum256(o.Attachment.Content)
	id := s.id(o, "attachment "+hex.EncodeToString(sum[:]))
	if found {
		finding.File = id
		o.Command = finding
		return o, nil
	}
	open.Attachment = id
	o.Command = open
	return o, nil
}

// blob seals the document of an order under the person's key, for the same
// append as the referral or the finding.
func (w *work) blob(st store.Stream, o Order) error {
	if o.Attachment == nil {
		return nil
	}
	var of care.PersonKey
	var id string
	switch now := w.on[st].now.(type) {
	case *journey.State:
		of, id = now.Person, now.Attachment
	case *person.State:
		of, id = care.PersonKey(st.ID()), now.Findings[len(now.Findings)-1].File
	}
	key, err := w.s.dataKey(w.ctx, string(of), true)
	if err != nil {
		return err
	}
	head, err := json.Marshal(o.Attachment)
	if err != nil {
		return err
	}
	plain := slices.Concat(head, []byte("\n"), o.Attachment.Content)
	w.blobs = append(w.blobs, store.Blob{ID: id, Stream: st, Sealed: key.Seal(plain, "attachment "+id)})
	return nil
}

// GetAttachment asks for the document that came with a journey's referral.
type GetAttachment struct{ Journey string }

// Name of the question.
func (GetAttachment) Name() string { return "attachment" }

func (q GetAttachment) answer(r *reading) (Attachment, []care.PersonKey, error) {
	st := store.StreamOf("journey", q.Journey)
	state, version, err := r.load(st)
	if err != nil {
		return Attachment{}, nil, err
	}
	j := state.(*journey.State)
	if version == 0 {
		return Attachment{}, nil, noJourney()
	}
	if err := r.see(st, j); err != nil {
		return Attachment{}, nil, err
	}
	if j.Attachment == "" {
		return Attachment{}, nil, care.Missing("no-attachment", "No document came with this referral.")
	}
	r.what = append(r.what, "attachment/"+j.Attachment)
	a, err := r.s.attachment(r.ctx, r.store, j.Person, j.Attachment)
	return a, []care.PersonKey{j.Person}, err
}

// GetFindingFile asks for the document of something that was examined before, of
// the person whose journey it is. The log says which document was fetched.
type GetFindingFile struct {
	Journey string
	Finding int
}

// Name of the question.
func (GetFindingFile) Name() string { return "finding-file" }

func (q GetFindingFile) answer(r *reading) (Attachment, []care.PersonKey, error) {
	st := store.StreamOf("journey", q.Journey)
	state, version, err := r.load(st)
	if err != nil {
		return Attachment{}, nil, err
	}
	if version == 0 {
		return Attachment{}, nil, noJourney()
	}
	j := state.(*journey.State)
	if err := r.see(st, j); err != nil {
		return Attachment{}, nil, err
	}
	// Of two records of one person it is the one that stays that pages show.
	of, err := r.s.surviving(r.ctx, j.Person)
	if err != nil {
		return Attachment{}, nil, err
	}
	st = store.StreamOf("person", string(of))
	if state, _, err = r.load(st); err != nil {
		return Attachment{}, nil, err
	}
	if err := r.seeAs(st, state, noPerson); err != nil {
		return Attachment{}, nil, err
	}
	p := state.(*person.State)
	if q.Finding < 1 || q.Finding > len(p.Findings) || p.Findings[q.Finding-1].File == "" {
		return Attachment{}, nil, noFindingFile()
	}
	file := p.Findings[q.Finding-1].File
	r.what = append(r.what, "attachment/"+file)
	a, err := r.s.attachment(r.ctx, r.store, of, file)
	return a, []care.PersonKey{of}, err
}

func noFindingFile() error {
	return care.Missing("no-finding-file", "No document came with this examination.")
}

// attachment opens a sealed document of a person.
func (s *Service) attachment(ctx context.Context, view store.Store, of care.PersonKey, id string) (Attachment, error) {
	var a Attachment
	b, err := view.Blob(ctx, id)
	if err != nil {
		return a, fmt.Errorf("the document %s: %w", id, err)
	}
	key, err := s.dataKey(ctx, string(of), false)
	if errors.Is(err, store.ErrNotFound) {
		return a, care.Missing("no-attachment", "No document came with this referral.")
	}
	if err != nil {
		return a, err
	}
	plain, err := key.Open(b.Sealed, "attachment "+id)
	if err != nil {
		return a, err
	}
	head, content, _ := bytes.Cut(plain, []byte("\n"))
	if err := json.Unmarshal(head, &a); err != nil {
		return a, fmt.Errorf("the document %s: %w", id, err)
	}
	a.Content = content
	return a, nil
}
