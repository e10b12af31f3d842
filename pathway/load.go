package pathway

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"forlop/care"
)

// structureFile holds the structure of a pathway; the text files lie beside it.
const structureFile = "pathway.yaml"

// textFile is the name of the text file of a language, such as text.nb.yaml.
func textFile(l care.Language) string { return "text." + string(l) + ".yaml" }

// Load reads a pathway folder: pathway.yaml and the text files beside it. Other
// files are left alone.
//
// The findings are what makes the files unsafe to run: what is not YAML, unknown
// or missing keys, wrong types, names that refer to nothing, conditions that do
// not fit. The definition is nil only when pathway.yaml cannot be read at all;
// with any finding of severity error it must not be run. Lint finds what is
// wrong in a definition that could run.
//
// Ref.Hash is the SHA-256 of the bytes of pathway.yaml.
func Load(fsys fs.FS) (*Definition, []Finding) {
	d, findings := load(fsys)
	return d, sortFindings(findings)
}

// Check loads a pathway folder and lints it.
func Check(fsys fs.FS) (*Definition, []Finding) {
	d, findings := load(fsys)
	if d != nil {
		findings = append(findings, lint(d)...)
	}
	return d, sortFindings(findings)
}

func load(fsys fs.FS) (*Definition, []Finding) {
	d := &Definition{Texts: map[care.Language]*Text{}, where: positions{}, unread: map[care.Language]bool{}}
	src, err := fs.ReadFile(fsys, structureFile)
	if err != nil {
		return nil, []Finding{{File: structureFile, Code: "E100", Severity: SeverityError, Message: fmt.Sprintf("the file cannot be read: %s", err)}}
	}
	r := &reader{file: structureFile, src: src, where: d.where}
	root := r.parse()
	if root == nil {
		return nil, r.findings
	}
	definitionShape(d).read(r, root, "")
	r.tables(d)
	r.compile(d)
	d.Hash = Hash(src)
	d.clockBases()
	return d, slices.Concat(r.findings, references(d), loadTexts(fsys, d))
}

// Hash is the hash of a version whose pathway.yaml has these bytes: SHA-256 in
// hex. That of a local layer covers its base as well.
func Hash(src []byte) string { return hexHash(src) }

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// clockBases gives a latest date that names a clock the basis of that clock.
func (d *Definition) clockBases() {
	for i := range d.Steps {
		by := &d.Steps[i].By
		if c, ok := d.Clock(by.Clock); ok {
			by.Basis = c.Basis
		}
	}
}

func loadTexts(fsys fs.FS, d *Definition) []Finding { return loadTextsWith(fsys, d, textShape) }

func loadTextsWith(fsys fs.FS, d *Definition, form func(*Text) shape) []Finding {
	var findings []Finding
	files, err := fs.Glob(fsys, "text.*.yaml")
	if err != nil {
		files = nil // the pattern is fixed and well formed
	}
	slices.Sort(files)
	all := sha256.New()
	for _, file := range files {
		l := care.Language(strings.TrimSuffix(strings.TrimPrefix(file, "text."), ".yaml"))
		if !slices.Contains(care.Languages, l) {
			findings = append(findings, Finding{File: file, Code: "E106", Severity: SeverityError,
				Message: fmt.Sprintf("%q is not a language of the product%s", l, allowedList(string(l), names(care.Languages)))})
			continue
		}
		src, err := fs.ReadFile(fsys, file)
		if err != nil {
			findings = append(findings, Finding{File: file, Code: "E100", Severity: SeverityError, Message: fmt.Sprintf("the file cannot be read: %s", err)})
			d.unread[l] = true
			continue
		}
		fmt.Fprintf(all, "%s %d\n", file, len(src))
		all.Write(src)
		r := &reader{file: file, src: src, where: d.where}
		if root := r.parse(); root != nil {
			t := newText(l)
			form(t).read(r, root, "")
			d.Texts[l] = t
		}
		d.unread[l] = d.Texts[l] == nil
		findings = append(findings, r.findings...)
	}
	d.TextHash = hex.EncodeToString(all.Sum(nil))
	return findings
}
