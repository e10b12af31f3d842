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
	New     pathwayNew     `cmd:"" help:"Write a first, small pathway to start from, with what an editor needs to complete it."`
	Lint    pathwayLint    `cmd:"" help:"Find what is wrong in pathway folders."`
	Test    pathwayTest    `cmd:"" help:"Act out the example journeys of pathway folders."`
	Show    pathwayShow    `cmd:"" help:"Print a pathway as a clinician would read it, or as a picture."`
	Diff    pathwayDiff    `cmd:"" help:"Say in sentences what differs between two versions, and what it means for patients on the way."`
	Move    pathwayMove    `cmd:"" help:"Move running journeys to another version: by two persons, in slices."`
	Schema  pathwaySchema  `cmd:"" help:"Print the JSON Schema that editors complete from."`
	Sources pathwaySources `cmd:"" help:"Read the pages behind the sources and say which of them changed."`
	Explain pathwayExplain `cmd:"" help:"Say what a finding means and what to do."`
	publishing
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

// bases are where a local layer finds the version it lies over.
type bases struct {
	Base []string `name:"base" placeholder:"DIR" help:"A folder with the national version that a local layer lies over; the shipped pathways are known."`
}

// find finds a version among the folders given and the shipped pathways.
func (b bases) find(id, version string) (fs.FS, bool) {
	named := pathway.Ref{ID: id, Version: version}
	candidates := b.Base
	if slices.Contains(library.All(), id) {
		candidates = append(slices.Clone(candidates), id)
	}
	for _, name := range candidates {
		files, err := folder(name)
		if err != nil {
			continue // run has refused what is no folder
		}
		if d, _ := pathway.Load(files); d != nil && d.Ref.String() == named.String() {
			return files, true
		}
	}
	return nil, false
}

// there refuses a base that is no folder.
func (b bases) there() error {
	for _, name := range b.Base {
		if _, err := folder(name); err != nil {
			return err
		}
	}
	return nil
}

// loaded reads a pathway that has no errors.
func (p *program) loaded(name string, b bases) (*pathway.Definition, error) {
	files, err := folder(name)
	if err != nil {
		return nil, err
	}
	if err := b.there(); err != nil {
		return nil, err
	}
	d, findings := pathway.LoadOver(files, b.find)
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
	bases
	Folders []string `arg:"" name:"folder" help:"${folder}"`
	JSON    bool     `name:"json" help:"Print JSON: [{file, line, col, code, severity, message}]."`
}

// Run lints every folder given.
func (c *pathwayLint) Run(p *program) error {
	if err := c.there(); err != nil {
		return err
	}
	var all []pathway.Finding
	for _, name := range c.Folders {
		files, err := folder(name)
		if err != nil {
			return err
		}
		_, findings := pathway.CheckOver(files, c.find)
		all = append(all, under(name, findings)...)
	}
	if err := p.findings(all, c.JSON); err != nil {
		return err
	}
	p.say("%d folders, no errors, %d warnings", len(c.Folders), len(all))
	return nil
}

type pathwayTest struct {
	bases
	Folders  []string `arg:"" name:"folder" help:"${folder}"`
	JSON     bool     `name:"json" help:"Print JSON: [{file, line, col, code, severity, message}]."`
	Coverage bool     `help:"With --json: print {findings, coverage: [{folder, pathway, steps, answers, ends, rows}]}, each with reached and all."`
}

// Run acts out every example.
func (c *pathwayTest) Run(p *program) error {
	var others []fs.FS
	for _, id := range library.All() {
		files, _ := library.Files(id)
		others = append(others, files)
	}
	// A journey may also move between the folders that are given, and a layer lies
	// over one of them or over a base.
	for _, name := range slices.Concat(c.Base, c.Folders) {
		files, err := folder(name)
		if err != nil {
			return err
		}
		others = append(others, files)
	}
	var all []pathway.Finding
	acted, failed := 0, 0
	var covered []coverage
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
		if len(r.Outcomes) > 0 {
			p.say("%s: the examples reach %s", name, r.Coverage)
		}
		covered = append(covered, coverage{Folder: name, Pathway: r.Pathway.String(), Coverage: r.Coverage})
	}
	defer p.say("%d examples, %d failed", acted, failed)
	if c.JSON && c.Coverage {
		return p.covered(all, covered)
	}
	return p.findings(all, c.JSON)
}

