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
	"forlop/journey"
	"forlop/store"
)

// LargestAttachment is how many bytes a document may have. Ours, no source.
const LargestAttachment = 10 << 20

// Attachment is a document that came with a referral.
type Attachment struct {
	Name string `json:"name"`
	// Type is the media type: a PDF, a JPEG or PNG picture, or plain text.
	Type    string `json:"type"`
	Content []byte `json:"-"`
}

// attachmentTypes are the media types that can be kept: what every browser shows
// without running anything.
var attachmentTypes = []string{"application/pdf", "image/jpeg", "image/png", "text/plain"}

// attach gives the referral the id of its document. The id follows from the
// order's key and the document's bytes, so that the same key with another
// document is found out.
func (s *Service) attach(o Order) (Order, error) {
	open, opening := o.Command.(journey.Open)
	switch {
	case !opening:
		return o, care.Refuse("attachment-misplaced", "A document comes with a referral only.").On("attachment")
	case len(o.Attachment.Content) == 0 || len(o.Attachment.Content) > LargestAttachment:
		return o, care.Refuse("attachment-size", "A document has at most {most} megabytes and is not empty.", "most", itoa(LargestAttachment>>20)).On("attachment")
	case !slices.Contains(attachmentTypes, o.Attachment.Type):
		return o, care.Refuse("attachment-type", "A document is a PDF, a picture (JPEG, PNG) or plain text.").On("attachment")
	}
	sum := sha256.Sum256(o.Attachment.Content)
	open.Attachment = s.id(o, "attachment "+hex.EncodeToString(sum[:]))
	o.Command = open
	return o, nil
}

// blob seals the document of an order under the person's key, for the same
// append as the referral.
func (w *work) blob(st store.Stream, o Order) error {
	if o.Attachment == nil {
		return nil
	}
	j := w.on[st].now.(*journey.State)
	key, err := w.s.dataKey(w.ctx, string(j.Person), true)
	if err != nil {
		return err
	}
	head, err := json.Marshal(o.Attachment)
	if err != nil {
		return err
	}
	plain := slices.Concat(head, []byte("\n"), o.Attachment.Content)
	w.blobs = append(w.blobs, store.Blob{ID: j.Attachment, Stream: st, Sealed: key.Seal(plain, "attachment "+j.Attachment)})
	return nil
}

// GetAttachment asks for the document that came with a journey's referral.
type GetAttachment struct{ Journey string }

// Name of the question.
func (GetAttachment) Name() string { return "attachment" }

func (q GetAttachment) answer(r *reading) (Attachment, []care.PersonKey, error) {
	st := store.StreamOf("journey", q.Journey)
	state, version, err := r.s.load(r.ctx, st)
	if err != nil {
		return Attachment{}, nil, err
	}
	j := state.(*journey.State)
	if version == 0 {
		return Attachment{}, nil, care.Missing("no-journey", "There is no such journey.")
	}
	if err := r.see(st, j); err != nil {
		return Attachment{}, nil, err
	}
	if j.Attachment == "" {
		return Attachment{}, nil, care.Missing("no-attachment", "No document came with this referral.")
	}
	a, err := r.s.attachment(r.ctx, j)
	return a, []care.PersonKey{j.Person}, err
}

// attachment opens a sealed document.
func (s *Service) attachment(ctx context.Context, j *journey.State) (Attachment, error) {
	var a Attachment
	b, err := s.store.Blob(ctx, j.Attachment)
	if err != nil {
		return a, fmt.Errorf("the document %s: %w", j.Attachment, err)
	}
	key, err := s.dataKey(ctx, string(j.Person), false)
	if errors.Is(err, store.ErrNotFound) {
		return a, care.Missing("no-attachment", "No document came with this referral.")
	}
	if err != nil {
		return a, err
	}
	plain, err := key.Open(b.Sealed, "attachment "+j.Attachment)
	if err != nil {
		return a, err
	}
	head, content, _ := bytes.Cut(plain, []byte("\n"))
	if err := json.Unmarshal(head, &a); err != nil {
		return a, fmt.Errorf("the document %s: %w", j.Attachment, err)
	}
	a.Content = content
	return a, nil
}
