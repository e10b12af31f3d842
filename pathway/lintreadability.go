package pathway

import (
	"slices"

	"forlop/care"
)

// readingLimit is how hard a text for patients may be. The limits are ours
// (proposed): no source sets a number. LIX is made for the Nordic languages,
// which write long compounds as one word; the same text gives a lower LIX and
// more words in English, so that English has limits of its own.
type readingLimit struct{ most, warn, words float64 }

func limitOf(l care.Language) readingLimit {
	if l == care.English {
		return readingLimit{most: 34, warn: 31, words: 14}
	}
	return readingLimit{most: 38, warn: 35, words: 12}
}

// enoughWords is how many words a part must have before its own LIX says
// anything; shorter parts count only in the whole.
const enoughWords = 30

// readability finds texts for patients that are hard to read: the whole file is
// judged with errors, and each of its parts with warnings.
func (c *checker) readability() {
	for _, l := range care.Languages {
		t := c.d.Texts[l]
		if t == nil {
			continue
		}
		limit := limitOf(l)
		var whole Reading
		for _, part := range t.running() {
			r := Read(l, part.texts...)
			whole = whole.Add(r)
			if r.Words < enoughWords {
				continue
			}
			if r.LIX() > limit.most || r.WordsPerSentence() > limit.words {
				c.add(textFile(l), part.path, "W512", SeverityWarning, "this part has LIX %.0f and %.1f words in a sentence; aim for %.0f and %.0f: shorter sentences, shorter words", r.LIX(), r.WordsPerSentence(), limit.most, limit.words)
			}
		}
		if whole.Words == 0 {
			continue
		}
		switch lix := whole.LIX(); {
		case lix > limit.most:
			c.add(textFile(l), "title", "E510", SeverityError, "the sentences for patients have LIX %.1f together; the limit is %.0f", lix, limit.most)
		case lix > limit.warn:
			c.add(textFile(l), "title", "W511", SeverityWarning, "the sentences for patients have LIX %.1f together; aim for %.0f, the limit is %.0f", lix, limit.warn, limit.most)
		}
		if mean := whole.WordsPerSentence(); mean > limit.words {
			c.add(textFile(l), "title", "E513", SeverityError, "the sentences for patients have %.1f words on average; the limit is %.0f", mean, limit.words)
		}
	}
}

// passage is running text that is read together.
type passage struct {
	path  string
	texts []string
}

// running lists the sentences a patient reads, in the order of the names.
// Titles, names of roles and the like are labels and stay out.
func (t *Text) running() []passage {
	parts := []passage{{"summary", []string{t.Summary}}}
	for _, id := range sortedKeys(t.Steps) {
		s := t.Steps[id]
		parts = append(parts, passage{"steps/" + string(id), []string{s.Waiting, s.What, s.Why, s.Easier, s.No}})
	}
	for _, id := range sortedKeys(t.Choices) {
		options := t.Choices[id].Options
		for _, name := range sortedKeys(options) {
			o := options[name]
			parts = append(parts, passage{"choices/" + string(id) + "/options/" + name, []string{o.Asks, o.Gives}})
		}
	}
	for _, id := range sortedKeys(t.Cautions) {
		parts = append(parts, passage{"cautions/" + id, []string{t.Cautions[id]}})
	}
	for _, id := range sortedKeys(t.Ends) {
		e := t.Ends[id]
		parts = append(parts, passage{"ends/" + string(id), []string{e.Means, e.ComeBack}})
	}
	return parts
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Reading counts what a patient reads of the pathway in this language.
func (t *Text) Reading() Reading {
	var r Reading
	for _, part := range t.running() {
		r = r.Add(Read(t.Language, part.texts...))
	}
	return r
}
