package journey_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
)

var update = flag.Bool("update", false, "write the stored form of event types that have none yet; those that have one are never written again")

// Each event type has a stored form, kept for ever: what was written once is
// read by every later version of the program, and says the same. Each field of
// it is filled, so that none can be renamed or dropped unseen.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	for _, typ := range journey.Events.Types() {
		file := filepath.Join("testdata", "events", fileOf(typ))
		if _, err := os.Stat(file); os.IsNotExist(err) && *update {
			body, err := care.Encode(filled(t, typ))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, append(body, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("%s has no stored form; write it: go test ./journey -run TestStoredForms -update", typ)
		}
	}
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < len(journey.Events.Types()) {
		t.Errorf("%d forms for %d types", len(files), len(journey.Events.Types()))
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.TrimSpace(body)
		e, err := journey.Events.Decode(typeOf(file), body)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if e.Type() != typeOf(file) {
			continue // an old version, brought up to date
		}
		if back, err := care.Encode(e); err != nil || !bytes.Equal(back, body) {
			t.Errorf("%s says\n%s\nand is read as\n%s (%v)", file, body, back, err)
		}
	}
	if _, err := journey.Events.Decode("journey.step-done/1", []byte(`{"step":1,"colour":"red"}`)); err == nil {
		t.Error("an unknown field is read")
	}
	for _, behind := range []string{`{"step":1}{}`, `{"step":1} x`, `{"step":1}]`} {
		if _, err := journey.Events.Decode("journey.step-done/1", []byte(behind)); err == nil {
			t.Errorf("%s is read", behind)
		}
	}
	if _, err := journey.Events.Decode("journey.forgotten/1", []byte(`{}`)); err == nil {
		t.Error("an unknown type is read")
	}
}

func fileOf(typ string) string {
	return strings.Replace(strings.TrimPrefix(typ, "journey."), "/", ".", 1) + ".json"
}

// typeOf is the type that a file holds a form of. A field that came later has a
// form of its own beside the first: opened.1.opens-for.json.
func typeOf(file string) string {
	name, version, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".json"), ".")
	version, _, _ = strings.Cut(version, ".")
	return "journey." + name + "/" + version
}

// filled is an event with every field set.
func filled(t *testing.T, typ string) care.Event {
	t.Helper()
	e, err := journey.Events.Decode(typ, []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.New(reflect.TypeOf(e)).Elem()
	fill(v, strings.TrimPrefix(typ, "journey."))
	return v.Interface().(care.Event)
}

func fill(v reflect.Value, name string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, 19, 23, 0, 0, 123456000, time.UTC)))
		return
	case care.Date:
		v.Set(reflect.ValueOf(day("2026-01-19")))
		return
	case care.Span:
		v.Set(reflect.ValueOf(span(12, care.Weeks)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), strings.ToLower(v.Type().Field(i).Name))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Map:
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(k, name)
		fill(e, "new-"+name)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(k, e)
	case reflect.String:
		v.SetString("a-" + name)
	case reflect.Int:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("a field of kind " + v.Kind().String() + " cannot be filled: " + name)
	}
}
