package login

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"forlop/care"
)

// Reading is what a settings file needs from outside.
type Reading struct {
	// Open reads a file that the settings name, such as a key.
	Open func(name string) ([]byte, error)
	// Near names the known word that is closest to what was written, or "".
	Near func(written string, known []string) string
}

// Read reads the settings of one provider from YAML. It is strict: an unknown
// key, a wrong type and a missing key file are each an error with file:line:col;
// all that is found is said at once.
func (from Reading) Read(file string, text []byte) (Settings, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return Settings{}, fmt.Errorf("%s: %w", file, err)
	}
	if len(root.Content) != 1 {
		return Settings{}, fmt.Errorf("%s:1:1: the file says nothing; see docs/login for examples", file)
	}
	r := &reader{Reading: from, file: file}
	var s Settings
	r.mapping(root.Content[0], "", map[string]func(*yaml.Node){
		"id":               r.word(&s.ID),
		"name":             r.word(&s.Name),
		"issuer":           r.word(&s.Issuer),
		"client":           r.word(&s.Client),
		"key-file":         r.content(&s.Key),
		"key-id":           r.word(&s.KeyID),
		"secret-file":      r.content(&s.Secret),
		"audience":         r.word(&s.Audience),
		"pushed":           r.flag(&s.Pushed),
		"dpop":             r.flag(&s.DPoP),
		"issuer-in-answer": r.flag(&s.IssuerInAnswer),
		"token-hash":       r.flag(&s.TokenHash),
		"scopes":           r.words(&s.Scopes),
		"extra":            r.table(&s.Extra),
		"algorithms":       r.words(&s.Algorithms),
		"for":              r.kinds(&s.For),
		"max-age":          r.span(&s.MaxAge),
		"hosts":            r.words(&s.Hosts),
		"networks":         r.networks(&s.Networks),
		"level": r.section("level", map[string]func(*yaml.Node){
			"claim": r.word(&s.LevelClaim), "means": r.table(&s.Levels), "ask": r.table(&s.Ask), "least": r.word(&s.Least),
		}),
		"claims": r.section("claims", map[string]func(*yaml.Node){
			"national-number": r.word(&s.Claims.NationalNumber), "hpr": r.word(&s.Claims.HPR), "hsa-id": r.word(&s.Claims.HSAID),
			"prescriber-code": r.word(&s.Claims.PrescriberCode), "profession": r.word(&s.Claims.Profession),
			"organisation": r.word(&s.Claims.OrgNumber), "name": r.word(&s.Claims.Name),
		}),
		"prescribers": r.prescribers(&s.Prescribers),
	})
	if len(r.found) > 0 {
		return Settings{}, errors.Join(r.found...)
	}
	s, err := s.complete()
	if err != nil {
		return Settings{}, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// reader reads the nodes of one file and keeps what is wrong with them.
type reader struct {
	Reading
	file  string
	found []error
}

func (r *reader) wrong(n *yaml.Node, format string, args ...any) {
	r.found = append(r.found, fmt.Errorf("%s:%d:%d: %s", r.file, n.Line, n.Column, fmt.Sprintf(format, args...)))
}

// mapping reads the keys of a mapping, each once, none that is not known.
func (r *reader) mapping(n *yaml.Node, of string, keys map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "write keys here, such as %s", strings.Join(slices.Sorted(maps.Keys(keys)), ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := keys[key.Value]
		switch known := slices.Sorted(maps.Keys(keys)); {
		case seen[key.Value]:
			r.wrong(key, "%q is written twice", key.Value)
		case !ok:
			hint := "the keys are " + strings.Join(known, ", ")
			if near := r.Near(key.Value, known); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			r.wrong(key, "there is no key %q%s; %s", key.Value, of, hint)
		default:
			read(value)
		}
		seen[key.Value] = true
	}
}

func (r *reader) section(name string, keys map[string]func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) { r.mapping(n, " in "+name, keys) }
}

func (r *reader) text(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
		r.wrong(n, "write one word or text here")
		return "", false
	}
	return n.Value, true
}

func (r *reader) word(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) { *into, _ = r.text(n) }
}

func (r *reader) words(into *[]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(n, "write a list here, such as [one, two]")
			return
		}
		for _, item := range n.Content {
			if text, ok := r.text(item); ok {
				*into = append(*into, text)
			}
		}
	}
}

func (r *reader) table(into *map[string]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			r.wrong(n, "write pairs here, such as one: two")
			return
		}
		*into = map[string]string{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if _, twice := (*into)[n.Content[i].Value]; twice {
				r.wrong(n.Content[i], "%q is written twice", n.Content[i].Value)
			}
			if text, ok := r.text(n.Content[i+1]); ok {
				(*into)[n.Content[i].Value] = text
			}
		}
	}
}

func (r *reader) flag(into *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Value != "true" && n.Value != "false" {
			r.wrong(n, "write true or false")
		}
		*into = n.Value == "true"
	}
}

func (r *reader) span(into *time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d <= 0 {
			r.wrong(n, "%q is no span of time; write 8h or 30m", n.Value)
		}
		*into = d
	}
}

func (r *reader) kinds(into *[]care.ActorKind) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var names []string
		r.words(&names)(n)
		for _, name := range names {
			*into = append(*into, care.ActorKind(name))
		}
	}
}

func (r *reader) networks(into *[]netip.Prefix) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var names []string
		r.words(&names)(n)
		for _, name := range names {
			network, err := netip.ParsePrefix(name)
			if err != nil {
				r.wrong(n, "%q is no network; write it as 10.20.0.0/16", name)
				continue
			}
			*into = append(*into, network)
		}
	}
}

// content reads the file that is named.
func (r *reader) content(into *[]byte) func(*yaml.Node) {
	return func(n *yaml.Node) {
		name, ok := r.text(n)
		if !ok {
			return
		}
		text, err := r.Open(name)
		if err != nil {
			r.wrong(n, "%v", err)
			return
		}
		*into = []byte(strings.TrimSpace(string(text)))
	}
}

func (r *reader) prescribers(into *[]Prescriber) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(n, "write a list of rules, each with the claim it reads")
			return
		}
		for _, item := range n.Content {
			var rule Prescriber
			r.mapping(item, " in prescribers", map[string]func(*yaml.Node){"claim": r.word(&rule.Claim), "one-of": r.words(&rule.OneOf)})
			*into = append(*into, rule)
		}
	}
}
