package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrMalformed: the arguments can never be stored as they are. It is a fault of
// the caller, not of the person who acts.
var ErrMalformed = errors.New("store: cannot be stored as it is")

// Validate finds what could not be kept byte for byte by every store: a stream
// without a kind, an event without a type or with a body that is not JSON, text
// that is not UTF-8, a row of an unknown table. Its errors are ErrMalformed and
// name the thing.
func (a Append) Validate() error {
	for _, w := range a.Writes {
		if err := w.Stream.validate(); err != nil {
			return err
		}
		for i, e := range w.Events {
			at := fmt.Sprintf("%s: event %d (%s)", w.Stream, i+1, e.Type)
			switch {
			case e.Type == "":
				return fmt.Errorf("%w: %s has no type", ErrMalformed, at)
			case !json.Valid(e.Body):
				return fmt.Errorf("%w: %s: the body is not JSON", ErrMalformed, at)
			case !utf8.Valid(e.Body):
				return fmt.Errorf("%w: %s: the body is not UTF-8", ErrMalformed, at)
			}
			texts := []string{e.Type, string(e.Actor.Kind), e.Actor.ID, string(e.Actor.Unit), string(e.Post.Unit), string(e.Post.Role), string(e.Regime), e.Cause, e.Command, e.Definition}
			if e.For != nil {
				texts = append(texts, string(e.For.Of.Kind), string(e.For.Of.Post.Unit), string(e.For.Of.Post.Role), e.For.Of.Name, string(e.For.How))
			}
			if !plain(texts...) {
				return fmt.Errorf("%w: %s: the envelope holds text that is not UTF-8", ErrMalformed, at)
			}
		}
	}
	for _, c := range append(append([]Claim(nil), a.Claims...), a.Releases...) {
		if c.Kind == "" || c.Stream == "" || !plain(c.Kind, c.Key, string(c.Stream)) {
			return fmt.Errorf("%w: claim %q of %q", ErrMalformed, c.Kind, c.Stream)
		}
	}
	if c := a.Command; c != nil && (c.Key == "" || !plain(c.Actor, c.Key)) {
		return fmt.Errorf("%w: the command key %q of %q", ErrMalformed, c.Key, c.Actor)
	}
	for _, r := range a.Put {
		if err := ValidateRow(r); err != nil {
			return err
		}
	}
	for _, k := range a.Drop {
		if _, ok := Columns[k.Table]; !ok {
			return fmt.Errorf("%w: there is no table %q", ErrMalformed, k.Table)
		}
	}
	for _, t := range a.Timers {
		if err := t.Stream.validate(); err != nil {
			return err
		}
	}
	for _, d := range a.Send {
		if d.ID == "" || d.Kind == "" || !plain(d.ID, d.Kind, string(d.Stream)) || !utf8.Valid(d.Payload) {
			return fmt.Errorf("%w: delivery %q of kind %q", ErrMalformed, d.ID, d.Kind)
		}
	}
	for _, m := range a.Marks {
		if m == "" || !plain(m) {
			return fmt.Errorf("%w: the mark %q", ErrMalformed, m)
		}
	}
	for _, b := range a.Blobs {
		if b.ID == "" || !plain(b.ID, string(b.Stream)) {
			return fmt.Errorf("%w: blob %q", ErrMalformed, b.ID)
		}
	}
	return nil
}

// ValidateRow checks a row's values against its table's columns.
func ValidateRow(r Row) error {
	k := r.RowKey()
	cols, ok := Columns[k.Table]
	if !ok {
		return fmt.Errorf("%w: there is no table %q", ErrMalformed, k.Table)
	}
	values := r.Values()
	if len(values) != len(cols) || !plain(string(k.Stream), k.Key) {
		return fmt.Errorf("%w: row %s %s %q has %d values for %d columns", ErrMalformed, k.Table, k.Stream, k.Key, len(values), len(cols))
	}
	for i, c := range cols {
		ok := false
		switch v := values[i].(type) {
		case string:
			ok = c.Type == Text && plain(v)
		case int64:
			ok = c.Type == Int
		case bool:
			ok = c.Type == Bool
		}
		if !ok {
			return fmt.Errorf("%w: row %s %s %q: column %s cannot hold %v", ErrMalformed, k.Table, k.Stream, k.Key, c.Name, values[i])
		}
	}
	return nil
}

func (s Stream) validate() error {
	if s.Kind() == "" || s.ID() == "" || !plain(string(s)) {
		return fmt.Errorf("%w: %q is not a stream's name (kind/id)", ErrMalformed, s)
	}
	return nil
}

// plain reports whether every text can be kept by every store: UTF-8 without
// the zero byte, which PostgreSQL refuses in text.
func plain(texts ...string) bool {
	for _, t := range texts {
		if !utf8.ValidString(t) || strings.IndexByte(t, 0) >= 0 {
			return false
		}
	}
	return true
}
