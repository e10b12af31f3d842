package pathway

import (
	"regexp"
	"slices"
	"strconv"

	"forlop/care"
)

// CheckTexts finds what other words of the same version may not do: say a number
// that neither the words before nor the pathway itself says, or keep the count of
// the wording while the words change. A limit is changed by a new version and
// never by a wording. Names without words, and words for nothing, are found by
// Check.
//
// Only numbers in digits are seen; a number written out is read by the person who
// approves the wording.
func CheckTexts(before, worded *Definition) []Finding {
	c := &checker{d: worded}
	if before.Ref != worded.Ref {
		c.add(structureFile, "", "E520", SeverityError, "these are the words of %s, not of %s", worded.Ref, before.Ref)
		return c.findings
	}
	own := before.numbers()
	for _, l := range care.Languages {
		was, now := before.Texts[l], worded.Texts[l]
		if was == nil || now == nil {
			continue
		}
		said, says := was.everything(), now.everything()
		changed := false
		for _, path := range sortedKeys(says) {
			if says[path] == said[path] {
				continue
			}
			changed = true
			known := numbersIn(said[path])
			for _, n := range numbersIn(says[path]) {
				if !slices.Contains(known, n) && !slices.Contains(own, n) {
					c.add(textFile(l), path, "E520", SeverityError, "the wording says %d, and neither the words before nor the pathway do: a number is changed by a new version, not by a wording", n)
				}
			}
		}
		if changed && now.Revision <= was.Revision {
			c.add(textFile(l), "revision=", "W521", SeverityWarning, "the words are others than in revision %d: count up", was.Revision)
		}
	}
	return sortFindings(c.findings)
}

var digits = regexp.MustCompile(`[0-9]+`)

// numbersIn are the numbers of a text, each once.
func numbersIn(text string) []int {
	var all []int
	for _, d := range digits.FindAllString(text, -1) {
		if n, err := strconv.Atoi(d); err == nil && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// everything is all that a text file says, by its place. Phone numbers are left
// out: they change, and are no limit.
func (t *Text) everything() map[string]string {
	all := map[string]string{"title": t.Title, "summary": t.Summary}
	section(all, "roles", t.Roles)
	section(all, "milestones", t.Milestones)
	section(all, "clocks", t.Clocks)
	section(all, "cautions", t.Cautions)
	section(all, "agenda", t.Agenda)
	section(all, "checklist", t.Checklist)
	section(all, "opens", t.Opens)
	section(all, "facts", t.Facts)
	section(all, "tables", t.Tables)
	section(all, "pauses", t.Pauses)
	for id, s := range t.Steps {
		section(all, "steps/"+string(id), map[string]string{"title": s.Title, "waiting": s.Waiting, "what": s.What, "why": s.Why, "easier": s.Easier, "no": s.No})
	}
	for id, e := range t.Ends {
		section(all, "ends/"+string(id), map[string]string{"title": e.Title, "means": e.Means, "come-back": e.ComeBack})
	}
	for id, choice := range t.Choices {
		all["choices/"+string(id)+"/title"] = choice.Title
		for name, o := range choice.Options {
			section(all, "choices/"+string(id)+"/options/"+name, map[string]string{"title": o.Title, "asks": o.Asks, "gives": o.Gives})
		}
	}
	return all
}

func section[K ~string](all map[string]string, name string, words map[K]string) {
	for id, text := range words {
		all[name+"/"+string(id)] = text
	}
}

// numbers are the numbers that the pathway itself says.
func (d *Definition) numbers() []int {
	all := []int{d.For.MinAge, d.For.MaxAge}
	effort := func(e Effort) { all = append(all, e.Minutes, e.RestDays) }
	for _, k := range d.Clocks {
		all = append(all, k.Within.N, k.Share)
	}
	for _, s := range d.Steps {
		all = append(all, s.By.Within.N, s.AnswerWithin.N)
		effort(s.Effort)
		for _, a := range s.Answers {
			all = append(all, a.AnswerWithin.N)
		}
		if s.Repeat != nil {
			all = append(all, s.Repeat.Every.N, s.Repeat.Times)
		}
	}
	for _, c := range d.Choices {
		for _, o := range c.Options {
			effort(o.Effort)
		}
	}
	all = append(all, d.Overdue.Contact.Within.N)
	if d.KeepOld != nil {
		all = append(all, d.KeepOld.Within.N)
	}
	return slices.DeleteFunc(all, func(n int) bool { return n == 0 })
}
