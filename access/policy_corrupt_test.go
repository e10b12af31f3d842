package access_test

import (
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/access"
)

var tokens = regexp.MustCompile(`"[^"]*"|[A-Za-z_]+|::|==|\|\||&&|[^\s]`)

// larger are stretches whose loss or change still reads well: an entry of a list,
// one side of a condition, a whole condition, a whole policy.
var larger = []*regexp.Regexp{
	regexp.MustCompile(`Action::"[^"]*",?`),
	regexp.MustCompile(`(?:\|\||&&)\s*\(?[a-z.]+(?: == [A-Za-z]+::"[^"]*"|\.contains\([^)]*\))?\)?`),
	regexp.MustCompile(`[a-z.]+(?: is [A-Za-z]+| == [A-Za-z]+::"[^"]*")?\s*(?:\|\||&&)`),
	regexp.MustCompile(`(?:when|unless)\s*\{[^}]*\}`),
	regexp.MustCompile(`(?s)@id[^;]*;`),
}

// opposites are words that turn a policy round.
var opposites = map[string]string{"when": "unless", "unless": "when", "==": "!=", "||": "&&", "&&": "||", "<": ">", "permit": "forbid", "forbid": "permit"}

// corrupt chooses a stretch of a text and what stands in its place.
func corrupt(r *rand.Rand, text string) (at []int, put string) {
	if kind := r.IntN(3 + len(larger)); kind >= 3 {
		if found := larger[kind-3].FindAllStringIndex(text, -1); len(found) > 0 {
			return found[r.IntN(len(found))], ""
		}
	}
	found := tokens.FindAllStringIndex(text, -1)
	at = found[r.IntN(len(found))]
	was := text[at[0]:at[1]]
	switch r.IntN(4) {
	case 0:
		return at, ""
	case 1:
		return at, was + " " + was
	case 2:
		other := found[r.IntN(len(found))]
		return at, text[other[0]:other[1]]
	}
	for {
		at = found[r.IntN(len(found))]
		if put, ok := opposites[text[at[0]:at[1]]]; ok {
			return at, put
		}
	}
}

// TestCorruptedPolicy drops, doubles and swaps tokens of policy files, and drops
// larger stretches. Most of
// what comes out is refused. What is read and allows more than before must differ
// in a cell of the table that was written by hand: then nobody can lose or change
// a line of the policy without a red test.
func TestCorruptedPolicy(t *testing.T) {
	t.Parallel()
	const many, seed = 80, 26
	r := rand.New(rand.NewPCG(seed, seed))
	_, cells := readTable(t)
	shipped := access.Shipped()
	all := files(t)
	var cedars []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if strings.HasSuffix(name, ".cedar") {
			cedars = append(cedars, name)
		}
	}
	refused, same, seen := 0, 0, 0
	for range many {
		file := cedars[r.IntN(len(cedars))]
		text := string(all[file].Data)
		quiet := silent.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat(" ", len(s)) })
		at, put := corrupt(r, quiet)
		folder := maps.Clone(all)
		folder[file] = &fstest.MapFile{Data: []byte(text[:at[0]] + put + text[at[1]:])}
		p, err := access.Load(folder)
		if err != nil {
			refused++
			continue
		}
		if slices.ContainsFunc(cells, func(c cell) bool {
			c.ask.What = c.name
			return letter(p.Decide(c.ask)) != c.want
		}) {
			seen++
			continue
		}
		same++
		for range 2000 {
			a := anAsk(r.IntN)
			if p.Decide(a).Allowed && !shipped.Decide(a).Allowed {
				t.Errorf("%s with %q for %q at byte %d allows %+v, and no cell of the table says so", file, put, text[at[0]:at[1]], at[0], a)
				break
			}
		}
	}
	if refused < many/2 || seen == 0 {
		t.Errorf("of %d corrupted policies %d were refused and %d seen by the table", many, refused, seen)
	}
	t.Logf("%d corrupted policies of seed %d: %d refused, %d seen by the table, %d that changed nothing in it, none of them allows more", many, seed, refused, seen, same)
}
