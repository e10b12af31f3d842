package care_test

import (
	"fmt"
	"strings"
	"testing"

	"forlop/care"
)

// organisationDigit is the control digit of a Norwegian organisation number as
// Brønnøysundregistrene write it: 11 less the remainder of the weighed sum; 11
// counts as 0, and 10 means that there is no such number. ok is false then.
func organisationDigit(eight [8]int) (digit int, ok bool) {
	sum := 0
	for i, weight := range []int{3, 2, 7, 6, 5, 4, 3, 2} {
		sum += eight[i] * weight
	}
	switch digit = 11 - sum%11; digit {
	case 11:
		return 0, true
	case 10:
		return 0, false
	}
	return digit, true
}

// crossSum is Luhn's sum as Skatteverket writes it: every other digit, from the
// first of the ten, is doubled, and the digits of the products are added.
func crossSum(ten string) int {
	sum := 0
	for i, c := range ten {
		for _, d := range fmt.Sprint((2 - i%2) * int(c-'0')) {
			sum += int(d - '0')
		}
	}
	return sum
}

func TestOrganisationNumbersAgreeWithTheRuleWrittenAnew(t *testing.T) {
	t.Parallel()
	tried := 0
	for n := 80_000_000; n < 100_000_000; n += 9_973 {
		var eight [8]int
		for i, c := range fmt.Sprint(n) {
			eight[i] = int(c - '0')
		}
		right, is := organisationDigit(eight)
		for k := range 10 {
			typed := fmt.Sprintf("%d%d", n, k)
			_, err := care.OrganisationNO.Parse(typed)
			if (err == nil) != (is && k == right) {
				t.Fatalf("%s: %v; the rule says %d (%t)", typed, err, right, is)
			}
			tried++
		}
	}
	for n := 10_000_000; n < 1_000_000_000; n += 999_983 {
		for k := range 10 {
			typed := fmt.Sprintf("%09d%d", n, k)
			_, err := care.OrganisationSE.Parse(typed)
			if want := typed[2] >= '2' && crossSum(typed)%10 == 0; (err == nil) != want {
				t.Fatalf("%s: %v; the rule says %t", typed, err, want)
			}
			tried++
		}
	}
	if tried < 29_000 {
		t.Fatalf("only %d numbers were tried", tried)
	}
}

func TestSwedishNumbersAgreeWithTheRuleWrittenAnew(t *testing.T) {
	t.Parallel()
	on := day(t, "2026-05-17")
	for serial := range 1000 {
		for k := range 10 {
			for _, date := range []string{"19640823", "19640883"} {
				typed := fmt.Sprintf("%s%03d%d", date, serial, k)
				n, err := care.ParseNationalNumber(care.Sweden, typed, on)
				if want := serial > 0 && crossSum(typed[2:])%10 == 0; (err == nil) != want {
					t.Fatalf("%s: %v; the rule says %t", typed, err, want)
				}
				if err == nil && (n.Kind == care.CoordinationNumber) != strings.HasSuffix(date, "83") {
					t.Fatalf("%s is %s", typed, n.Kind)
				}
			}
		}
	}
}

// The systems again, from HL7 Norway's and HL7 Sweden's profiles.
func TestEveryRegisterHasItsSystem(t *testing.T) {
	t.Parallel()
	for register, want := range map[care.Register]string{
		care.OrganisationNO: "urn:oid:2.16.578.1.12.4.1.4.101", care.RESH: "urn:oid:2.16.578.1.12.4.1.4.102",
		care.HER: "urn:oid:2.16.578.1.12.4.1.2", care.HPR: "urn:oid:2.16.578.1.12.4.1.4.4",
		care.HSA: "urn:oid:1.2.752.29.4.19", care.OrganisationSE: "urn:oid:2.5.4.97", "none": "",
	} {
		if got := register.System(); got != want {
			t.Errorf("%s has the system %q, want %q", register, got, want)
		}
	}
	for kind, want := range map[care.NumberKind]string{
		care.BirthNumber: "urn:oid:2.16.578.1.12.4.1.4.1", care.DNumber: "urn:oid:2.16.578.1.12.4.1.4.2",
		care.FHNumber: "urn:oid:2.16.578.1.12.4.1.4.3", care.HNumber: "",
		care.Personnummer:       "http://electronichealth.se/identifier/personnummer",
		care.CoordinationNumber: "http://electronichealth.se/identifier/samordningsnummer",
	} {
		if got := kind.System(); got != want {
			t.Errorf("%s has the system %q, want %q", kind, got, want)
		}
	}
	if care.OrganisationOf(care.Norway) != care.OrganisationNO || care.OrganisationOf(care.Sweden) != care.OrganisationSE {
		t.Error("a country has another country's register of organisations")
	}
}

func TestRegistersRead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		register         care.Register
		typed, out, mask string
		code             string
	}{
		{care.RESH, " 104 919 ", "104919", "104919", ""},
		{care.RESH, "000104919", "104919", "104919", ""},
		{care.RESH, "", "", "", "resh-form"},
		{care.RESH, "1-2", "", "", "resh-form"},
		{care.RESH, "12345678901", "", "", "resh-form"},
		{care.HPR, "9144900", "9144900", "*****00", ""},
		{care.HSA, "SE2321000016-1HZ3", "SE2321000016-1HZ3", strings.Repeat("*", 15) + "Z3", ""},
		{care.OrganisationNO, "974 760 673", "974760673", "974760673", ""},
	} {
		got, err := test.register.Parse(test.typed)
		if got != test.out || test.register.Masked(got) != test.mask {
			t.Errorf("%s %q is %q, masked %q; want %q and %q", test.register, test.typed, got, test.register.Masked(got), test.out, test.mask)
		}
		r, _ := care.AsRefusal(err)
		if (test.code == "") != (err == nil) || test.code != "" && (r == nil || r.Code != test.code) {
			t.Errorf("%s %q: %v, want %q", test.register, test.typed, err, test.code)
		}
	}
	if _, err := care.Register("none").Parse("1"); err == nil {
		t.Error("a register that is not there reads numbers")
	}
	for _, c := range [][2]string{{" 123 4567", "1234567"}, {"123456", ""}, {"12345678", ""}, {"123456x", ""}} {
		typed, want := c[0], c[1]
		got, err := care.ParsePrescriberCode(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("the prescriber code %q is %q, %v", typed, got, err)
		}
	}
}
