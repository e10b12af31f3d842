package access

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/resolved"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

const schemaFile = "schema.cedarschema"

// annotations are those a policy may carry, with the values they may have; nil
// means any.
var annotations = map[string][]string{
	"id":    nil,
	"law":   nil,
	"tag":   {"V", "K", "D", "U", "assumed", "proposed"},
	"needs": {"fresh", "level"},
}

// readRules reads and checks a whole policy.
func readRules(fsys fs.FS) (*rules, error) {
	text, err := fs.ReadFile(fsys, schemaFile)
	if err != nil {
		return nil, fmt.Errorf("access: a policy needs its words: %w", err)
	}
	var s schema.Schema
	s.SetFilename(schemaFile)
	if err := s.UnmarshalCedar(text); err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	words, err := s.Resolve()
	if err != nil {
		return nil, fmt.Errorf("access: %s: %w", schemaFile, err)
	}
	r := &rules{words: words, typical: typicalOf(words), names: map[string][]*rule{}, ids: map[string]string{}}
	for action := range words.Actions {
		r.names[string(action.ID)] = nil
	}
	if err := r.read(fsys, false); err != nil {
		return nil, err
	}
	for name, of := range r.names {
		if !slices.ContainsFunc(of, func(u *rule) bool { return u.policy.Effect() == cedar.Permit }) {
			return nil, fmt.Errorf("access: %s: nothing says who may %q", schemaFile, name)
		}
	}
	r.bases = sync.OnceValue(r.findBases)
	return r, nil
}

// with is the same rules and those of a site, which may only forbid.
func (r *rules) with(site fs.FS) (*rules, error) {
	all := &rules{words: r.words, typical: r.typical, names: map[string][]*rule{}, ids: map[string]string{}, turns: slices.Clone(r.turns)}
	for name, of := range r.names {
		all.names[name] = slices.Clone(of)
	}
	for id, place := range r.ids {
		all.ids[id] = place
	}
	if err := all.read(site, true); err != nil {
		return nil, err
	}
	all.bases = sync.OnceValue(all.findBases)
	return all, nil
}

// read adds every policy of a folder. All that is wrong is said at once.
func (r *rules) read(fsys fs.FS, forbidOnly bool) error {
	files, err := fs.Glob(fsys, "*.cedar")
	if err != nil {
		return fmt.Errorf("access: %w", err)
	}
	if len(files) == 0 {
		return errors.New("access: there is no .cedar file in the policy's folder")
	}
	var wrong []error
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return fmt.Errorf("access: %w", err)
		}
		wrong = append(wrong, r.readFile(file, text, forbidOnly)...)
	}
	return errors.Join(wrong...)
}

