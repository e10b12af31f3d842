package questionnaire

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"forlop/care"
)

// Ref names one version of a questionnaire by the hash of its bytes.
type Ref struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Hash    string `json:"hash"`
}

// String is the id with the version.
func (r Ref) String() string { return r.ID + "@" + r.Version }

// Definition is one version of a questionnaire.
type Definition struct {
	Ref
	// Title and Short are what those who work call it.
	Title, Short string
	Source       Source
	// Licence says on what ground it may be used, in its owner's terms;
	// Attribution must be shown wherever it is.
	Licence, Attribution string
	// For says whom it is for.
	For string
	// Minutes is how long it takes, by MinutesSource; 0 where nobody has said.
	Minutes       int
	MinutesSource string
	Items         []Item
	Sums          []Sum
	// Texts are the wordings; Absent are the languages without one, and why.
	Texts  map[care.Language]*Text
	Absent map[care.Language]Absence
	// Bytes are the file, as it was read.
	Bytes []byte
}

// Source is where something was published; URL may be empty.
type Source struct{ Publisher, Title, URL string }

// Absence says why there is no wording in a language, and where to ask for one.
type Absence struct{ Why, Find string }

// Kind is how a question is answered. Every answer is a whole number.
type Kind string

// The kinds. A scale has a number at each end and a word for it; a choice has a
// word for each of its values; yes is 1 and no is 0.
const (
	Scale  Kind = "scale"
	Choice Kind = "choice"
	Number Kind = "number"
	YesNo  Kind = "yes-no"
)

// kinds lists the kinds.
var kinds = []Kind{Scale, Choice, Number, YesNo}

// Item is one question.
type Item struct {
	ID   string
	Kind Kind
	// From and To are the lowest and highest value of a scale and of a number.
	From, To int
	// Answers names the list of values of a choice, which stand in Values.
	Answers string
	Values  []int
	// Stem names the words that several questions share, "" for none.
	Stem string
	// Alert is the value from which on an answer reaches the duty post at once; 0
	// for none.
	Alert int
	// Concerns says that the question is not for everybody: it can be left out
	// without being counted as missing.
	Concerns bool
	// Points gives the points of each value, where they are others than the value.
	Points map[int]int
}

// takes reports whether a value is an answer to the question.
func (i Item) takes(v int) bool {
	switch i.Kind {
	case Choice:
		return slices.Contains(i.Values, v)
	case YesNo:
		return v == 0 || v == 1
	}
	return v >= i.From && v <= i.To
}

// Text is the wording in one language, and where it comes from.
type Text struct {
	Source string
	// Name is what a patient reads above the questions.
	Name  string
	Stems map[string]string
	Items map[string]string
	// Answers are the words of each list of values, in its order; Ends are the words
	// at the two ends of a scale.
	Answers map[string][]string
	Ends    map[string][2]string
	Sums    map[string]string
}

// Item is the question with an id.
func (d *Definition) Item(id string) (Item, bool) {
	i := slices.IndexFunc(d.Items, func(x Item) bool { return x.ID == id })
	if i < 0 {
		return Item{}, false
	}
	return d.Items[i], true
}

// Languages are those that the questionnaire exists in, in the usual order.
func (d *Definition) Languages() []care.Language {
	var out []care.Language
	for _, l := range care.Languages {
		if d.Texts[l] != nil {
			out = append(out, l)
		}
	}
	return out
}

// Alerts reports whether an answer can reach the duty post.
func (d *Definition) Alerts() bool {
	return slices.ContainsFunc(d.Items, func(i Item) bool { return i.Alert > 0 })
}

func hashOf(src []byte) string {
	sum := sha256.Sum256(src)
	return "sha256:" + hex.EncodeToString(sum[:])
}
