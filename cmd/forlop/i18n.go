package main

import (
	"io/fs"

	"forlop/pathway/library"
	"forlop/web"
)

// i18nCommand looks after the texts of the pages.
type i18nCommand struct {
	Check i18nCheck `cmd:"" help:"Find texts that one of the four languages lacks, counts that lack a form, places that nothing fills, and words that the glossary bars."`
}

type i18nCheck struct {
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

// Run prints what is missing.
func (c *i18nCheck) Run(p *program) error {
	shipped := map[string]fs.FS{}
	for _, id := range library.All() {
		shipped["pathway/library/"+id], _ = library.Files(id) // it is shipped
	}
	return p.findings(append(web.CheckTexts(), web.CheckWords(shipped)...), c.JSON)
}
