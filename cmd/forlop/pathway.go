package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"forlop/care"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/simulation"
	"forlop/web"
)

// pathwayCommand is for those who write and read pathways.
type pathwayCommand struct {
	Lint    pathwayLint    `cmd:"" help:"Find what is wrong in pathway folders."`
	Test    pathwayTest    `cmd:"" help:"Act out the example journeys of pathway folders."`
	Show    pathwayShow    `cmd:"" help:"Print a pathway as a clinician would read it, or as a picture."`
	Diff    pathwayDiff    `cmd:"" help:"Say in sentences what differs between two versions."`
	Schema  pathwaySchema  `cmd:"" help:"Print the JSON Schema that editors complete from."`
	Explain pathwayExplain `cmd:"" help:"Say what a finding means and what to do."`
}

const folderHelp = "A pathway folder, or the id of a shipped pathway such as no.pain."

// folder opens a pathway folder, or a shipped one by its id.
func folder(name string) (fs.FS, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return os.DirFS(name), nil
	}
	if files, ok := library.Files(name); ok {
		return files, nil
	}
	return nil, usage("%s is neither a folder nor a shipped pathway; shipped are: %s", name, strings.Join(library.All(), ", "))
}

// loaded reads a pathway that has no errors.
func (p *program) loaded(name string) (*pathway.Definition, error) {
	files, err := folder(name)
	if err != nil {
		return nil, err
	}
	d, findings := pathway.Load(files)
	if d == nil || pathway.HasErrors(findings) {
		return nil, p.findings(under(name, findings), false)
	}
	return d, nil
}

// findings prints findings and answers exit 3 where there is an error among
// them.
func (p *program) findings(all []pathway.Finding, asJSON bool) error {
	if asJSON {
		if all == nil {
			all = []pathway.Finding{}
		}
		if err := json.NewEncoder(p.stdout).Encode(all); err != nil {
			return err
		}
	} else {
		for _, f := range all {
			if err := p.printf("%s\n", f); err != nil {
				return err
			}
		}
	}
	if pathway.HasErrors(all) {
		return &exit{code: exitFindings}
	}
	return nil
}

// under puts a folder's name before its files' names.
func under(name string, findings []pathway.Finding) []pathway.Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].File = strings.TrimSuffix(name, "/") + "/" + out[i].File
	}
	return out
}

type pathwayLint struct {
	Folders []string `arg:"" name:"folder" help:"${folder}"`
	JSON    bool     `name:"json" help:"Print JSON: [{file, line, col, code, severity, message}]."`
}

// Run lints every folder given.
func (c *pathwayLint) Run(p *program) error {
	var all []pathway.Finding
	for _, name := range c.Folders {
		files, err := folder(name)
		if err != nil {
			return err
		}
		_, findings := pathway.Check(files)
		all = append(all, under(name, findings)...)
	}
	if err := p.findings(all, c.JSON); err != nil {
		return err
	}
	p.say("%d folders, no errors, %d warnings", len(c.Folders), len(all))
	return nil
}

type pathwayTest struct {
	Folders []string `arg:"" name:"folder" help:"${folder}"`
	JSON    bool     `name:"json" help:"Print JSON: [{file, line, col, code, severity, message}]."`
}

// Run acts out every example.
func (c *pathwayTest) Run(p *program) error {
	var others []fs.FS
	for _, id := range library.All() {
		files, _ := library.Files(id)
		others = append(others, files)
	}
	// A journey may also move between the folders that are given.
	for _, name := range c.Folders {
		files, err := folder(name)
		if err != nil {
			return err
		}
		others = append(others, files)
	}
	var all []pathway.Finding
	acted, failed := 0, 0
	for _, name := range c.Folders {
		files, err := folder(name)
		if err != nil {
			return err
		}
		r, err := simulation.Rehearse(p.ctx, files, others, web.Sentences)
		if err != nil {
			return fmt.Errorf("acting out %s: %w", name, err)
		}
		for _, o := range r.Outcomes {
			word := "ok"
			switch {
			case o.Failed():
				word, failed = "FAILED", failed+1
			case o.Left:
				word = "left out"
			}
			acted++
			p.say("%-8s %s: %s (%d acts, %d checks, %d days)", word, name, o.Name, o.Acts, o.Checks, o.Days)
		}
		all = append(all, under(name, r.All())...)
	}
	if err := p.findings(all, c.JSON); err != nil {
		return err
	}
	p.say("%d examples, %d failed", acted, failed)
	return nil
}

type pathwayShow struct {
	Folder   string `arg:"" help:"${folder}"`
	Language string `default:"nb" enum:"nb,nn,sv,en" help:"nb, nn, sv or en."`
	SVG      bool   `name:"svg" help:"Draw the picture: who does what, in which order, and the clocks."`

	HTML    string   `name:"html" placeholder:"DIR" help:"Write it as pages to a folder, with the patient's own page day by day in four languages and palettes."`
	Example []string `placeholder:"NAME" help:"With --html: only this example; can be given several times."`
	Day     []int    `placeholder:"N" help:"With --html: the days to show; otherwise 0, 30, 84 and the last."`
}

// Run prints the pathway.
func (c *pathwayShow) Run(p *program) error {
	if c.HTML != "" {
		return c.html(p)
	}
	d, err := p.loaded(c.Folder)
	if err != nil {
		return err
	}
	if c.SVG {
		return p.printf("%s", pathway.Picture(d, care.Language(c.Language)))
	}
	return p.printf("%s", pathway.Show(d, care.Language(c.Language)))
}

type pathwayDiff struct {
	Before   string `arg:"" help:"The older folder, or the id of a shipped pathway."`
	After    string `arg:"" help:"The newer one."`
	Language string `default:"nb" enum:"nb,nn,sv,en" help:"nb, nn, sv or en."`
}

// Run prints what differs.
func (c *pathwayDiff) Run(p *program) error {
	before, err := p.loaded(c.Before)
	if err != nil {
		return err
	}
	after, err := p.loaded(c.After)
	if err != nil {
		return err
	}
	return p.printf("%s", pathway.Diff(before, after, care.Language(c.Language)))
}

type pathwaySchema struct {
	Texts bool `help:"The schema of the text files instead."`
}

// Run prints the schema.
func (c *pathwaySchema) Run(p *program) error {
	schema := pathway.Schema()
	if c.Texts {
		schema = pathway.TextSchema()
	}
	return p.printf("%s\n", strings.TrimRight(string(schema), "\n"))
}

type pathwayExplain struct {
	Code string `arg:"" optional:"" help:"A code such as E301; without it, every code is listed."`
}

// Run prints what a code means.
func (c *pathwayExplain) Run(p *program) error {
	if c.Code == "" {
		return p.printf("%s\n", strings.Join(pathway.Codes(), "\n"))
	}
	page, ok := pathway.Explain(strings.ToUpper(c.Code))
	if !ok {
		msg := fmt.Sprintf("there is no code %s", c.Code)
		if near := pathway.Nearest(strings.ToUpper(c.Code), pathway.Codes()); near != "" {
			msg += "; did you mean " + near + "?"
		}
		return usage("%s", msg)
	}
	return p.printf("%s\n", strings.TrimRight(page, "\n"))
}
