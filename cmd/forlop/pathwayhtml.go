package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"forlop/care"
	"forlop/pathway/library"
	"forlop/web"
)

// html writes the pathway and the patient's page of its examples as files that
// open in any browser.
func (c *pathwayShow) html(p *program) error {
	files, err := folder(c.Folder)
	if err != nil {
		return err
	}
	var others []fs.FS
	for _, name := range slices.Concat(c.Base, library.All()) {
		other, err := folder(name)
		if err != nil {
			return err
		}
		others = append(others, other)
	}
	written := 0
	findings, err := web.PreviewFiles{
		Name: c.Folder, Files: files, Others: others, Examples: c.Example, Days: c.Day, Language: care.Language(c.Language),
	}.Write(p.ctx, func(name string, content []byte) error {
		path := filepath.Join(c.HTML, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return err
		}
		written++
		return os.WriteFile(path, content, 0o600)
	})
	if err != nil {
		return err
	}
	if written == 0 {
		return p.findings(under(c.Folder, findings), false)
	}
	p.say("%d files; open %s", written, filepath.Join(c.HTML, "index.html"))
	return nil
}
