package care

import (
	"fmt"
	"strings"
)

// swedishTestNumbers belong to nobody: they are the examples of HL7 Sweden's
// base profiles (basprofiler-r4 1.1.0). The tax agency publishes a list of test
// numbers, but no range of digits that tells them, so no others can be known
// and none can be made up.
var swedishTestNumbers = map[string]bool{"195009072553": true, "196101182803": true}

// parseSwedish reads a personnummer or a samordningsnummer (Skatteverket, SKV
// 704 and 707): date, three digits from 001, control digit by Luhn over the
// last ten. A samordningsnummer has 60 added to the day; where the date of birth
// is not known its month may be 00 and its day 60 (Skatteverket, as reported in
// ActiveLogin.Identity issue 126).
func parseSwedish(s string, on Date) (NationalNumber, error) {
	d, ok := twelveDigits(tidy(s), on)
	if !ok {
		return NationalNumber{}, Refuse("number-form", "write the number with 12 digits, or with 10 and a - or + before the last four", "digits", "12")
	}
	n := NationalNumber{Kind: Personnummer, digits: d, Synthetic: swedishTestNumbers[d]}
	year, month, day := number(d[:4]), number(d[4:6]), number(d[6:8])
	if day >= 60 {
		n.Kind, day = CoordinationNumber, day-60
	}
	if n.Kind == CoordinationNumber {
		month, day = max(month, 1), max(day, 1)
	}
	if year < 1800 || !isDate(year, month, day) {
		return NationalNumber{}, refuseDate()
	}
	if !luhn(d[2:]) || d[8:11] == "000" {
		return NationalNumber{}, refuseDigit()
	}
	// The day may lie ahead: when the numbers of a day are used up, a newborn
	// gets one of a day near it in the same month.
	if year > on.Year || year == on.Year && month > int(on.Month) {
		return NationalNumber{}, Refuse("number-not-yet", "the number begins with a date that has not come")
	}
	return n, nil
}

// twelveDigits gives the number its century and takes out the sign.
func twelveDigits(s string, on Date) (string, bool) {
	sign := byte('-')
	if i := len(s) - 5; i >= 0 && (s[i] == '-' || s[i] == '+') {
		sign = s[i]
		s = s[:i] + s[i+1:]
	}
	if !allDigits(s) {
		return "", false
	}
	switch len(s) {
	case 12:
		return s, true
	case 10:
		// The years since birth are 0 to 99 with -, 100 to 199 with +.
		age := ((on.Year-number(s[:2]))%100 + 100) % 100
		if sign == '+' {
			age += 100
		}
		return fmt.Sprintf("%02d", (on.Year-age)/100) + s, true
	}
	return "", false
}

// ParseOrganisationNumber checks the organisation number of a country and gives
// its digits: 9 in Norway, 10 in Sweden. It refuses with
// organisation-number-form and organisation-number-control-digit.
func ParseOrganisationNumber(r Regime, s string) (string, error) {
	switch r {
	case Norway:
		return parseNorwegianOrganisation(s)
	case Sweden:
		return parseSwedishOrganisation(s)
	}
	return "", fmt.Errorf("there are no organisation numbers for the regime %s", clip(string(r)))
}

// parseSwedishOrganisation checks 10 digits, with or without a hyphen before
// the last four. The third digit is 2 or more, which keeps a personnummer from
// being taken for one (general knowledge); the last is a control digit by Luhn.
func parseSwedishOrganisation(s string) (string, error) {
	d := tidy(s)
	if len(d) == 11 && d[6] == '-' {
		d = d[:6] + d[7:]
	}
	if len(d) != 10 || !allDigits(d) || d[2] < '2' {
		return "", Refuse("organisation-number-form", "write the organisation number with {digits} digits", "digits", "10")
	}
	if !luhn(d) {
		return "", refuseOrganisationDigit()
	}
	return d, nil
}

func refuseOrganisationDigit() error {
	return Refuse("organisation-number-control-digit", "a digit is wrong in this organisation number: the control digit does not fit the others")
}

// ParseHSAID checks an id in the Swedish catalogue HSA: SE, the owner's
// organisation number of 10 digits, a hyphen and at least one of A–Z, a–z and
// 0–9; at most 31 characters (openEHR Sweden, HSA-identitet och
// Organisationsnummer). It refuses with hsa-id-form.
func ParseHSAID(s string) (string, error) {
	refused := Refuse("hsa-id-form", "an HSA-id is SE, ten digits, a hyphen and then letters A to Z or digits, at most 31 characters")
	s = tidy(s)
	owner, rest, _ := strings.Cut(strings.TrimPrefix(s, "SE"), "-")
	if !strings.HasPrefix(s, "SE") || len(s) > 31 || rest == "" {
		return "", refused
	}
	if _, err := parseSwedishOrganisation(owner); err != nil {
		return "", refused
	}
	for _, c := range rest {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return "", refused
		}
	}
	return s, nil
}