func (r *rules) readFile(file string, text []byte, forbidOnly bool) []error {
	list, err := cedar.NewPolicyListFromBytes(file, text)
	if err != nil {
		return []error{unread(file, err)}
	}
	wrong := r.misnamed(file, text)
	if len(wrong) > 0 {
		return wrong
	}
	for i, p := range list {
		end := len(text)
		if i+1 < len(list) {
			end = list[i+1].Position().Offset
		}
		at := place{file: file, text: text, from: p.Position().Offset, to: end}
		id, err := r.annotated(p, at)
		if err == nil && forbidOnly && p.Effect() != cedar.Forbid {
			err = at.wrong("permit", "a site's own policy may only forbid; %q permits", id)
		}
		if err == nil {
			if bad := r.check(p, at); bad != nil {
				err = at.wrong(quoted(bad), "policy %q: %v", id, bad)
			}
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		r.add(&rule{id: id, policy: p, needs: string(p.Annotations()["needs"])}, text[at.from:at.to])
	}
	return wrong
}

// check asks the type-checker about a policy. It looks at every pair of action
// and actor that the schema has, so it is given only the actions that the policy
// names, and one of each sort where its first line names none.
func (r *rules) check(p *cedar.Policy, at place) error {
	some := *r.words
	some.Actions = map[cedar.EntityUID]resolved.Action{}
	for _, m := range named.FindAllSubmatch(at.text[at.from:at.to], -1) {
		if string(m[1]) == "Action" {
			uid := word("Action", string(m[2]))
			some.Actions[uid] = r.words.Actions[uid]
		}
	}
	policy := (*ast.Policy)(p.AST())
	if _, all := policy.Action.(ast.ScopeTypeAll); all {
		for _, uid := range r.typical {
			some.Actions[uid] = r.words.Actions[uid]
		}
	}
	return validate.New(&some).Policy("", policy)
}

// typicalOf picks one action of each sort: those that are asked with the same
// words are one sort.
func typicalOf(words *resolved.Schema) []cedar.EntityUID {
	var typical []cedar.EntityUID
	for uid, action := range words.Actions {
		if !slices.ContainsFunc(typical, func(other cedar.EntityUID) bool {
			return reflect.DeepEqual(words.Actions[other].AppliesTo, action.AppliesTo)
		}) {
			typical = append(typical, uid)
		}
	}
	return typical
}

// annotated checks what stands before a policy and gives its id.
func (r *rules) annotated(p *cedar.Policy, at place) (string, error) {
	var id string
	for key, value := range p.Annotations() {
		allowed, known := annotations[string(key)]
		switch {
		case !known:
			return "", at.wrong("@"+string(key), "a policy has no @%s; there are @id, @law, @tag and @needs", key)
		case value == "":
			return "", at.wrong("@"+string(key), "@%s says nothing", key)
		case allowed != nil && !slices.Contains(allowed, string(value)):
			return "", at.wrong(string(value), "@%s(%q): it is one of %s", key, value, strings.Join(allowed, ", "))
		case key == "id":
			id = string(value)
		case key == "needs" && p.Effect() != cedar.Forbid:
			return "", at.wrong("@needs", "only what forbids needs something of a login")
		}
	}
	if id == "" {
		return "", at.wrong("", "a policy without @id: the log names policies by it")
	}
	if first, taken := r.ids[id]; taken {
		return "", at.wrong(id, "there are two policies %q; the first stands in %s", id, first)
	}
	r.ids[id] = at.at("")
	return id, nil
}

// named finds every Type::"value" and every "is Type" of a policy's text, and
// steps over comments and strings.
var named = regexp.MustCompile(`//[^\n]*|"(?:[^"\\]|\\.)*"|([A-Za-z_][A-Za-z_0-9]*)\s*::\s*"([^"]*)"|\bis\s+([A-Za-z_][A-Za-z_0-9]*)|\b(has)\b`)

// misnamed finds names that the schema does not have, each with its place. The
// type-checker knows the actions, but not the values of a list, and takes what is
// asked for by "is" in a condition as it stands.
func (r *rules) misnamed(file string, text []byte) []error {
	var wrong []error
	at := place{file: file, text: text, to: len(text)}
	for _, m := range named.FindAllSubmatchIndex(text, -1) {
		if m[8] >= 0 {
			at.from = m[8]
			wrong = append(wrong, at.wrong("", "a policy needs no \"has\": everything is always there, and a misspelt one would never hold"))
		}
		if m[6] >= 0 {
			kind := string(text[m[6]:m[7]])
			if _, known := r.words.Entities[cedar.EntityType(kind)]; !known {
				at.from = m[6]
				wrong = append(wrong, at.wrong("", "there is no actor %s", kind))
			}
		}
		if m[2] < 0 {
			continue
		}
		kind, value := string(text[m[2]:m[3]]), string(text[m[4]:m[5]])
		at.from = m[0]
		switch list, isList := r.list(kind); {
		case kind == "Action":
			if _, known := r.names[value]; !known {
				wrong = append(wrong, at.wrong("", "there is no question or command %q", value))
			}
		case !isList:
			wrong = append(wrong, at.wrong("", "there is no list %s to take %q from", kind, value))
		case !slices.Contains(list, value):
			wrong = append(wrong, at.wrong("", "%s has no %q; it is one of %s", kind, value, strings.Join(list, ", ")))
		}
	}
	return wrong
}

// list is the values of one of the schema's lists.
func (r *rules) list(kind string) ([]string, bool) {
	enum, ok := r.words.Enums[cedar.EntityType(kind)]
	return enumValues(enum), ok
}

func enumValues(enum resolved.Enum) []string {
	var values []string
	for _, v := range enum.Values {
		values = append(values, string(v.ID))
	}
	return values
}

// A place is a stretch of a policy file, to say where something is wrong.
type place struct {
	file     string
	text     []byte
	from, to int
}

// wrong is an error at the first occurrence of a word in the stretch, or at its
// beginning.
func (p place) wrong(word, format string, args ...any) error {
	return fmt.Errorf("access: %s: %s", p.at(word), fmt.Sprintf(format, args...))
}

func (p place) at(word string) string {
	offset := p.from
	if i := bytes.Index(p.text[p.from:p.to], []byte(word)); word != "" && i > 0 {
		offset += i
	}
	before := p.text[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	return fmt.Sprintf("%s:%d:%d", p.file, line, offset-bytes.LastIndexByte(before, '\n'))
}

var inTicks = regexp.MustCompile("`([^`]+)`")

// quoted is the word that the type-checker speaks of, to point at it.
func quoted(err error) string {
	if m := inTicks.FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return ""
}

var parsedAt = regexp.MustCompile(`^.* at <input>:(\d+:\d+) `)

// unread is what the parser could not read, with the file that it leaves out.
func unread(file string, err error) error {
	text := err.Error()
	if m := parsedAt.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("access: %s:%s: %s", file, m[1], strings.TrimPrefix(text, m[0]))
	}
	return fmt.Errorf("access: %s: %w", file, err)
}
