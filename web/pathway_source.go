package web

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing/fstest"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/publication"
)

// A Folder is a pathway folder outside the service: one that is shipped, with
// its example journeys, or one that an author is writing.
type Folder struct {
	// Name is what findings and lists call it.
	Name string
	// Writing says that an author works on it, so that it may have errors.
	Writing bool
	Files   fs.FS
}

// source is one version of a pathway as its author meets it: the files, and
// what was found when they were checked.
type source struct {
	// folder is the name of the folder it was read from, empty where only the
	// published bytes are known.
	folder  string
	writing bool
	// view is how it stands in the service; nil for a folder that does not lie on
	// the shelf.
	view  *casework.VersionView
	files fs.FS
	// def is nil where pathway.yaml cannot be read.
	def      *pathway.Definition
	findings []pathway.Finding
	hash     string // of all the files, for what is kept in memory
	// words are the files of a folder that has the same structure in other words;
	// nil where none has.
	words fs.FS
	// under is the version below a layer, where it lies on the shelf alone.
	under []fs.FS
}

// unread is the version of a folder whose pathway.yaml says none.
const unread = "unread"

// ref is what the source is called in addresses: its id and version, or the
// folder's name where the file says none.
func (s *source) ref() pathway.Ref {
	r := pathway.Ref{ID: s.folder, Version: unread}
	if s.def != nil {
		if s.def.ID != "" {
			r.ID = s.def.ID
		}
		if s.def.Version != "" {
			r.Version = s.def.Version
		}
	}
	return r
}

// runs reports whether journeys can run on it.
func (s *source) runs() bool { return s.def != nil && !pathway.HasErrors(s.findings) }

// counts are how many errors and warnings were found.
func (s *source) counts() (errors, warnings int) {
	for _, f := range s.findings {
		if f.Severity == pathway.SeverityError {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// title is the pathway's name in the reader's language, or its id.
func (s *source) title(p page) string {
	if s.def != nil {
		if t := textOf(p, s.def).Title; t != "" {
			return t
		}
	}
	return s.ref().ID
}

// workshop reads folders and remembers what was found in them, by content: a
// file that was saved again is read again.
type workshop struct {
	folders func() []Folder
	mu      sync.Mutex
	checked map[string]*source
}

func newWorkshop(folders func() []Folder) *workshop {
	if folders == nil {
		folders = func() []Folder { return nil }
	}
	return &workshop{folders: folders, checked: map[string]*source{}}
}

// mostChecked bounds what is remembered; ours.
const mostChecked = 200

// read checks a folder, or remembers how it was.
func (w *workshop) read(f Folder) (*source, error) {
	hash, err := hashOf(f.Files)
	if err != nil {
		return nil, fmt.Errorf("reading the pathway folder %s: %w", f.Name, err)
	}
	key := f.Name + " " + hash
	w.mu.Lock()
	kept := w.checked[key]
	w.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	s := &source{folder: f.Name, writing: f.Writing, files: f.Files, hash: hash}
	s.def, s.findings = pathway.CheckOver(f.Files, w.below)
	if s.def != nil && s.def.Extends.ID != "" {
		// What is below may change without it.
		s.hash += s.def.Hash
		return s, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.checked) >= mostChecked {
		clear(w.checked)
	}
	w.checked[key] = s
	return s, nil
}

// hashOf is a hash over the YAML files of a folder.
func hashOf(files fs.FS) (string, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return "", err
	}
	slices.Sort(names)
	all := sha256.New()
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(all, "%s %d\n", name, len(b))
		all.Write(b)
	}
	return fmt.Sprintf("%x", all.Sum(nil)), nil
}

// all reads every folder: those being written first.
func (w *workshop) all() ([]*source, error) {
	var out []*source
	for _, f := range w.folders() {
		s, err := w.read(f)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b *source) int {
		switch {
		case a.writing == b.writing:
			return 0
		case a.writing:
			return -1
		default:
			return 1
		}
	})
	return out, nil
}

// below finds the version that a local layer lies over.
func (w *workshop) below(id, version string) (fs.FS, bool) {
	for _, f := range w.folders() {
		if d, _ := pathway.Load(f.Files); d != nil && d.ID == id && d.Version == version {
			return f.Files, true
		}
	}
	return nil, false
}

// others are the folders that a journey may move to in an example, and the
// version that the source lies over.
func (w *workshop) others(s *source) []fs.FS {
	all := slices.Clone(s.under)
	for _, f := range w.folders() {
		all = append(all, f.Files)
	}
	return all
}

