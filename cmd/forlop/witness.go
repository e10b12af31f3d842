package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"forlop/casework"
	"forlop/store"
)

// witness is a file of checkpoints outside the database: a line is added for
// each and none is ever changed. It belongs on another machine or a disk that
// only takes additions.
type witness struct {
	path string
	mu   sync.Mutex
}

var _ casework.Witness = (*witness)(nil)

// witnessFile is the file in a folder that is named as a witness.
const witnessFile = "checkpoints.jsonl"

// witnessAt is the witness in a file or folder; one that is not there is made.
func witnessAt(path string) (*witness, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() || os.IsPathSeparator(path[len(path)-1]) {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, err
		}
		path = filepath.Join(path, witnessFile)
	}
	return &witness{path: path}, nil
}

// Keep adds a line and syncs it.
func (w *witness) Keep(line []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, err := os.OpenFile(w.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(bytes.Clone(line), '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// read answers the checkpoints by number. A last line that was not finished was
// never kept.
func (w *witness) read() ([]store.Checkpoint, error) {
	text, err := os.ReadFile(w.path)
	if err != nil {
		return nil, fmt.Errorf("the witness cannot be read: %w", err)
	}
	var all []store.Checkpoint
	lines := bytes.Split(text, []byte("\n"))
	for i, line := range lines[:len(lines)-1] {
		c, err := store.ReadCheckpoint(line)
		if err != nil {
			return nil, fmt.Errorf("the witness %s, line %d: %w", w.path, i+1, err)
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b store.Checkpoint) int { return cmp.Compare(a.Number, b.Number) })
	return all, nil
}
