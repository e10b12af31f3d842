package questionnaire

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed shipped/*.yaml
var files embed.FS

// shipped are the questionnaires that come with the program, read once.
var shipped = sync.OnceValue(func() []*Definition {
	entries, err := files.ReadDir("shipped")
	if err != nil {
		panic(err) // what is built in is always there
	}
	var all []*Definition
	for _, e := range entries {
		src, err := files.ReadFile("shipped/" + e.Name())
		if err != nil {
			panic(err)
		}
		d, findings := Parse(e.Name(), src)
		if d == nil || d.ID+".yaml" != e.Name() {
			panic(fmt.Sprintf("questionnaire: %s cannot be shipped: %v", e.Name(), findings))
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b *Definition) int { return strings.Compare(a.ID, b.ID) })
	return all
})

// Shipped are the questionnaires that come with the program, by id.
func Shipped() []*Definition { return slices.Clone(shipped()) }

// Find finds a shipped questionnaire: by its hash where the reference has one,
// and otherwise by its id.
func Find(r Ref) (*Definition, bool) {
	for _, d := range shipped() {
		if r.Hash != "" && d.Hash == r.Hash || r.Hash == "" && d.ID == r.ID && (r.Version == "" || r.Version == d.Version) {
			return d, true
		}
	}
	return nil, false
}
