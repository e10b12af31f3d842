package care

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sort"
)

// Vocabulary is the closed set of events of one kind of stream, by their
// versioned names, with the changes that bring old versions up to date.
type Vocabulary struct {
	kinds  map[string]reflect.Type
	upcast map[string]Upcast
}

// Upcast turns the body of an old version into the next version's: it answers
// the new type name and body.
type Upcast func(body []byte) (typ string, newBody []byte, err error)

// NewVocabulary makes a vocabulary of the given events (values, not pointers).
func NewVocabulary(events ...Event) *Vocabulary {
	v := &Vocabulary{kinds: make(map[string]reflect.Type, len(events)), upcast: map[string]Upcast{}}
	for _, e := range events {
		if _, twice := v.kinds[e.Type()]; twice {
			panic("care: two events are called " + e.Type())
		}
		v.kinds[e.Type()] = reflect.TypeOf(e)
	}
	return v
}

// Old declares how an old version is brought up to date. Old names stay for
// ever.
func (v *Vocabulary) Old(typ string, up Upcast) { v.upcast[typ] = up }

// Types lists the current names in order.
func (v *Vocabulary) Types() []string {
	names := make([]string, 0, len(v.kinds))
	for n := range v.kinds {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Decode reads a stored event. An unknown type, an unknown field, a broken body
// or one with something behind it is an error that names the type.
func (v *Vocabulary) Decode(typ string, body []byte) (Event, error) {
	for range 100 {
		up, old := v.upcast[typ]
		if !old {
			break
		}
		var err error
		if typ, body, err = up(body); err != nil {
			return nil, fmt.Errorf("event %s cannot be brought up to date: %w", typ, err)
		}
	}
	kind, ok := v.kinds[typ]
	if !ok {
		return nil, fmt.Errorf("event type %q is not known to this version of the program", typ)
	}
	p := reflect.New(kind)
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(p.Interface()); err != nil {
		return nil, fmt.Errorf("event %s has a body that cannot be read: %w", typ, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("event %s has a body with something behind it", typ)
	}
	return p.Elem().Interface().(Event), nil
}

// Encode writes an event's body. The same event always gives the same bytes.
func Encode(e Event) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("event %s cannot be written: %w", e.Type(), err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
