package login

import (
	"slices"
	"strings"
	"testing"
)

// TestSettingsFile: what is written wrongly is refused with its place, and what
// could not work is refused before anybody tries to log in.
func TestSettingsFile(t *testing.T) {
	t.Parallel()
	const good = `id: a
issuer: https://login.example.org
client: us
secret-file: s
for: [patient]
level:
  means: {x: high}
`
	from := Reading{
		Open: func(string) ([]byte, error) { return []byte("secret"), nil },
		Near: func(written string, known []string) string {
			for _, k := range known {
				a, b := []byte(k), []byte(written)
				slices.Sort(a)
				slices.Sort(b)
				if k[0] == written[0] && (string(a) == string(b) || len(k) == 5 && len(written) == 5) {
					return k
				}
			}
			return ""
		},
	}
	if _, err := from.Read("a.yaml", []byte(good)); err != nil {
		t.Fatalf("the good file: %v", err)
	}
	tests := []struct{ name, from, to, want string }{
		{"unknown key", "client: us", "cleint: us", `a.yaml:3:1: there is no key "cleint"; did you mean "client"?`},
		{"unknown key in a section", "means:", "meens:", `a.yaml:7:3: there is no key "meens" in level; did you mean "means"?`},
		{"a key twice", "client: us", "client: us\nclient: them", `a.yaml:4:1:`},
		{"a list for a word", "client: us", "client: [us]", "a.yaml:3:9: write one word"},
		{"a word for a list", "for: [patient]", "for: patient", "a.yaml:5:6: write a list"},
		{"who does not log in", "for: [patient]", "for: [system]", `for: "system" does not log in`},
		{"nobody", "for: [patient]", "", "say who logs in here"},
		{"no https", "https:", "http:", "must begin with https://"},
		{"a user in the issuer", "https://", "https://a" + ":b@", "is not an address"},
		{"no level reaches", "high}", "low}", "no value reaches high"},
		{"no such level", "high}", "hihg}", `"hihg", which is not a level`},
		{"a bad id", "id: a", "id: A/b", "small letters"},
		{"an algorithm with a shared key", "client: us", "client: us\nalgorithms: [HS256]", `"HS256" is not allowed`},
		{"no algorithm", "client: us", "client: us\nalgorithms: [none]", `"none" is not allowed`},
		{"a parameter that carries the safety", "client: us", "client: us\nextra: {nonce: x}", `"nonce" is written by the login itself`},
		{"no span", "client: us", "client: us\nmax-age: soon", "a.yaml:4:10:"},
		{"no network", "client: us", "client: us\nnetworks: [here]", "is no network"},
		{"a flag", "client: us", "client: us\ndpop: maybe", "a.yaml:4:7: write true or false"},
		{"a rule without a claim", "client: us", "client: us\nprescribers: [{one-of: [LE]}]", "names the claim"},
		{"no key", "secret-file: s", "", "the client needs a key"},
		{"empty", good, "", "the file says nothing"},
		{"no mapping", good, "- a", "write keys here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(good, test.from, test.to, 1)
			if text == good {
				t.Fatal("the test changed nothing")
			}
			_, err := from.Read("a.yaml", []byte(text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to say %q", err, test.want)
			}
		})
	}
}
