// Package library is the shipped pathways, as they are written.
//
// Each folder is one pathway: pathway.yaml with its sources, and what people
// read in four languages. A pathway without a national text in force is a draft
// and says so to everyone. Nothing in testdata is shipped.
package library
