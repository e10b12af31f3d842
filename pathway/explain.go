package pathway

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// codes.md has one section per code: what it means, why it matters, what to do.
//
//go:embed codes.md
var codePages string

var explanations = sync.OnceValue(func() map[string]string { return CodePages(codePages) })

// CodePages cuts a page with one section per code into its sections, by code.
func CodePages(markdown string) map[string]string {
	pages := map[string]string{}
	for _, section := range strings.Split(markdown, "\n## ")[1:] {
		code, _, _ := strings.Cut(section, " ")
		pages[code] = strings.TrimSpace(section) + "\n"
	}
	return pages
}

// Explain gives the page about a code, such as "E301": what it means, why it
// matters and what to do. It reports false for a code there is not.
func Explain(code string) (string, bool) {
	page, ok := explanations()[code]
	return page, ok
}

// Codes lists every code a finding can have, in order.
func Codes() []string {
	return slices.Sorted(func(yield func(string) bool) {
		for code := range explanations() {
			if !yield(code) {
				return
			}
		}
	})
}
