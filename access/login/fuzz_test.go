package login

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzRead reads what an operator could write as a settings file. It is a provider
// that can be asked, over TLS or on this machine, or an error that names the file;
// never both, and no key stands in an error.
func FuzzRead(f *testing.F) {
	examples, err := filepath.Glob("../../docs/login/*.yaml")
	if err != nil || len(examples) == 0 {
		f.Fatal("there is no example", err)
	}
	for _, name := range examples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, x := range []string{"", "- a", "id: [", "id: x\nid: y", "issuer: http://elsewhere.example", "max-age: -5m", "networks: [0.0.0.0/0]", "key-file: ../../../etc/passwd", "&a [*a]", "level: {means: {a: b}}"} {
		f.Add(x)
	}
	const secret = "a-secret-of-the-provider"
	from := Reading{
		Open: func(name string) ([]byte, error) {
			if strings.Contains(name, "none") {
				return nil, errors.New("no such file")
			}
			return []byte(secret), nil
		},
		Near: func(string, []string) string { return "" },
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := from.Read("provider.yaml", []byte(text))
		switch {
		case err != nil && (s.Issuer != "" || s.ID != ""):
			t.Errorf("%q is %v and %v", text, s.ID, err)
		case err != nil && (!strings.Contains(err.Error(), "provider.yaml") || strings.Contains(err.Error(), secret) && !strings.Contains(text, secret)):
			t.Errorf("%q: %v", text, err)
		case err == nil && (s.ID == "" || httpsOrLoopback(s.Issuer) != nil || len(s.For) == 0):
			t.Errorf("%q is a provider without a name, a safe address or anybody to log in: %+v", text, s)
		}
	})
}
