package pathway

import (
	"fmt"
	"regexp"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
)

// hyphensToUnderscores writes names as CEL wants them, character for character,
// so that positions stay. Texts in quotes are left alone.
func hyphensToUnderscores(source string) (string, []problem) {
	b := []rune(source)
	letter := func(r rune) bool { return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
	digit := func(r rune) bool { return '0' <= r && r <= '9' }
	for i := 0; i < len(b); {
		switch {
		case b[i] == '"' || b[i] == '\'':
			quote := b[i]
			for i++; i < len(b) && b[i] != quote; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			i++
		case letter(b[i]):
			start := i
			for i < len(b) && (letter(b[i]) || digit(b[i]) || b[i] == '-' && i+1 < len(b) && (letter(b[i+1]) || digit(b[i+1]))) {
				if b[i] == '_' {
					return "", []problem{{start, "names are written with hyphens, not underscores"}}
				}
				if b[i] == '-' {
					b[i] = '_'
				}
				i++
			}
		default:
			i++
		}
	}
	return string(b), nil
}

// problems makes CEL's messages ours.
func problems(text string, issues *cel.Issues) []problem {
	var out []problem
	for _, e := range issues.Errors() {
		out = append(out, problem{offset(text, e.Location), plainMessage(e.Message)})
		if strings.HasPrefix(e.Message, "Syntax error") {
			break // what follows a syntax error is mostly its echo
		}
	}
	if len(out) == 0 {
		out = append(out, problem{0, plainMessage(issues.Err().Error())})
	}
	return out
}

var (
	noOverload = regexp.MustCompile(`found no matching overload for '(.*?)' applied to '\((.*)\)'`)
	unexpected = regexp.MustCompile(`(?:mismatched|extraneous|no viable alternative at) input '(.*?)'`)
)

func plainMessage(m string) string {
	if found := noOverload.FindStringSubmatch(m); found != nil {
		sign, ok := spelling[found[1]]
		if !ok {
			sign = found[1]
		}
		kinds := strings.Split(found[2], ", ")
		for i := range kinds {
			kinds[i] = typeName(kinds[i])
		}
		return fmt.Sprintf("%q does not go with %s", sign, strings.Join(kinds, " and "))
	}
	if strings.HasPrefix(m, "Syntax error") {
		if found := unexpected.FindStringSubmatch(m); found != nil {
			if strings.HasPrefix(found[1], "<EOF>") {
				return "the condition stops before it is finished"
			}
			return fmt.Sprintf("%q is not expected here", found[1])
		}
		return "this is not a condition: " + strings.TrimPrefix(firstLine(m), "Syntax error: ")
	}
	return firstLine(m)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func typeName(t string) string {
	switch t {
	case "bool":
		return "yes or no"
	case "int", "double", "uint":
		return "a number"
	case "string":
		return "a text"
	case "google.protobuf.Timestamp", "timestamp":
		return "a date"
	}
	if strings.HasPrefix(t, "list") {
		return "a list"
	}
	return t
}

// offset is the place of a location counted in characters from the start.
func offset(text string, at common.Location) int {
	line, col := at.Line(), at.Column()
	if line < 1 || col < 0 {
		return 0
	}
	before := 0
	for n, l := range strings.Split(text, "\n") {
		if n+1 == line {
			return before + min(col, len([]rune(l)))
		}
		before += len([]rune(l)) + 1
	}
	return 0
}
