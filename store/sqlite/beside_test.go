package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

func TestBesideLogsLooksOfAServedFile(t *testing.T) {
	t.Parallel()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "served.db")
	served, err := Open(ctx, path)
	must(t, err)
	defer func() { must(t, served.Close()) }()
	if _, err := served.Append(ctx, benchAppend("journey/a", 0)); err != nil {
		t.Fatal(err)
	}
	beside, err := OpenBeside(ctx, path)
	must(t, err)
	if events, err := beside.Load(ctx, "journey/a", 0); err != nil || len(events) == 0 {
		t.Errorf("what is served cannot be read beside: %d events, %v", len(events), err)
	}
	must(t, beside.Log(ctx, store.Look{At: time.Unix(0, 0), Question: "journey", Reason: "a test", Persons: []care.PersonKey{"p1"}}))
	must(t, served.Log(ctx, store.Look{At: time.Unix(1, 0), Question: "journey", Persons: []care.PersonKey{"p1"}}))
	if looks, err := served.Looks(ctx, "p1", 0); err != nil || len(looks) != 2 {
		t.Errorf("the log holds %d looks, %v; want both", len(looks), err)
	}
	if _, err := beside.Append(ctx, benchAppend("journey/a", 1)); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("an append beside answers %v", err)
	}
	must(t, beside.Close())
	if _, err := served.Append(ctx, benchAppend("journey/a", 1)); err != nil {
		t.Errorf("after the other closed, serving answers %v", err)
	}
}
