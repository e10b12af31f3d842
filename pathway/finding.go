package pathway

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Finding is one thing that is wrong in a pathway folder, at one place. Codes
// are stable; Explain says what each means and what to do.
type Finding struct {
	File string `json:"file"`
	// Line and Col count from 1; 0 where the finding is about a whole file.
	Line     int    `json:"line"`
	Col      int    `json:"col"`
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
}

// The severities. An error stops publication; a warning does not.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// String is the finding as a compiler would print it.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s: %s", f.File, f.Line, f.Col, f.Severity, f.Code, f.Message)
}

// HasErrors reports whether any of the findings is an error.
func HasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == SeverityError })
}

// sortFindings orders findings as a reader meets them: pathway.yaml first, then
// the texts, each from top to bottom. Equal findings are kept once.
func sortFindings(findings []Finding) []Finding {
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Col, b.Col), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(findings)
}

// place is where something stands in a file.
type place struct {
	file      string
	line, col int
}

// positions maps paths such as "steps/assess-referral/who" to places. A path
// into a text file starts with the file's name and a colon.
type positions map[string]place

// of finds the place of path, or of the nearest thing that holds it. A path
// that ends in = is the value under a key; without it, the key.
func (p positions) of(file, path string) place {
	key := path
	if file != structureFile {
		key = file + ":" + path
	}
	for {
		if at, ok := p[key]; ok {
			return at
		}
		if at, ok := p[strings.TrimSuffix(key, "=")]; ok {
			return at
		}
		cut := strings.LastIndexByte(key, '/')
		if cut < 0 {
			break
		}
		key = key[:cut]
	}
	return place{file: file}
}

// Nearest is the allowed name closest to what was written, or "" when nothing
// is near enough to be a slip.
func Nearest(written string, allowed []string) string {
	best, least := "", max(1, len(written)/3)+1
	for _, name := range allowed {
		if d := distance(written, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, change or swap with their
// neighbour to get from a to b (optimal string alignment). Long words are far.
func distance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return len(a) + len(b)
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// allowedList is the end of a message: what could have been written, and the
// nearest of it.
func allowedList(written string, allowed []string) string {
	if len(allowed) == 0 {
		return "; none is declared"
	}
	var b strings.Builder
	if near := Nearest(written, allowed); near != "" && near != written {
		fmt.Fprintf(&b, "; did you mean %q?", near)
	}
	shown := allowed
	const most = 24
	if len(shown) > most {
		shown = shown[:most]
	}
	b.WriteString(" Expected one of: " + strings.Join(shown, ", "))
	if len(shown) < len(allowed) {
		fmt.Fprintf(&b, " and %d more", len(allowed)-len(shown))
	}
	if b.String()[0] == ' ' {
		return "." + b.String()
	}
	return b.String()
}

// names turns ids of any kind into strings.
func names[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
