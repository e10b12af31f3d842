package pathway

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"forlop/care"
)

// Every basis in a definition is printed: none of the numbers and duties
// stands without its source.
func TestShowMarksEveryNumberAndDuty(t *testing.T) {
	t.Parallel()
	d := good(t)
	marks := 0
	number(reflect.ValueOf(d).Elem(), &marks)
	all := bases(d)
	ofClocks := 0
	for _, s := range d.Steps {
		if s.By.Clock != "" {
			ofClocks++
		}
	}
	if marks < 40 || marks != len(all)+ofClocks {
		t.Fatalf("a definition holds %d bases; %d are checked and %d are those of clocks", marks, len(all), ofClocks)
	}
	for _, l := range care.Languages {
		shown := Show(d, l)
		for _, b := range all {
			empty := !b.asked && (strings.HasSuffix(b.path, "/effort") || strings.HasSuffix(b.path, "/reply"))
			if !empty && !strings.Contains(shown, "["+string(b.basis.Source)+"]") {
				t.Errorf("%s: the basis of %s is printed nowhere", l, b.path)
			}
		}
	}
}

// number gives every basis of a definition a source of its own.
func number(v reflect.Value, marks *int) {
	if v.Type() == reflect.TypeFor[Basis]() {
		v.Set(reflect.ValueOf(Basis{Source: SourceID(fmt.Sprintf("mark-%d", *marks))}))
		*marks++
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				number(v.Field(i), marks)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			number(v.Index(i), marks)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			number(v.Elem(), marks)
		}
	}
}

func TestShowGolden(t *testing.T) {
	t.Parallel()
	d := good(t)
	for _, l := range care.Languages {
		file := "testdata/show." + string(l) + ".golden"
		got := Show(d, l)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s has changed; look at it and run the test with -update:\n%s", file, got)
		}
	}
}

// What is missing in the texts is shown by its name, never as a hole.
func TestShowWithoutTexts(t *testing.T) {
	t.Parallel()
	d := good(t)
	d.Texts = nil
	shown := Show(d, care.Bokmal)
	for _, want := range []string{"no.example", "assess-referral", "coordinator", "referral-received"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	if strings.Contains(shown, "%!") {
		t.Errorf("a phrase is not filled in:\n%s", shown)
	}
}

// Every word the format can hold is said in four languages.
func TestPhrasesAreWhole(t *testing.T) {
	t.Parallel()
	covers := func(what string, words map[string]phrase, ids []string) {
		for _, id := range ids {
			if _, ok := words[id]; !ok {
				t.Errorf("no words for the %s %q", what, id)
			}
		}
		for id, p := range words {
			for i, s := range p {
				if s == "" {
					t.Errorf("the %s %q has no words in %s", what, id, care.Languages[i])
				}
			}
		}
	}
	covers("unit", unitWords, UnitKinds)
	covers("profession", professionWords, Professions)
	covers("ask", askWords, append(append([]string{}, answerAsks...), endAsks...))
	covers("rung", rungWords, ladderTo)
	for _, w := range ways {
		covers("way", map[string]phrase{string(w): wayWords[w]}, nil)
	}
	for _, k := range answerKinds {
		covers("answer", map[string]phrase{string(k): answerWords[k]}, nil)
	}
	for _, k := range clockKinds {
		covers("clock", map[string]phrase{string(k): clockWords[k]}, nil)
	}
	for _, u := range care.SpanUnits {
		covers("span", map[string]phrase{"1 " + string(u): spanWords[u][0], string(u): spanWords[u][1]}, nil)
	}
}
