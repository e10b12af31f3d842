package pathway

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"forlop/care"
)

// Diff says in sentences what differs between two versions, such as "Senest: 12
// uker … → 10 uker …": what is new, what is taken away, and what is said
// otherwise of the same step, clock or ending. It compares what people read, the
// words included; it says nothing where nobody would see a difference.
func Diff(before, after *Definition, l care.Language) string {
	return DiffWith(before, after, l, func(string) string { return "" })
}

// DiffWith is Diff with a line of note below each step, clock and other thing
// that differs, by its path such as clocks/start; an empty note is left out.
func DiffWith(before, after *Definition, l care.Language, note func(path string) string) string {
	old, now := shown(before, l), shown(after, l)
	oldParts, nowParts := old.byPath(), now.byPath()
	var b strings.Builder
	fmt.Fprintf(&b, "%s → %s\n", before.Ref, after.Ref)
	if said := header(before, l) + " → " + header(after, l); header(before, l) != header(after, l) {
		fmt.Fprintf(&b, "%s\n", said)
	}
	changes := 0
	say := func(what phrase, p *part) {
		changes++
		fmt.Fprintf(&b, "%s: %s (%s)\n", what.in(l), p.title, p.path)
	}
	below := func(p *part) {
		if n := note(p.path); n != "" {
			fmt.Fprintf(&b, "  = %s\n", n)
		}
	}
	for i := range old.parts {
		if p := &old.parts[i]; p.path != "" && nowParts[p.path] == nil {
			say(sayRemoved, p)
			below(p)
		}
	}
	for i := range now.parts {
		p := &now.parts[i]
		if p.path == "" {
			continue
		}
		was := oldParts[p.path]
		if was == nil {
			say(sayAdded, p)
			for _, line := range p.lines {
				fmt.Fprintf(&b, "  + %s\n", line)
			}
			below(p)
			continue
		}
		if lines := lineChanges(was.lines, p.lines); len(lines) > 0 {
			say(sayChange, p)
			for _, line := range lines {
				fmt.Fprintf(&b, "  %s\n", line)
			}
			below(p)
		}
	}
	if !slices.Equal(inBoth(old.parts, nowParts), inBoth(now.parts, oldParts)) {
		changes++
		fmt.Fprintf(&b, "%s.\n", sayOrder.in(l))
	}
	if changes == 0 {
		fmt.Fprintf(&b, "%s\n", sayEqual.in(l))
	}
	return b.String()
}

// header is what stands over the whole pathway.
func header(d *Definition, l care.Language) string {
	status := sayDraft
	if d.Status == Published {
		status = sayPublished
	}
	return fmt.Sprintf("%s. %s. %s %s: %s", regimeWords[d.Regime].in(l), status.in(l), sayReview.in(l), d.Review.By, d.Review.Owner)
}

// byPath cuts the page into its parts.
func (p *page) byPath() map[string]*part {
	text := p.b.String()
	all := map[string]*part{}
	for i := range p.parts {
		end := len(text)
		if i+1 < len(p.parts) {
			end = p.parts[i+1].start
		}
		part := &p.parts[i]
		for line := range strings.SplitSeq(text[part.start:end], "\n") {
			if line = strings.TrimSpace(line); line != "" {
				part.lines = append(part.lines, numbered.ReplaceAllString(line, ""))
			}
		}
		if part.path != "" {
			all[part.path] = part
		}
	}
	return all
}

// numbered is the number before a step, which changes when another comes in.
var numbered = regexp.MustCompile(`^[0-9]+\. `)

// lineChanges lists what differs. A line that begins with the same label as one
// taken away is shown as one change.
func lineChanges(before, after []string) []string {
	var out []string
	gone := slices.DeleteFunc(slices.Clone(before), func(s string) bool { return slices.Contains(after, s) })
	came := slices.DeleteFunc(slices.Clone(after), func(s string) bool { return slices.Contains(before, s) })
	for _, line := range gone {
		label, rest, labelled := strings.Cut(line, ": ")
		i := slices.IndexFunc(came, func(s string) bool { return labelled && strings.HasPrefix(s, label+": ") })
		if i < 0 {
			out = append(out, "- "+line)
			continue
		}
		out = append(out, fmt.Sprintf("%s: %s → %s", label, rest, strings.TrimPrefix(came[i], label+": ")))
		came = slices.Delete(came, i, i+1)
	}
	for _, line := range came {
		out = append(out, "+ "+line)
	}
	return out
}

func inBoth(parts []part, other map[string]*part) []string {
	var paths []string
	for _, p := range parts {
		if p.path != "" && other[p.path] != nil {
			paths = append(paths, p.path)
		}
	}
	return paths
}
