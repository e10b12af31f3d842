package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"forlop/care/messaging"
)

// Spool puts messages into a folder, for a site whose own programs send them on.
// Each is one JSON file named by its key, so that one message is one file.
type Spool struct {
	Folder  string
	Channel messaging.Channel
}

var _ Carrier = Spool{}

// Carry writes the file whole or not at all. Whoever takes it out of the folder has
// taken it.
func (s Spool) Carry(_ context.Context, m Message) Carried {
	body, err := json.MarshalIndent(struct {
		Key      string            `json:"key"`
		Channel  messaging.Channel `json:"channel"`
		To       string            `json:"to"`
		Subject  string            `json:"subject,omitempty"`
		Text     string            `json:"text"`
		Language string            `json:"language"`
		Trace    string            `json:"trace,omitempty"`
	}{m.Key, s.Channel, m.To, m.Subject, m.Text, string(m.Language), m.Trace}, "", "  ")
	if err == nil {
		err = s.write(m.Key, append(body, '\n'))
	}
	if err != nil {
		return Carried{Outcome: messaging.Later, Code: "spool", Err: fmt.Errorf("casework: the spool cannot be written: %w", err)}
	}
	return Carried{Outcome: messaging.Taken}
}

func (s Spool) write(key string, body []byte) (err error) {
	name := filepath.Join(s.Folder, key+".json")
	if _, err := os.Stat(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.CreateTemp(s.Folder, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, written := f.Write(body)
	if err := errors.Join(written, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