// coverage is how much of a pathway its examples reach.
type coverage struct {
	Folder  string `json:"folder"`
	Pathway string `json:"pathway"`
	simulation.Coverage
}

// covered prints findings and coverage as one JSON object.
func (p *program) covered(all []pathway.Finding, covered []coverage) error {
	if all == nil {
		all = []pathway.Finding{}
	}
	if err := json.NewEncoder(p.stdout).Encode(map[string]any{"findings": all, "coverage": covered}); err != nil {
		return err
	}
	if pathway.HasErrors(all) {
		return &exit{code: exitFindings}
	}
	return nil
}

type pathwayShow struct {
	bases
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
	d, err := p.loaded(c.Folder, c.bases)
	if err != nil {
		return err
	}
	if c.SVG {
		return p.printf("%s", pathway.Picture(d, care.Language(c.Language)))
	}
	return p.printf("%s", pathway.Show(d, care.Language(c.Language)))
}

type pathwayDiff struct {
	bases
	onTheWay
	Layer    string `placeholder:"DIR" help:"A local layer over the older one: also list what its owner must look at."`
	Before   string `arg:"" help:"The older folder, the id of a shipped pathway, or ID@VERSION in the database."`
	After    string `arg:"" help:"The newer one."`
	Language string `default:"nb" enum:"nb,nn,sv,en" help:"nb, nn, sv or en."`
}

// Run prints what differs.
func (c *pathwayDiff) Run(p *program) error {
	load := func(name string) (*pathway.Definition, error) { return p.loaded(name, c.bases) }
	before, after, err := c.differ(p, c.Before, c.After, care.Language(c.Language), load)
	if err != nil || before == nil || c.Layer == "" {
		return err
	}
	return p.conflicts(c.Layer, before, after)
}

// conflicts prints what the owner of a layer must look at.
func (p *program) conflicts(name string, before, after *pathway.Definition) error {
	files, err := folder(name)
	if err != nil {
		return err
	}
	return p.findings(under(name, pathway.Conflicts(files, before, after)), false)
}

type pathwaySchema struct {
	Texts   bool `help:"The schema of the text files instead."`
	Layer   bool `help:"The schema of a local layer, or with --texts of its text files."`
	Mapping bool `help:"The schema of a mapping, which says what becomes of running journeys."`
}

// Run prints the schema.
func (c *pathwaySchema) Run(p *program) error {
	schema := pathway.Schema()
	switch {
	case c.Mapping:
		schema = pathway.MappingSchema()
	case c.Layer && c.Texts:
		schema = pathway.LayerTextSchema()
	case c.Layer:
		schema = pathway.LayerSchema()
	case c.Texts:
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
		return p.printf("%s\n", strings.Join(allCodes(), "\n"))
	}
	code := strings.ToUpper(c.Code)
	page, ok := pathway.Explain(code)
	if !ok {
		page, ok = simulation.Explain(code)
	}
	if !ok {
		page, ok = web.ExplainText(code)
	}
	if !ok {
		msg := fmt.Sprintf("there is no code %s", c.Code)
		if near := pathway.Nearest(code, allCodes()); near != "" {
			msg += "; did you mean " + near + "?"
		}
		return usage("%s", msg)
	}
	return p.printf("%s\n", strings.TrimRight(page, "\n"))
}

// allCodes are the codes of findings about pathways, their examples and the
// texts of pages.
func allCodes() []string {
	return slices.Concat(pathway.Codes(), simulation.Codes(), web.TextCodes())
}
