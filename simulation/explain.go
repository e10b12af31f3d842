package simulation

import (
	_ "embed"
	"maps"
	"slices"
	"sync"

	"forlop/pathway"
)

// codes.md has one section per code of a finding about an example.
//
//go:embed codes.md
var codePages string

var explanations = sync.OnceValue(func() map[string]string { return pathway.CodePages(codePages) })

// Explain gives the page about a code of an example, such as "T210". It reports
// false for a code there is not.
func Explain(code string) (string, bool) {
	page, ok := explanations()[code]
	return page, ok
}

// Codes lists every code a finding about an example can have, in order.
func Codes() []string { return slices.Sorted(maps.Keys(explanations())) }
