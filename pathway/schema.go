package pathway

import (
	"encoding/json"
)

// Schema is the JSON Schema (2020-12) of pathway.yaml, for editors. Every
// property has a description. It is made from the same shapes that Load reads
// with; Load also checks what a schema cannot say.
func Schema() []byte {
	return schemaOf("pathway.yaml", "A pathway: what should happen, when, and who does it.", definitionShape(&Definition{}))
}

// TextSchema is the JSON Schema of a text file such as text.nb.yaml.
func TextSchema() []byte {
	return schemaOf("text.*.yaml", "What patients and staff read of a pathway, in one language.", textShape(newText("")))
}

func schemaOf(title, about string, s shape) []byte {
	m := described(s, about)
	m["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	m["title"] = title
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		// The schema is made of maps, lists, texts and numbers alone.
		panic("pathway: the schema cannot be written: " + err.Error())
	}
	return append(b, '\n')
}
