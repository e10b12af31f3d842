package library

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"forlop/pathway"
)

// shipped holds every pathway folder. A folder named like a pathway, two letters
// and a dot first, is shipped; testdata is not.
//
//go:embed ??.*/*.yaml
var shipped embed.FS

// All lists the ids of the shipped pathways in the order of their names.
func All() []string {
	entries, err := shipped.ReadDir(".")
	if err != nil {
		panic(err) // the root of what is built in is always there
	}
	ids := make([]string, 0, len(entries))
	for _, e := range entries {
		ids = append(ids, e.Name())
	}
	slices.Sort(ids)
	return ids
}

// Files gives the folder of a shipped pathway; false where none has that id.
func Files(id string) (fs.FS, bool) {
	if !slices.Contains(All(), id) {
		return nil, false
	}
	folder, err := fs.Sub(shipped, id)
	return folder, err == nil
}

// Load reads and checks a shipped pathway. Its findings are those of
// pathway.Check; an id that is not shipped is a finding of its own.
func Load(id string) (*pathway.Definition, []pathway.Finding) {
	folder, ok := Files(id)
	if !ok {
		return nil, []pathway.Finding{{
			File: id, Code: "E100", Severity: pathway.SeverityError,
			Message: fmt.Sprintf("no pathway called %q is shipped; there are %v", id, All()),
		}}
	}
	return pathway.Check(folder)
}
