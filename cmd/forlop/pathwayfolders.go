package main

import (
	"io/fs"
	"os"
	"path/filepath"

	"forlop/pathway/library"
	"forlop/web"
)

// pathwayFolders are the folders that authors read beside what is published: the
// shipped pathways, and every folder with a pathway.yaml under dir, read anew at
// each look. dir may be empty.
func pathwayFolders(dir string) func() []web.Folder {
	var shipped []web.Folder
	for _, id := range library.All() {
		files, _ := library.Files(id)
		shipped = append(shipped, web.Folder{Name: id, Files: files})
	}
	return func() []web.Folder {
		all := append([]web.Folder(nil), shipped...)
		if dir == "" {
			return all
		}
		root := os.DirFS(dir)
		found, err := fs.Glob(root, "*/pathway.yaml")
		if err != nil {
			return all // the pattern is fixed and well formed
		}
		for _, file := range found {
			name := filepath.ToSlash(filepath.Dir(file))
			if files, err := fs.Sub(root, name); err == nil {
				all = append(all, web.Folder{Name: name, Writing: true, Files: files})
			}
		}
		return all
	}
}
