// Package docs is architecture, decisions and guides; programs read one page of
// it, the glossary.
package docs

import _ "embed" // the glossary is read by the check of texts

// Glossary is glossary.md: one word per thing, words that are never said to a
// patient, and words that are not used for a thing that has its own.
//
//go:embed glossary.md
var Glossary string
