package web

import (
	_ "embed"
	"maps"
	"slices"
	"sync"

	"forlop/pathway"
)

// codes.md has one section per code of a finding about page texts.
//
//go:embed codes.md
var codePages string

var explanations = sync.OnceValue(func() map[string]string { return pathway.CodePages(codePages) })

// ExplainText gives the page about a code of a finding in page texts, such as
// "L101". It reports false for a code there is not.
func ExplainText(code string) (string, bool) {
	page, ok := explanations()[code]
	return page, ok
}

// TextCodes lists every code that a finding in page texts can have, in order.
func TextCodes() []string { return slices.Sorted(maps.Keys(explanations())) }
