package main

import (
	"io/fs"
	"os"

	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/web"
)

// siteTexts is where a site keeps the languages it has added.
type siteTexts struct {
	Texts string `name:"texts" env:"FORLOP_TEXTS" placeholder:"DIR" help:"A folder with text.<language>.yaml for languages that the site adds to the four, and <pathway>/text.<language>.yaml for pathways. What is not translated is said in one of the four."`
}

// read reads the site's languages; nil where it has none. What is wrong in them
// is said by file and line, and holds the service back.
func (t siteTexts) read(p *program, s *casework.Service) (*web.SiteTexts, error) {
	if t.Texts == "" {
		return nil, nil
	}
	known, err := s.Pathways(p.ctx)
	if err != nil {
		return nil, err
	}
	own, found := t.check(known)
	for _, f := range found {
		p.say("%s", f)
	}
	if pathway.HasErrors(found) {
		return nil, &exit{code: exitNotReady}
	}
	return own, nil
}

func (t siteTexts) check(known []*pathway.Definition) (*web.SiteTexts, []pathway.Finding) {
	own, found := web.ReadSiteTexts(os.DirFS(t.Texts), known)
	return own, under(t.Texts, found)
}

// i18nCommand looks after the texts of the pages.
type i18nCommand struct {
	Check i18nCheck `cmd:"" help:"Find texts that one of the four languages lacks, counts that lack a form, places that nothing fills, and words that the glossary bars."`
}

type i18nCheck struct {
	siteTexts
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

// Help is shown under the flags.
func (i18nCheck) Help() string {
	return "With --texts also the site's own languages, and how much of them is translated (on standard error). What a code such as L101 means: forlop pathway explain L101."
}

// Run prints what is missing.
func (c *i18nCheck) Run(p *program) error {
	shipped := map[string]fs.FS{}
	var known []*pathway.Definition
	for _, id := range library.All() {
		shipped["pathway/library/"+id], _ = library.Files(id) // it is shipped
		if def, _ := library.Load(id); def != nil {
			known = append(known, def)
		}
	}
	found := append(web.CheckTexts(), web.CheckWords(shipped)...)
	if c.Texts != "" {
		own, faults := c.check(known)
		found = append(found, faults...)
		for _, part := range own.Coverage() {
			p.say("%s", part)
		}
	}
	return p.findings(found, c.JSON)
}