// source finds a version: what lies on the shelf under it, with the examples of
// the folder that holds the same pathway.yaml; otherwise the folder that says it
// is that version.
func (c *call) source(id, version string) (*source, error) {
	if err := c.mayAuthor(); err != nil {
		return nil, err
	}
	all, err := c.s.workshop.all()
	if err != nil {
		return nil, err
	}
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.PathwayVersion{Ref: pathway.Ref{ID: id, Version: version}})
	if err == nil {
		s := shelved(v, all)
		return s, c.lieOver(s)
	}
	if r, refused := care.AsRefusal(err); !refused || r.Kind != care.NotFound {
		return nil, err
	}
	for _, s := range all {
		if r := s.ref(); r.ID == id && r.Version == version {
			return s, nil
		}
	}
	return nil, err
}

// lieOver gives a layer on the shelf the files of the version below it.
func (c *call) lieOver(s *source) error {
	if s.def.Extends.ID == "" {
		return nil
	}
	below, err := casework.View(c.r.Context(), c.s.service, c.who, casework.PathwayVersion{Ref: s.def.Extends})
	if err != nil {
		return err
	}
	s.under = []fs.FS{filesOf(below.Files)}
	return nil
}

// filesOf presents kept bytes as a folder.
func filesOf(kept map[string][]byte) fstest.MapFS {
	files := fstest.MapFS{}
	for name, b := range kept {
		files[name] = &fstest.MapFile{Data: b}
	}
	return files
}

// shelved is the source of a version on the shelf.
func shelved(v casework.VersionView, all []*source) *source {
	files := filesOf(v.Files)
	s := &source{view: &v, def: v.Definition, findings: v.Findings, files: files, hash: v.Definition.Hash + v.Definition.TextHash}
	for _, f := range all {
		if f.def == nil || f.def.Hash != v.Definition.Hash {
			continue
		}
		s.folder = f.folder
		if f.def.TextHash != v.Definition.TextHash && f.runs() {
			s.words = f.files
		}
		if examples, err := fs.ReadFile(f.files, "test.yaml"); err == nil {
			files["test.yaml"] = &fstest.MapFile{Data: examples}
			s.hash += f.hash
		}
		break
	}
	return s
}

// author opens a page for those who write and approve pathways: a source and
// the page it stands on.
func (c *call) author(title string) (page, *source, error) {
	s, err := c.source(c.r.PathValue("id"), c.r.PathValue("version"))
	if err != nil {
		return page{}, nil, err
	}
	p, err := c.staffPage("")
	if err != nil {
		return p, nil, err
	}
	p.face = forAuthors
	p.title = s.title(p)
	if title != "" {
		p.title = p.T(title, "pathway", p.title)
	}
	return p, s, nil
}

// pathwayAddress is where a version is, with more behind it.
func pathwayAddress(r pathway.Ref, more string) string {
	return "/pathways/" + r.ID + "/" + r.Version + more
}

// authorTabs lead between the views of one version.
func authorTabs(p page, s *source, here string) []link {
	var tabs []link
	for _, t := range []struct{ key, more string }{
		{"read", ""}, {"source", "/source"}, {"tests", "/tests"}, {"preview", "/preview"}, {"diff", "/diff"}, {"publish", "/publish"},
	} {
		tabs = append(tabs, link{text: p.T("staff.author.tab." + t.key), href: pathwayAddress(s.ref(), t.more), current: t.key == here})
	}
	return tabs
}

// state says where a version stands, in words, with the tone of its tag.
func (s *source) state(p page) (text, tone string) {
	switch {
	case s.view != nil:
		return p.T("staff.author.state." + string(s.view.Standing)), standingTone(s.view.Standing)
	case !s.runs():
		return p.T("staff.author.state.errors"), "past"
	default:
		return p.T("staff.author.state.writing"), "waiting"
	}
}

func standingTone(st publication.Standing) string {
	switch st {
	case publication.StandsActive:
		return "done"
	case publication.StandsApproved:
		return "now"
	case publication.StandsDraft, publication.StandsPublished:
		return "waiting"
	case publication.StandsRetired:
	}
	return "ahead"
}

// fileNames are the files of a source that an author wrote, pathway.yaml first.
func (s *source) fileNames() []string {
	if s.files == nil {
		return nil
	}
	names, err := fs.Glob(s.files, "*.yaml")
	if err != nil {
		return nil // the pattern is fixed and well formed
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(fileRank(a), fileRank(b)), cmp.Compare(a, b))
	})
	return names
}

// fileRank puts the structure first, the texts next and the examples last.
func fileRank(name string) int {
	switch {
	case name == "pathway.yaml":
		return 0
	case strings.HasPrefix(name, "text."):
		return 1
	default:
		return 2
	}
}
