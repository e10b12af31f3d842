package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"forlop/store"
	"forlop/store/memory"
)

// keyService is somebody else's: it keeps a site's key and never lets it out.
func keyService(t *testing.T) (url string, down *atomic.Bool) {
	t.Helper()
	inside, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	own, err := inside.NewKey(t.Context(), "service")
	if err != nil {
		t.Fatal(err)
	}
	seal, err := inside.DataKey(t.Context(), "service", own)
	if err != nil {
		t.Fatal(err)
	}
	down = &atomic.Bool{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		var q asked
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		a := asked{Bytes: seal.Seal(q.Bytes, q.About)}
		if r.URL.Path == "/unwrap" {
			if a.Bytes, err = seal.Open(q.Bytes, q.About); err != nil {
				http.Error(w, "does not open", http.StatusUnprocessableEntity)
				return
			}
		}
		if err := json.NewEncoder(w).Encode(a); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, down
}

type asked struct {
	Bytes []byte
	About string
}

// remote is a site's key at the service.
type remote struct{ url string }

func (remote) ID() string { return "key-service.example/site-7" }

func (r remote) Wrap(ctx context.Context, key []byte, about string) ([]byte, error) {
	return r.ask(ctx, "/wrap", key, about)
}

func (r remote) Unwrap(ctx context.Context, wrapped []byte, about string) ([]byte, error) {
	return r.ask(ctx, "/unwrap", wrapped, about)
}

func (r remote) ask(ctx context.Context, path string, b []byte, about string) (_ []byte, err error) {
	body, err := json.Marshal(asked{b, about})
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusUnprocessableEntity:
		return nil, store.ErrSealed
	default:
		return nil, fmt.Errorf("the key service answers %s", answer.Status)
	}
	var a asked
	return a.Bytes, json.NewDecoder(answer.Body).Decode(&a)
}

func TestKeyService(t *testing.T) {
	t.Parallel()
	url, down := keyService(t)
	ctx, st := t.Context(), memory.Open()
	ring := func() *store.Keyring {
		k, err := store.NewKeyringOf(remote{url}, rand.Reader).Of(ctx, st)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := ring()
	wrapped, err := k.NewKey(ctx, "q1")
	if err != nil {
		t.Fatal(err)
	}
	key, err := k.DataKey(ctx, "q1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	sealed := key.Seal([]byte("vondt"), "here")

	// Another process, with the same service: it opens and finds the same.
	other := ring()
	again, err := other.DataKey(ctx, "q1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.Open(sealed, "here"); err != nil || string(text) != "vondt" {
		t.Errorf("opened %q, %v", text, err)
	}
	if !bytes.Equal(k.Hash("number", "1"), other.Hash("number", "1")) {
		t.Error("two processes hash the same number differently")
	}
	if !bytes.Equal(k.Public(), other.Public()) || len(k.Public()) == 0 {
		t.Error("two processes sign with different keys")
	}
	if _, err := other.DataKey(ctx, "q2", wrapped); !errors.Is(err, store.ErrSealed) {
		t.Errorf("another subject's key in its place: %v", err)
	}

	// Down: what is opened stays open, the rest waits, and it is not called wrong.
	down.Store(true)
	if _, err := other.DataKey(ctx, "q1", wrapped); err != nil {
		t.Errorf("a key that is open was asked for again: %v", err)
	}
	for what, err := range map[string]error{
		"a new key":       second(k.NewKey(ctx, "q3")),
		"a start":         second(store.NewKeyringOf(remote{url}, rand.Reader).Of(ctx, st)),
		"an unopened key": second(store.NewKeyringOf(remote{url}, rand.Reader).DataKey(ctx, "q1", wrapped)),
	} {
		if err == nil || errors.Is(err, store.ErrSealed) || errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s while the service is down: %v", what, err)
		}
	}
	down.Store(false)
	if err := ring().Fits(ctx, st); err != nil {
		t.Error(err)
	}

	// A file's key does not open what the service wrapped, and is told so.
	file, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Of(ctx, st); !errors.As(err, new(*store.OtherKey)) {
		t.Errorf("a file's key: %v", err)
	}
	if _, err := store.NewKeyringOf(nameless{remote{url}}, rand.Reader).NewKey(ctx, "q1"); err == nil {
		t.Error("a key without a name wraps")
	}
}

type nameless struct{ remote }

func (nameless) ID() string { return "" }

func second[A any](_ A, err error) error { return err }
