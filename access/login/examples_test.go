package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"forlop/care"
)

// clientKey is a key as an operator makes one: a private JWK.
func clientKey(t *testing.T) (private []byte, public jose.JSONWebKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	jwk := jose.JSONWebKey{Key: key, KeyID: "client-1", Algorithm: string(jose.ES256), Use: "sig"}
	private, err = json.Marshal(jwk)
	if err != nil {
		t.Fatal(err)
	}
	return private, jwk.Public()
}

// example reads a shipped example, with files that need not be there.
func example(t *testing.T, file string, key []byte) Settings {
	t.Helper()
	text, err := os.ReadFile("../../docs/login/" + file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Reading{
		Open: func(name string) ([]byte, error) {
			if name == "siths.secret" {
				return []byte("a secret from the provider\n"), nil
			}
			return key, nil
		},
		Near: func(string, []string) string { return "" },
	}.Read(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// anExample is a shipped example, what its provider demands whatever the
// example says, and whom it logs in.
type anExample struct {
	file    string
	issuer  string
	demands demands
	acr     string
	claims  map[string]any
	asks    map[string]string // what the request must hold
	want    Proof             // but for issuer, times and hint
}

var examples = []anExample{
	{
		file: "helseid.yaml", issuer: "https://helseid-sts.nhn.no",
		demands: demands{signed: true, pushed: true, bound: true, namesItself: true, maxAssertion: 60 * time.Second},
		claims: map[string]any{
			"helseid://claims/identity/pid": "05073500186", "helseid://claims/identity/security_level": "4",
			"helseid://claims/hpr/hpr_number": "181000001", "helseid://claims/client/claims/orgnr_parent": "974760673",
			"name": "Kari Lege", "hpr_category": []string{"LE"}, "sid": "session-1",
		},
		asks: map[string]string{"acr_values": "Level4"},
		want: Proof{
			Provider: "helseid", Level: "high", Session: "session-1", NationalNumber: "05073500186", HPR: "181000001",
			OrgNumber: "974760673", Name: "Kari Lege", Professions: []string{"LE"}, Prescriber: true,
		},
	},
	{
		file: "id-porten.yaml", issuer: "https://idporten.no",
		demands: demands{signed: true, pushed: true, maxAssertion: 120 * time.Second},
		acr:     "idporten-loa-high",
		claims:  map[string]any{"pid": "47906701517", "sid": "session-2"},
		asks:    map[string]string{"acr_values": "idporten-loa-high"},
		want:    Proof{Provider: "id-porten", Level: "high", Session: "session-2", NationalNumber: "47906701517"},
	},
	{
		file: "siths-inera.yaml", issuer: "https://idp.inera.se/oidc",
		acr: "http://id.sambi.se/loa/loa3",
		claims: map[string]any{
			"employeeHsaId": "SE2321000016-1001", "credentialPersonalIdentityNumber": "195009072553", "name": "Anna Läkare",
			"healthcareProfessionalLicense": []string{"LK"}, "personalPrescriptionCode": "1234567",
			"healthCareProviderId": "232100-0016",
		},
		asks: map[string]string{"acr_values": "http://id.sambi.se/loa/loa3"},
		want: Proof{
			Provider: "siths", Level: "high", HSAID: "SE2321000016-1001", NationalNumber: "195009072553", Name: "Anna Läkare",
			Professions: []string{"LK"}, PrescriberCodes: []string{"1234567"}, OrgNumber: "232100-0016", Prescriber: true,
		},
	},
	{
		file: "1177.yaml", issuer: "https://login.example.se",
		demands: demands{signed: true, maxAssertion: 120 * time.Second},
		acr:     "http://id.elegnamnden.se/loa/1.0/loa3",
		claims:  map[string]any{"personal_identity_number": "19500907-2553", "name": "Sven Svensson"},
		asks:    map[string]string{"max_age": "7200"},
		want:    Proof{Provider: "1177", Level: "high", NationalNumber: "195009072553", Name: "Sven Svensson"},
	},
}

// open starts the example's stand-in and a login at it.
func (e anExample) open(t *testing.T) (*standIn, *Provider) {
	t.Helper()
	private, public := clientKey(t)
	s := example(t, e.file, private)
	if s.Issuer != e.issuer {
		t.Errorf("the example's issuer is %s", s.Issuer)
	}
	at := &standIn{
		demands: e.demands, client: s.Client, secret: string(s.Secret), back: "https://site.example/login/" + s.ID + "/back",
		key: public, claims: e.claims, acr: e.acr, sub: "subject-1", proved: time.Now().Add(-time.Hour),
	}
	at.start(t)
	s.Issuer, s.Hosts = at.url, nil
	p, err := Open(s, nil, time.Now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return at, p
}

// TestExamples: each shipped example logs somebody in at a provider that demands
// what the real one demands, over real HTTP, and answers the facts.
func TestExamples(t *testing.T) {
	t.Parallel()
	if entries, err := os.ReadDir("../../docs/login"); err != nil || len(entries) != len(examples) {
		t.Fatalf("docs/login holds %d files, %d are tested (%v)", len(entries), len(examples), err)
	}
	for _, e := range examples {
		t.Run(e.file, func(t *testing.T) {
			t.Parallel()
			at, p := e.open(t)
			address, pending, err := p.Begin(t.Context(), at.back, Ask{Language: "nb"})
			if err != nil {
				t.Fatal(err)
			}
			query := browse(t, address, at.back)
			for name, want := range e.asks {
				if got := at.asked.Get(name); got != want {
					t.Errorf("the request's %s is %q, want %q", name, got, want)
				}
			}
			kept, err := json.Marshal(pending) // as a site keeps it
			if err != nil {
				t.Fatal(err)
			}
			var back Pending
			if err := json.Unmarshal(kept, &back); err != nil {
				t.Fatal(err)
			}
			proof, err := p.Finish(t.Context(), back, query)
			if err != nil {
				t.Fatal(err)
			}
			if at.exchanged != 1 {
				t.Errorf("the provider gave tokens %d times", at.exchanged)
			}
			if since := time.Since(proof.At); since < 59*time.Minute || since > 61*time.Minute {
				t.Errorf("they logged in %s ago, want an hour", since)
			}
			want := e.want
			want.Issuer, want.Subject, want.At, want.Hint = at.url, "subject-1", proof.At, proof.Hint
			if !reflect.DeepEqual(proof, want) {
				t.Errorf("the proof is\n%+v, want\n%+v", proof, want)
			}
			if _, err := p.Finish(t.Context(), back, query); !refusedAs(err, "login-expired") {
				t.Errorf("the same login again: %v", err)
			}
			if slices.Contains(at.assertion, "") || len(slices.Compact(slices.Sorted(slices.Values(at.assertion)))) != len(at.assertion) {
				t.Error("an assertion was sent twice")
			}

			fresh, pending, err := p.Begin(t.Context(), at.back, Ask{Fresh: true})
			if err != nil {
				t.Fatal(err)
			}
			proof, err = p.Finish(t.Context(), pending, browse(t, fresh, at.back))
			if err != nil || time.Since(proof.At) > time.Minute {
				t.Errorf("a fresh login is from %s: %v", proof.At, err)
			}
		})
	}
}

// TestPrescribers: who has the right to prescribe, by the shipped examples.
func TestPrescribers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		of    int
		claim string
		value any
		want  bool
	}{
		{"a physician in Norway", 0, "hpr_category", "LE", true},
		{"one of several categories", 0, "hpr_category", []string{"SP", "LE"}, true},
		{"a physiotherapist", 0, "hpr_category", "FT", false},
		{"a category that begins the same", 0, "hpr_category", "LEX", false},
		{"no category", 0, "hpr_category", nil, false},
		{"a Swedish code", 2, "personalPrescriptionCode", "1234567", true},
		{"an empty code", 2, "personalPrescriptionCode", "", false},
		{"an empty list of codes", 2, "personalPrescriptionCode", []string{}, false},
		{"a group's code", 2, "groupPrescriptionCode", []string{"9000009"}, true},
		{"a patient", 1, "personalPrescriptionCode", "1234567", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := examples[test.of]
			claims := map[string]any{}
			for name, value := range e.claims {
				if name != "hpr_category" && name != "personalPrescriptionCode" {
					claims[name] = value
				}
			}
			if test.value != nil {
				claims[test.claim] = test.value
			}
			e.claims = claims
			at, p := e.open(t)
			address, pending, err := p.Begin(t.Context(), at.back, Ask{})
			if err != nil {
				t.Fatal(err)
			}
			proof, err := p.Finish(t.Context(), pending, browse(t, address, at.back))
			if err != nil {
				t.Fatal(err)
			}
			if proof.Prescriber != test.want {
				t.Errorf("has the right to prescribe: %v", proof.Prescriber)
			}
		})
	}
}

// refusedAs reports whether err is the refusal with that code.
func refusedAs(err error, code string) bool {
	refusal, ok := care.AsRefusal(err)
	return ok && refusal.Code == code
}
