package store

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func ring(t *testing.T, site byte) *Keyring {
	t.Helper()
	k, err := NewKeyring(bytes.Repeat([]byte{site}, KeySize), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func dataKey(t *testing.T, k *Keyring, subject string) (wrapped []byte, key *DataKey) {
	t.Helper()
	wrapped, err := k.NewKey(t.Context(), subject)
	if err != nil {
		t.Fatal(err)
	}
	key, err = k.DataKey(t.Context(), subject, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	return wrapped, key
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	k := ring(t, 1)
	_, mine := dataKey(t, k, "q1")
	_, other := dataKey(t, k, "q2")
	for _, text := range []string{"", "vondt", strings.Repeat("å", 1<<20)} {
		sealed := mine.Seal([]byte(text), "journey/1@1")
		got, err := mine.Open(sealed, "journey/1@1")
		if err != nil || string(got) != text {
			t.Fatalf("%d bytes came back as %d, %v", len(text), len(got), err)
		}
		if len(text) > 3 && bytes.Contains(sealed, []byte(text)) {
			t.Error("the text can be read")
		}
		if again := mine.Seal([]byte(text), "journey/1@1"); bytes.Equal(sealed, again) {
			t.Error("the same text is sealed to the same bytes")
		}
		if _, err := mine.Open(sealed, "journey/1@2"); !errors.Is(err, ErrSealed) {
			t.Errorf("opened in another place: %v", err)
		}
		if _, err := other.Open(sealed, "journey/1@1"); !errors.Is(err, ErrSealed) {
			t.Errorf("opened with another's key: %v", err)
		}
		for _, i := range []int{0, len(sealed) / 2, len(sealed) - 1} {
			changed := slices.Clone(sealed)
			changed[i] ^= 1
			if _, err := mine.Open(changed, "journey/1@1"); !errors.Is(err, ErrSealed) {
				t.Errorf("byte %d changed: %v", i, err)
			}
		}
		if _, err := mine.Open(sealed[:len(sealed)-1], "journey/1@1"); !errors.Is(err, ErrSealed) {
			t.Errorf("cut short: %v", err)
		}
	}
	if _, err := mine.Open(nil, ""); !errors.Is(err, ErrSealed) {
		t.Errorf("nothing was opened: %v", err)
	}
}

func TestDataKeysBelongToSubjectAndSite(t *testing.T) {
	t.Parallel()
	k := ring(t, 1)
	wrapped, key := dataKey(t, k, "q1")
	sealed := key.Seal([]byte("vondt"), "here")

	// The same site's key, in another process.
	again, err := ring(t, 1).DataKey(t.Context(), "q1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, "here"); err != nil || string(got) != "vondt" {
		t.Errorf("opened %q, %v", got, err)
	}
	if _, err := k.DataKey(t.Context(), "q2", wrapped); !errors.Is(err, ErrSealed) {
		t.Errorf("another subject's key in its place: %v", err)
	}
	_, err = ring(t, 2).DataKey(t.Context(), "q1", wrapped)
	if !errors.Is(err, ErrSealed) || !strings.Contains(err.Error(), "site key") {
		t.Errorf("another site's key: %v, want one that names the site key", err)
	}
	for i := range wrapped {
		changed := slices.Clone(wrapped)
		changed[i] ^= 1
		if _, err := k.DataKey(t.Context(), "q1", changed); !errors.Is(err, ErrSealed) {
			t.Errorf("byte %d of the wrapped key changed: %v", i, err)
		}
		if _, err := k.DataKey(t.Context(), "q1", wrapped[:i]); !errors.Is(err, ErrSealed) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	if w, _ := dataKey(t, k, "q1"); bytes.Equal(w, wrapped) {
		t.Error("two keys of one subject are the same")
	}
	if cached, err := k.DataKey(t.Context(), "q1", wrapped); err != nil || cached != key {
		t.Errorf("an opened key is not kept: %v", err)
	}
}

func TestKeyringRefusesBadKeys(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := NewKeyring(make([]byte, n), rand.Reader); err == nil {
			t.Errorf("a site key of %d bytes was taken", n)
		}
	}
	k, err := NewKeyring(make([]byte, KeySize), io.LimitReader(rand.Reader, KeySize+1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.NewKey(t.Context(), "q1"); err != nil {
		t.Errorf("enough random bytes: %v", err)
	}
	if _, err := k.NewKey(t.Context(), "q2"); err == nil {
		t.Error("a key was made of one random byte")
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	k := ring(t, 1)
	seen := map[string]string{}
	for name, h := range map[string][]byte{
		"number":          k.Hash("nin", "13812345678"),
		"another number":  k.Hash("nin", "13812345679"),
		"another kind":    k.Hash("hpr", "13812345678"),
		"split elsewhere": k.Hash("nin1", "3812345678"),
		"another site":    ring(t, 2).Hash("nin", "13812345678"),
		"nothing":         k.Hash("", ""),
	} {
		if len(h) != 32 {
			t.Errorf("%s: %d bytes", name, len(h))
		}
		if other, twice := seen[string(h)]; twice {
			t.Errorf("%s and %s give the same hash", name, other)
		}
		seen[string(h)] = name
	}
	if !bytes.Equal(k.Hash("nin", "1"), ring(t, 1).Hash("nin", "1")) {
		t.Error("the hash is not the same in another process")
	}
}

// TestKeepsOpening: what an earlier release wrapped and sealed opens for ever.
func TestKeepsOpening(t *testing.T) {
	t.Parallel()
	k := ring(t, 7)
	key, err := k.DataKey(t.Context(), "q1", fromHex(t, goldenWrapped))
	if err != nil {
		t.Fatal(err)
	}
	got, err := key.Open(fromHex(t, goldenSealed), "journey/1@1")
	if err != nil || string(got) != "Det gjør vondt å gå." {
		t.Errorf("opened %q, %v", got, err)
	}
	if h := k.Hash("nin", "13812345678"); !bytes.Equal(h, fromHex(t, goldenIndex)) {
		t.Errorf("the hash of an identifier is now %x: nobody in the vault can be found any more", h)
	}
}

// FuzzDataKey: nothing that lies in the vault can make it panic or open.
func FuzzDataKey(f *testing.F) {
	k, err := NewKeyring(bytes.Repeat([]byte{7}, KeySize), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	// The fuzzer's processes must agree on the one that opens.
	wrapped, err := hex.DecodeString(goldenWrapped)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(wrapped, "q1")
	f.Add(wrapped[:9], "q2")
	f.Add([]byte{}, "")
	f.Fuzz(func(t *testing.T, b []byte, subject string) {
		key, err := k.DataKey(t.Context(), subject, b)
		if (err == nil) != (subject == "q1" && string(b) == string(wrapped)) {
			t.Fatalf("%x of %q: %v", b, subject, err)
		}
		if err == nil {
			if _, err := key.Open(b, subject); !errors.Is(err, ErrSealed) {
				t.Fatalf("%x was opened: %v", b, err)
			}
		}
	})
}
