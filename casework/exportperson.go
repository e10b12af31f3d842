package casework

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// ExportPerson takes out everything that is kept of one record of a person: every
// event with its words opened, the documents, and who has looked. It serves whoever
// leaves the program, and a person's right to see what is kept (GDPR article 15, K).
type ExportPerson struct{ Person care.PersonKey }

// Name of the question.
func (ExportPerson) Name() string { return "export-person" }

// Exported is what is kept of one record.
type Exported struct {
	Person    care.PersonKey   `json:"person"`
	Identity  Identity         `json:"identity"`
	Streams   []ExportedStream `json:"streams"`
	Documents []Attachment     `json:"-"`
	Looks     []LogEntry       `json:"looks"`
	// Names are what the professionals in it are called.
	Names map[string]string `json:"names"`
}

// ExportedStream is one stream: a journey, the person, a form, a conversation.
type ExportedStream struct {
	Stream string          `json:"stream"`
	Events []ExportedEvent `json:"events"`
}

// ExportedEvent is one event as it is stored, its words opened.
type ExportedEvent struct {
	Version    int             `json:"version"`
	Type       string          `json:"type"`
	Happened   time.Time       `json:"happened"`
	Learned    time.Time       `json:"learned"`
	Actor      care.Actor      `json:"actor"`
	Post       care.Post       `json:"post"`
	For        *care.OnBehalf  `json:"for,omitempty"`
	Regime     care.Regime     `json:"regime"`
	Definition string          `json:"definition,omitempty"`
	Body       json.RawMessage `json:"body"`
	Words      care.Sealed     `json:"words,omitempty"`
}

// ofOnePerson are the kinds of streams that are named by the person they are of.
var ofOnePerson = []string{"person", "consent", "booking", "notice", "sentence"}

func (q ExportPerson) answer(r *reading) (Exported, []care.PersonKey, error) {
	out := Exported{Person: q.Person, Names: map[string]string{}}
	if err := r.seePerson(q.Person); err != nil {
		return out, nil, err
	}
	streams, err := r.streamsOf(q.Person)
	if err != nil {
		return out, nil, err
	}
	for _, kind := range ofOnePerson {
		streams[store.StreamOf(kind, string(q.Person))] = true
	}
	rows, err := r.store.Relations(r.ctx, q.Person)
	if err != nil {
		return out, nil, err
	}
	for _, row := range rows {
		streams[row.Stream] = true
	}
	who := map[string]bool{}
	for _, st := range slices.Sorted(maps.Keys(streams)) {
		of, err := r.exported(st, q.Person, who)
		if err != nil {
			return out, nil, err
		}
		if len(of.Events) > 0 {
			out.Streams = append(out.Streams, of)
		}
	}
	if out.Documents, err = r.documents(q.Person, slices.Sorted(maps.Keys(streams))); err != nil {
		return out, nil, err
	}
	for after := int64(0); ; {
		page, err := r.store.LookLog(r.ctx, store.LookQuery{Person: q.Person, After: after, Limit: MostLooks})
		if err != nil {
			return out, nil, err
		}
		out.Looks = append(out.Looks, page...)
		if len(page) < MostLooks {
			break
		}
		after = page[len(page)-1].ID
	}
	for _, l := range out.Looks {
		who[l.Actor.ID] = true
	}
	names, err := r.s.wholeIdentitiesIn(r.ctx, r.store, append(slices.Sorted(maps.Keys(who)), string(q.Person)))
	if err != nil {
		return out, nil, err
	}
	out.Identity = names[string(q.Person)]
	for id := range who {
		if n, ok := names[id]; ok && id != string(q.Person) {
			out.Names[id] = n.Name
		}
	}
	return out, []care.PersonKey{q.Person}, nil
}

// exported reads one stream, and notes who acted in it.
func (r *reading) exported(st store.Stream, p care.PersonKey, who map[string]bool) (ExportedStream, error) {
	out := ExportedStream{Stream: string(st)}
	events, err := r.store.Load(r.ctx, st, 0)
	if err != nil {
		return out, err
	}
	for _, e := range events {
		words, err := r.s.unseal(r.ctx, string(p), e)
		if err != nil {
			return out, err
		}
		if e.Actor.Kind == care.Professional {
			who[e.Actor.ID] = true
		}
		out.Events = append(out.Events, ExportedEvent{
			Version: e.Version, Type: e.Type, Happened: e.Happened, Learned: e.Learned, Actor: e.Actor, Post: e.Post, For: e.For,
			Regime: e.Regime, Definition: e.Definition, Body: e.Body, Words: words,
		})
	}
	if len(events) > 0 {
		r.shows(st)
	}
	return out, nil
}

// documents are those that came with referrals and with what was examined before.
func (r *reading) documents(p care.PersonKey, streams []store.Stream) (all []Attachment, err error) {
	var ids []string
	for _, st := range streams {
		state, _, err := r.load(st)
		if err != nil {
			return nil, err
		}
		switch s := state.(type) {
		case *journey.State:
			ids = append(ids, s.Attachment)
		case *person.State:
			for _, f := range s.Findings {
				ids = append(ids, f.File)
			}
		}
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if id == "" {
			continue
		}
		a, err := r.s.attachment(r.ctx, r.store, p, id)
		if refusal, gone := care.AsRefusal(err); gone && refusal.Kind == care.NotFound || errors.Is(err, store.ErrNotFound) {
			continue // erased with its key
		}
		if err != nil {
			return nil, err
		}
		r.what = append(r.what, "attachment/"+id)
		all = append(all, a)
	}
	return all, nil
}
