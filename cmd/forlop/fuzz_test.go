package main

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forlop/casework"
	"forlop/store"
)

// FuzzSettings reads whatever stands in a settings file: it is settings that a flag
// can take, or an error that names the file; never both, and nothing is printed of a
// key.
func FuzzSettings(f *testing.F) {
	for _, s := range []string{
		"database: sqlite:x.db\naddr: 127.0.0.1:0\n", "databaes: x", "- a", "a: {b: c}", "a: &a [*a]", "addr: 7\n", "addr: [a, b]", "? a\n: b", "\xff", "a: !!binary aGk=", "---\na: b\n---\nc: d\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "settings.yaml")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := readSettings([]string{"--config", file}, func(string) string { return "" })
		if (s == nil) == (err == nil) || err != nil && !strings.Contains(err.Error(), file) {
			t.Fatalf("%q is %v and %v", text, s, err)
		}
		// The whole program on it: it says how it goes and ends as it says it may.
		var out, errs bytes.Buffer
		code := run(context.Background(), []string{"config", "print", "--json", "--config", file}, &out, &errs, func(string) string { return "" })
		switch code {
		case exitOK:
			if !json.Valid(out.Bytes()) {
				t.Errorf("%q prints %q", text, out.String())
			}
		case exitFailed, exitUsage:
			if errs.Len() == 0 {
				t.Errorf("%q ends with %d and says nothing", text, code)
			}
		default:
			t.Errorf("%q ends with %d", text, code)
		}
	})
}

// FuzzArguments reads what somebody could write as a post, a person, a version or a
// day: what is taken says the same when it is written again.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{"clinic/coordinator", "kari@clinic/pathway-approver", "no.pain@2025.04", "2026-02-28", "2026-02-30", "", "/", "@", "a@/", "a@b@c/d", "\x00", "a/b/c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		isUsage := func(err error) {
			var e *exit
			if !errors.As(err, &e) || e.code != exitUsage || err.Error() == "" {
				t.Errorf("%q: %v does not say how it is written", s, err)
			}
		}
		if p, err := parsePost(s); err != nil {
			isUsage(err)
		} else if string(p.Unit)+"/"+string(p.Role) != s {
			t.Errorf("%q is the post %+v", s, p)
		}
		if w, err := parseWho(s); err != nil {
			isUsage(err)
		} else if w.Actor.ID+"@"+string(w.Post.Unit)+"/"+string(w.Post.Role) != s || w.Actor.Unit != w.Post.Unit {
			t.Errorf("%q is %+v", s, w)
		}
		if r, err := parseVersion(s); err != nil {
			isUsage(err)
		} else if r.ID+"@"+r.Version != s {
			t.Errorf("%q is %+v", s, r)
		}
		if d, err := parseDay("from", s); err != nil {
			isUsage(err)
		} else if s != "" && d.String() != s {
			t.Errorf("%q is %s", s, d)
		}
	})
}

// FuzzBackup unpacks whatever could lie on a disk as a backup: it is refused, or it is
// what its own checksum says; and nothing is written but the one file.
func FuzzBackup(f *testing.F) {
	var good bytes.Buffer
	to := tar.NewWriter(&good)
	data := []byte("SQLite format 3\x00 and what follows")
	head := manifest{Format: backupFormat, Bytes: int64(len(data))}
	for _, err := range []error{
		packJSON(to, backupHead, head), to.WriteHeader(&tar.Header{Name: backupData, Mode: 0o600, Size: int64(len(data))}),
		func() error { _, err := to.Write(data); return err }(), packJSON(to, backupEnd, head), to.Close(),
	} {
		if err != nil {
			f.Fatal(err)
		}
	}
	f.Add(good.Bytes())
	f.Add(good.Bytes()[:700])
	f.Add(bytes.ReplaceAll(good.Bytes(), []byte(backupData), []byte("../../../x")))
	f.Add(bytes.Replace(good.Bytes(), []byte(`"format":`), []byte(`"format":9`), 1))
	f.Add([]byte{})
	f.Add([]byte("SQLite format 3\x00"))
	f.Fuzz(func(t *testing.T, archive []byte) {
		dir := t.TempDir()
		backup, path := filepath.Join(dir, "b.forlop"), filepath.Join(dir, "to", "forlop.db")
		if err := errors.Join(os.WriteFile(backup, archive, 0o600), os.Mkdir(filepath.Join(dir, "to"), 0o700)); err != nil {
			t.Fatal(err)
		}
		if _, err := headOf(backup); err != nil && !strings.Contains(err.Error(), backup) {
			t.Errorf("%v does not name the file", err)
		}
		end, err := unpack(backup, path)
		all, listErr := filepath.Glob(filepath.Join(dir, "*", "*"))
		if listErr != nil || len(all) > 1 || len(all) == 1 && all[0] != path {
			t.Errorf("it wrote %v, %v", all, listErr)
		}
		if err == nil && end.SHA256 == "" {
			t.Error("a backup without a checksum was taken")
		}
		if _, err := unpackJSON(tar.NewReader(bytes.NewReader(archive)), backupEnd); err == nil && bytes.HasPrefix(archive, []byte(backupHead)) {
			t.Error("the head was taken for the end")
		}
	})
}

// FuzzBundle imports whatever could lie in a folder as an exported pathway: it is
// refused before any database is opened.
func FuzzBundle(f *testing.F) {
	f.Add([]byte(`{"pathway":"no.pain","version":"2025.04","hash":"x","history":[{"on":"2026-01-01","what":"pathway.published/1","by":"a","post":"b/c"}]}`))
	f.Add([]byte(`[]`))
	f.Add([]byte(`{"history":{}}`))
	f.Add([]byte(``))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, bundleFile), text, 0o600); err != nil {
			t.Fatal(err)
		}
		c := &pathwayImport{Folder: dir}
		if err := c.Run(&program{ctx: context.Background(), stdout: new(bytes.Buffer), stderr: new(bytes.Buffer), settings: &settings{}}); err == nil {
			t.Errorf("%q was imported", text)
		}
	})
}

// FuzzFiles reads whatever could lie in a file that a command is given: a site's key,
// a provider's settings, a table on standard input.
func FuzzFiles(f *testing.F) {
	f.Add(bytes.Repeat([]byte{1}, store.KeySize))
	f.Add([]byte("id: a\nissuer: https://login.example\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if k, err := readKey(file); (err == nil) != (len(text) == store.KeySize) || (k == nil) != (err != nil) {
			t.Errorf("%d bytes are the key %v, %v", len(text), k, err)
		}
		if s, err := readLogin(file); err == nil && s.ID == "" || err != nil && s.ID != "" {
			t.Errorf("%q is the provider %q, %v", text, s.ID, err)
		}
		if secret, err := readSecret(file); err != nil || !bytes.Equal(secret, text) {
			t.Errorf("%q is the secret %q, %v", text, secret, err)
		}
		if read, err := (importing{File: "-"}).read(bytes.NewReader(text)); err != nil || !bytes.Equal(read, text) || len(read) > casework.LargestImport+1 {
			t.Errorf("%d bytes are read as %d, %v", len(text), len(read), err)
		}
		c := &importUnits{}
		c.File = "-"
		if all, err := c.readAll(bytes.NewReader(text)); err != nil || len(all) != 1 || !bytes.Equal(all[0].Text, text) {
			t.Errorf("%d bytes are %d files, %v", len(text), len(all), err)
		}
		if words := wordsOfPage(text); len(words) > 4*len(text)+4 {
			t.Errorf("%d bytes of a page hold %d of words", len(text), len(words))
		}
	})
}
