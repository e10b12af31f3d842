package simulation

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/library"
)

// painWith is the folder of no.pain with other examples in it.
func painWith(t *testing.T, examples string) fs.FS {
	t.Helper()
	folder, ok := library.Files("no.pain")
	if !ok {
		t.Fatal("no.pain is not shipped")
	}
	files := fstest.MapFS{}
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	files[exampleFile] = &fstest.MapFile{Data: []byte(examples)}
	return files
}

// opened is an example that begins with a referral; what follows is put below.
const opened = `examples:
  - name: one
    by: kari
    lines:
      - on: 2026-01-05 09:00
        do: open
        with: {sender: practice/gp, desk: clinic/desk}
`

// An example that is written wrongly, or comes out otherwise, says where and
// what, in words an author can act on.
func TestFindings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, at, code, says string }{
		{"not YAML", "examples: [", "1:1", codeUnreadable, "not YAML"},
		{"nothing in it", "examples: []\n", "1:1", codeWrongForm, "no examples"},
		{"an unknown key", "exampels: []\n", "1:1", codeUnknownKey, "about, cast, examples"},
		{"an unknown act", opened + "      - do: plann\n", "8:13", codeUnknownKey, "plan"},
		{"an unknown field", opened + "      - do: plan\n        with: {stepp: x}\n", "9:16", codeUnknownKey, "step"},
		{"a date that is none", opened + "      - on: 2026-13-05\n", "8:13", codeWrongForm, "2026-01-05 09:00"},
		{"nobody of that name", opened + "      - do: complete\n        by: karl\n", "9:13", codeUnknownKey, "kari"},
		{"no such post", opened + "      - expect: {responsible: clinic/boss}\n", "8:31", codeUnknownKey, "no post"},
		{"no such step", opened + "      - expect:\n          steps: {start-asessment: open}\n", "9:19", codeUnknownKey, "start-assessment"},
		{"time goes back", opened + "      - on: 2026-01-04 09:00\n", "8:13", codeWrongForm, "does not go back"},
		{"another owner", opened + "      - expect: {responsible: clinic/coordinator}\n", "8:31", codeOther, "expected clinic/coordinator, found practice/gp"},
		{"somebody else behind it", opened + "      - expect: {responsible: kari@practice/gp}\n", "8:31", codeOther, "expected kari behind practice/gp, found per"},
		{"another date", opened + "      - expect: {clocks: {start: {latest: 2026-03-31}}}\n", "8:43", codeOther, "expected 2026-03-31, found 2026-03-30"},
		{"not on the list", opened + "      - expect: {worklist: {turid: [assess-referral]}}\n", "8:36", codeOther, "expected assess-referral on it, found nothing"},
		{"on the list all the same", opened + "      - expect: {worklist: {kari: {not: [assess-referral]}}}\n", "8:35", codeOther, "must not be on it"},
		{"refused", opened + "      - do: complete\n        with: {step: assess-referral}\n", "8:13", codeRefused, "answer-the-referral"},
		{"refused otherwise", opened + "      - do: complete\n        refused: step-not-open\n        with: {step: assess-referral}\n", "9:18", codeRefused, "answer-the-referral"},
		{"not refused", opened + "      - do: note\n        refused: note-empty\n        with: {how: phone, words: Ringte.}\n", "9:18", codeNotRefused, "must be refused"},
		{"nobody says the sentences", opened + "      - expect: {patient: [Hei.]}\n", "8:27", codeNotSaid, "cannot be compared"},
		{"a pathway that is not here", opened + "      - do: move\n        with: {to: no.such@1, reason: x}\n", "9:20", codeNotGiven, "no.such@1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := Rehearse(context.Background(), painWith(t, c.text), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := exampleFile + ":" + c.at + ":"
			for _, f := range r.All() {
				if strings.HasPrefix(f.String(), want) && f.Code == c.code && strings.Contains(f.Message, c.says) {
					return
				}
			}
			t.Errorf("no finding at %s with %s that says %q; found:", want, c.code, c.says)
			for _, f := range r.All() {
				if f.Code != codeNeverTried {
					t.Log(f)
				}
			}
		})
	}
}

// What the patient reads is compared word for word, in their language.
func TestSentences(t *testing.T) {
	t.Parallel()
	say := func(p casework.Plan, l care.Language) []string {
		return []string{string(l) + ": " + p.Journeys[0].State.Responsible.String()}
	}
	for sentence, fails := range map[string]bool{"nb: practice/gp": false, "nb: clinic/desk": true} {
		folder := painWith(t, opened+"      - expect: {patient: [\""+sentence+"\"]}\n")
		r, err := Rehearse(context.Background(), folder, nil, say)
		if err != nil {
			t.Fatal(err)
		}
		if got := pathway.HasErrors(r.All()); got != fails {
			t.Errorf("%s: fails %v, expected %v: %v", sentence, got, fails, r.All())
		}
	}
}
