package care

import (
	"fmt"
	"time"
)

// The weights of the two control digits of a fødselsnummer (ehelse.no,
// Identifikatorer for personer; Skatteetaten, Nytt fødselsnummer fra 2032). The
// control digit itself has weight 1, so a right number leaves no remainder
// modulo 11.
var (
	weightsK1 = []int{3, 7, 6, 1, 8, 9, 4, 5, 2, 1}
	weightsK2 = []int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}
)

// k1Rules says what remainder the first control digit may leave, by the date
// from which numbers are given out so. Old numbers stay as they are, so each
// rule allows what those before it allowed. The second digit keeps its rule.
//
// Source: Skatteetaten, Nytt fødselsnummer fra 2032, for fødselsnummer and
// D-number. Help numbers are not the tax administration's; that they keep the
// old rule is assumed.
var k1Rules = []struct {
	from    Date
	highest int
}{
	{Date{}, 0},
	{Date{Year: 2032, Month: time.January, Day: 1}, 3},
}

// highestK1 is the highest remainder that the first control digit may leave in
// a number that is in use on a date.
func highestK1(kind NumberKind, synthetic bool, on Date) int {
	highest := k1Rules[0].highest
	for _, rule := range k1Rules {
		// Synthetic numbers of the coming kind are there to be tested with.
		inForce := synthetic || !on.Before(rule.from)
		if inForce && (kind == BirthNumber || kind == DNumber) {
			highest = rule.highest
		}
	}
	return highest
}

// parseNorwegian reads 11 digits. What is added to the date tells the kind:
//
//   - first digit + 4: D-number (Brønnøysundregistrene, D-nummer)
//   - first digit 8 or 9: FH-number, the rest random (nhn.no)
//   - month + 40: H-number (fnrinfo.no). NAV makes synthetic numbers the same
//     way, and nothing in the digits tells the two apart; with a D-number it is
//     NAV's (navikt/fnrvalidator issue 116), for there are no D-numbers among
//     the H-numbers.
//   - month + 80: synthetic, from the tax administration's Tenor
//   - month + 65: synthetic, from Norsk Helsenett (general knowledge, not
//     confirmed)
//
// The individual digits are not compared with the year: the tax administration's
// own control does not do it either, and from 2032 they tell no century. So 29
// February is a date in every year that 4 divides.
func parseNorwegian(s string, on Date) (NationalNumber, error) {
	d := tidy(s)
	if len(d) != 11 || !allDigits(d) {
		return NationalNumber{}, Refuse("number-form", "write all 11 digits of the number", "digits", "11")
	}
	n := NationalNumber{Kind: BirthNumber, digits: d}
	if d[0] >= '8' {
		n.Kind = FHNumber
	} else {
		day, month, year := number(d[:2]), number(d[2:4]), number(d[4:6])
		if day > 40 {
			n.Kind, day = DNumber, day-40
		}
		switch {
		case month > 80:
			n.Synthetic, month = true, month-80
		case month > 65:
			n.Synthetic, month = true, month-65
		case month > 40 && n.Kind == DNumber:
			n.Synthetic, month = true, month-40
		case month > 40:
			n.Kind, month = HNumber, month-40
		}
		if !isDate(2000+year, month, day) {
			return NationalNumber{}, refuseDate()
		}
	}
	if weighted(d, weightsK1)%11 > highestK1(n.Kind, n.Synthetic, on) || weighted(d, weightsK2)%11 != 0 {
		return NationalNumber{}, refuseDigit()
	}
	return n, nil
}

func isDate(year, month, day int) bool {
	d := Date{Year: year, Month: time.Month(month), Day: day}
	return d == d.AddDays(0)
}

// SyntheticNorwegian makes a valid fødselsnummer that can belong to nobody: the
// month is 80 higher, as in the tax administration's test register. The same
// birth date and serial always give the same number; an odd serial gives the
// ninth digit that was a man's until 2032.
//
// It gives false where there is no such number: the serial has no valid control
// digit (about one in six), is outside the series of that year, or the date is
// not one or lies outside 1854–2039.
func SyntheticNorwegian(birth Date, serial int) (NationalNumber, bool) {
	first, last, ok := norwegianSeries(birth.Year)
	if !ok || birth != birth.AddDays(0) || serial < 0 || serial > last-first {
		return NationalNumber{}, false
	}
	nine := fmt.Sprintf("%02d%02d%02d%03d", birth.Day, int(birth.Month)+80, birth.Year%100, first+serial)
	k1 := (11 - weighted(nine, weightsK1[:9])%11) % 11
	ten := nine + fmt.Sprint(k1)
	k2 := (11 - weighted(ten, weightsK2[:10])%11) % 11
	if k1 == 10 || k2 == 10 {
		return NationalNumber{}, false
	}
	return NationalNumber{Kind: BirthNumber, Synthetic: true, digits: ten + fmt.Sprint(k2)}, true
}

// norwegianSeries is the series of individual digits for a year of birth
// (ehelse.no, Identifikatorer for personer). The second series of 1940–1999 is
// not used here.
func norwegianSeries(year int) (first, last int, ok bool) {
	switch {
	case year >= 1854 && year <= 1899:
		return 500, 749, true
	case year >= 1900 && year <= 1999:
		return 0, 499, true
	case year >= 2000 && year <= 2039:
		return 500, 999, true
	}
	return 0, 0, false
}

// parseNorwegianOrganisation checks 9 digits: the first 8 or 9, the last a
// control digit modulo 11 (general knowledge; agrees with 974760673, the
// Brønnøysund register's own number).
func parseNorwegianOrganisation(s string) (string, error) {
	d := tidy(s)
	if len(d) != 9 || !allDigits(d) || d[0] < '8' {
		return "", Refuse("organisation-number-form", "write the organisation number with {digits} digits", "digits", "9")
	}
	if weighted(d, []int{3, 2, 7, 6, 5, 4, 3, 2, 1})%11 != 0 {
		return "", refuseOrganisationDigit()
	}
	return d, nil
}

// ParseHPRNumber checks a number in the Norwegian register of health personnel:
// 1 to 9 digits without a control digit (the length is general knowledge). It
// gives the digits without leading zeros and refuses with hpr-number-form.
func ParseHPRNumber(s string) (string, error) {
	if d := register(s, 9); d != "" {
		return d, nil
	}
	return "", Refuse("hpr-number-form", "an HPR number has at most 9 digits and nothing else")
}

// ParseHERID checks an id in the Norwegian address register: digits only. No
// published length was found; 10 digits are assumed to be enough. It gives the
// digits without leading zeros and refuses with her-id-form.
func ParseHERID(s string) (string, error) {
	if d := register(s, 10); d != "" {
		return d, nil
	}
	return "", Refuse("her-id-form", "a HER-id has digits and nothing else")
}

// register reads a running number of at most so many digits, or gives "".
func register(s string, most int) string {
	d := tidy(s)
	if len(d) > most || !allDigits(d) {
		return ""
	}
	for len(d) > 0 && d[0] == '0' {
		d = d[1:]
	}
	return d
}
