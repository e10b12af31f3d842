package pathway

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

func compiled(t *testing.T, name string, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is a YAML file as an editor's schema check sees it.
func asJSON(t *testing.T, src []byte) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	return plainValue(t, doc.Content[0])
}

func plainValue(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainValue(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		l := make([]any, len(n.Content))
		for i, c := range n.Content {
			l[i] = plainValue(t, c)
		}
		return l
	}
	switch n.ShortTag() {
	case "!!int":
		return json.Number(n.Value)
	case "!!bool":
		return n.Value == "true"
	}
	return n.Value
}

func TestSchemaValidatesEveryPathway(t *testing.T) {
	t.Parallel()
	structure, texts := compiled(t, "pathway.json", Schema()), compiled(t, "text.json", TextSchema())
	here := os.DirFS(".")
	files, err := fs.Glob(here, "library/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	good, err := fs.Glob(here, "testdata/good/*.yaml")
	if err != nil || len(good) != 5 {
		t.Fatalf("the good pathway has the files %v: %v", good, err)
	}
	for _, file := range append(files, good...) {
		src, err := fs.ReadFile(here, file)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(file, "/"+structureFile):
			err = structure.Validate(asJSON(t, src))
		case strings.Contains(file, "/text."):
			err = texts.Validate(asJSON(t, src))
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestLayerAndMappingSchemasValidate(t *testing.T) {
	t.Parallel()
	structure, texts, mapping := compiled(t, "layer.json", LayerSchema()), compiled(t, "layertext.json", LayerTextSchema()), compiled(t, "mapping.json", MappingSchema())
	for name, f := range changedLayer(t, "", "") {
		schema := texts
		if name == structureFile {
			schema = structure
		}
		if err := schema.Validate(asJSON(t, f.Data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := mapping.Validate(asJSON(t, []byte(wholeMapping))); err != nil {
		t.Error(err)
	}
	for old, now := range map[string]string{"start: {within: 10 weeks": "start: {within: ten weeks", "layer: fjord": "layer: Fjord"} {
		if err := structure.Validate(asJSON(t, changedLayer(t, old, now)[structureFile].Data)); err == nil {
			t.Errorf("the schema lets %q through", now)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	structure := compiled(t, "pathway.json", Schema())
	for _, name := range []string{"E101-unknown-key", "E105-key-missing", "E106-not-allowed", "E108-span", "E103-list-is-a-word", "E305-nobody-does-it"} {
		script, err := os.ReadFile("testdata/bad/" + name + ".edit")
		if err != nil {
			t.Fatal(err)
		}
		if err := structure.Validate(asJSON(t, edited(t, string(script))[structureFile].Data)); err == nil {
			t.Errorf("the schema lets %s through", name)
		}
	}
}

// Whatever an editor can point at has words about it.
func TestSchemaDescribesEveryProperty(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string][]byte{
		"Schema": Schema(), "TextSchema": TextSchema(), "LayerSchema": LayerSchema(), "LayerTextSchema": LayerTextSchema(), "MappingSchema": MappingSchema(),
	} {
		var doc map[string]any
		if err := json.Unmarshal(schema, &doc); err != nil {
			t.Fatal(err)
		}
		described := 0
		undescribed(t, name, doc, &described)
		if described < 30 && name != "MappingSchema" {
			t.Errorf("%s describes only %d things", name, described)
		}
	}
}

func undescribed(t *testing.T, path string, schema map[string]any, described *int) {
	t.Helper()
	if words, _ := schema["description"].(string); len(strings.Fields(words)) < 2 {
		t.Errorf("%s is not described: %q", path, words)
	} else {
		*described++
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, sub := range properties {
		undescribed(t, path+"."+name, sub.(map[string]any), described)
	}
	for _, key := range []string{"items", "additionalProperties", "propertyNames"} {
		if sub, ok := schema[key].(map[string]any); ok {
			undescribed(t, path+"."+key, sub, described)
		}
	}
	list, _ := schema["anyOf"].([]any)
	for _, sub := range list {
		undescribed(t, path+".anyOf", sub.(map[string]any), described)
	}
}
