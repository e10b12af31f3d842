package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"forlop/care"
	"forlop/care/questionnaire"
)

// formCommand is for those who bring questionnaires to a site.
type formCommand struct {
	List   formList   `cmd:"" help:"List the questionnaires that ship, with their languages."`
	Lint   formLint   `cmd:"" help:"Find what is wrong in questionnaire files."`
	Show   formShow   `cmd:"" help:"Print a shipped questionnaire's file: its licence, its source, and where each absent language is found."`
	Import formImport `cmd:"" help:"Take in a questionnaire with the site's own licence."`
}

type formList struct{}

// Run lists what ships.
func (formList) Run(p *program) error {
	for _, d := range questionnaire.Shipped() {
		var absent []string
		for _, l := range care.Languages {
			if _, missing := d.Absent[l]; missing {
				absent = append(absent, string(l))
			}
		}
		languages := make([]string, 0, len(care.Languages))
		for _, l := range d.Languages() {
			languages = append(languages, string(l))
		}
		if err := p.printf("%s@%s\t%d questions\tin %s\tabsent: %s\t%s\n",
			d.ID, d.Version, len(d.Items), strings.Join(languages, " "), strings.Join(absent, " "), d.Title); err != nil {
			return err
		}
	}
	return nil
}

type formLint struct {
	Files []string `arg:"" name:"file" help:"Questionnaire files (YAML)."`
}

// Run lints every file given. Exit 3 where something is wrong.
func (c *formLint) Run(p *program) error {
	found := 0
	for _, name := range c.Files {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, findings := questionnaire.Parse(name, src)
		found += len(findings)
		for _, f := range findings {
			if err := p.printf("%s\n", f); err != nil {
				return err
			}
		}
	}
	if found > 0 {
		return &exit{code: exitFindings}
	}
	p.say("%d files, no errors", len(c.Files))
	return nil
}

type formShow struct {
	ID string `arg:"" help:"The id of a shipped questionnaire, such as phq-9."`
}

// Run prints the file.
func (c *formShow) Run(p *program) error {
	i := slices.IndexFunc(questionnaire.Shipped(), func(d *questionnaire.Definition) bool { return d.ID == c.ID })
	if i < 0 {
		return usage("%s is no shipped questionnaire; forlop form list says which are", c.ID)
	}
	return p.printf("%s", questionnaire.Shipped()[i].Bytes)
}

type formImport struct{ importing }

// Help is shown under the flags.
func (formImport) Help() string {
	return "The file names its licence and its source; one without is not taken. It goes before what ships under the same id. Exit 3 where something is wrong in it."
}

// Run takes the file in.
func (c *formImport) Run(p *program) (err error) {
	src, err := c.read(os.Stdin)
	if err != nil {
		return err
	}
	s, st, err := c.start(p.ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	ref, findings, err := s.ImportQuestionnaire(p.ctx, c.File, src)
	if err != nil {
		return err
	}
	for _, f := range findings {
		if err := p.printf("%s\n", f); err != nil {
			return err
		}
	}
	if len(findings) > 0 {
		return &exit{code: exitFindings}
	}
	p.say("%s can be asked for", ref)
	return nil
}
