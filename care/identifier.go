package care

import (
	"errors"
	"fmt"
	"strings"
)

// NumberKind is which national register, or which local habit, a person's
// number comes from.
type NumberKind string

// The kinds of number. The first four are Norwegian, the last two Swedish.
const (
	BirthNumber NumberKind = "fodselsnummer"
	DNumber     NumberKind = "d-number"
	// HNumber is a help number that one organisation made for itself. It says
	// nothing outside that organisation.
	HNumber            NumberKind = "h-number"
	FHNumber           NumberKind = "fh-number"
	Personnummer       NumberKind = "personnummer"
	CoordinationNumber NumberKind = "samordningsnummer"
)

// NationalNumber is a number that names one person to the authorities. Two are
// equal when they are the same number, however they were typed.
//
// It does not give a birth date or a sex: those are facts of their own, and
// Norwegian numbers given out from 2032 no longer tell them. It prints itself
// masked, whatever the verb; Digits is the only way to the number.
type NationalNumber struct {
	Kind NumberKind
	// Synthetic says that the number can belong to nobody.
	Synthetic bool
	digits    string
}

// ParseNationalNumber reads a number as a person types it, in the country r, on
// the date on. Spaces do not count. Norwegian numbers have 11 digits. Swedish
// ones have 12, or 10 with the sign between date and number: - until the year
// in which the person turns 100, + from then on; without a sign it is read as -.
//
// The date decides which rules are in force (see norwegian.go) and, for a
// number of 10 digits, the century.
//
// It refuses with number-form (not as many digits as that, or other signs),
// number-date (the digits for the date are no date), number-control-digit (a
// digit is wrong) and number-not-yet (a Swedish birth month after on). No
// message repeats what was typed.
func ParseNationalNumber(r Regime, s string, on Date) (NationalNumber, error) {
	switch r {
	case Norway:
		return parseNorwegian(s, on)
	case Sweden:
		return parseSwedish(s, on)
	}
	return NationalNumber{}, fmt.Errorf("there are no national numbers for the regime %s", clip(string(r)))
}

// Digits is the whole number: 11 digits in Norway, 12 in Sweden. It is for the
// vault, the keyed hash and the page of someone who may see it, never for a
// log.
func (n NationalNumber) Digits() string { return n.digits }

// IsZero reports whether n is no number.
func (n NationalNumber) IsZero() bool { return n == NationalNumber{} }

// String is the kind and the last two digits, such as "d-number *********99".
func (n NationalNumber) String() string {
	if n.IsZero() {
		return ""
	}
	const shown = 2
	hidden := len(n.digits) - shown
	return string(n.Kind) + " " + strings.Repeat("*", hidden) + n.digits[hidden:]
}

// Format writes String for every verb, so that %#v in a log does not undo the
// mask.
func (n NationalNumber) Format(f fmt.State, _ rune) { fmt.Fprint(f, n.String()) }

// MarshalJSON refuses: a number inside some JSON is either a leak or, masked, a
// loss. Write Digits where the number is meant.
func (NationalNumber) MarshalJSON() ([]byte, error) {
	return nil, errors.New("a national number is never written as part of something else: write Digits() where it is meant")
}

// tidy takes out the spaces people put between groups of digits and makes every
// dash a hyphen. It gives "" for what is too long to be any identifier here.
func tidy(s string) string {
	const most = 64
	if len(s) > most {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\u00a0', '\u202f':
			return -1
		case '\u2010', '\u2011', '\u2013', '\u2212':
			return '-'
		}
		return r
	}, s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// number is the value of a string of few digits.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}

// weighted is the sum of the digits times their weights, as far as the weights
// go.
func weighted(digits string, weights []int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(digits[i]-'0')
	}
	return sum
}

// luhn reports whether the last digit is the control digit of the others (ISO/IEC
// 7812-1 annex B).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			d = d/10 + d%10
		}
		sum += d
	}
	return sum%10 == 0
}

func refuseDigit() error {
	return Refuse("number-control-digit", "a digit is wrong in this number: the control digits do not fit the others")
}

func refuseDate() error {
	return Refuse("number-date", "a digit is wrong in this number: it does not begin with a date that exists")
}
