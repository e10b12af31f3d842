package main

import "forlop/web"

// i18nCommand looks after the texts of the pages.
type i18nCommand struct {
	Check i18nCheck `cmd:"" help:"Find texts that one of the four languages lacks, or that differ in their places."`
}

type i18nCheck struct {
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

// Run prints what is missing.
func (c *i18nCheck) Run(p *program) error { return p.findings(web.CheckTexts(), c.JSON) }
