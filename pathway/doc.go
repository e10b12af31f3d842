// Package pathway is what should happen: definitions as versioned YAML –
// parsed, linted, walked, explained and drawn.
//
// A definition is what a clinician can read aloud. It is immutable: a published
// id and version always has the same bytes, known by their hash. The package is
// pure; files are read by whoever calls it.
package pathway
