package store

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

// FuzzWitness reads what could lie in a witness's folder, where others than us write:
// a line is what it says when it is written and read again, and only a line that this
// site's key signed is signed.
func FuzzWitness(f *testing.F) {
	k, err := NewKeyring(bytes.Repeat([]byte{7}, KeySize), strings.NewReader(strings.Repeat("x", 1<<10)))
	if err != nil {
		f.Fatal(err)
	}
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	signed, err := Checkpoint{At: at, Epoch: 1, Position: 7}.Sign(k).Line()
	if err != nil {
		f.Fatal(err)
	}
	pruned, err := Pruning{At: at, Before: at, Actor: care.Service, Count: 2}.Sign(k).Line()
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range [][]byte{signed, pruned, signed[:len(signed)/2], []byte("{}"), []byte("null"), []byte(`{"at":"9999-99-99"}`), append(bytes.Clone(signed), signed...)} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if c, err := ReadCheckpoint(line); err == nil {
			again, err := c.Line()
			if err != nil {
				t.Fatalf("%q was read and cannot be written: %v", line, err)
			}
			same, err := ReadCheckpoint(again)
			if err != nil || !same.Same(c) {
				t.Errorf("%q is written as %q, %v", line, again, err)
			}
			if one, _ := ReadCheckpoint(signed); c.Signed(k.Public()) == nil && !c.Same(one) {
				t.Errorf("%q counts as signed by us", line)
			}
		}
		if p, err := ReadPruning(line); err == nil {
			if _, err := p.Line(); err != nil {
				t.Fatalf("%q was read and cannot be written: %v", line, err)
			}
			if one, _ := ReadPruning(pruned); p.Signed(k.Public()) == nil && !reflect.DeepEqual(p.statement(), one.statement()) {
				t.Errorf("%q counts as signed by us", line)
			}
		}
	})
}

// FuzzOnBehalf: whatever stands in the column, reading it does not panic, and what
// was read is written to be read the same.
func FuzzOnBehalf(f *testing.F) {
	f.Add("")
	f.Add("null")
	f.Add(`{"of":{"kind":"other","name":"Legene"},"how":"phone"}`)
	f.Add(`{"of":{"kind":"unit","post":{"unit":"u","role":"gp"}},"how":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		first, err := DecodeOnBehalf(text)
		if err != nil || first == nil {
			return
		}
		again, err := EncodeOnBehalf(first)
		if err != nil {
			t.Fatal(err)
		}
		second, err := DecodeOnBehalf(again)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(first, second) {
			t.Errorf("%q was read as %+v and then %+v", text, first, second)
		}
	})
}
