package care

import (
	"fmt"
	"strings"
)

// Register is a register outside this program that numbers units or
// professionals.
type Register string

// The registers. HPR numbers professionals, HSA both; the others number units.
const (
	// OrganisationNO is the Norwegian register of organisations
	// (Brønnøysundregistrene); OrganisationSE the Swedish one (Bolagsverket and
	// others).
	OrganisationNO Register = "organisation-no"
	OrganisationSE Register = "organisation-se"
	// HER is the Norwegian address register, RESH the register of units in the
	// Norwegian specialist health service.
	HER  Register = "her"
	RESH Register = "resh"
	// HPR is the Norwegian register of health personnel.
	HPR Register = "hpr"
	// HSA is the Swedish catalogue of units and staff.
	HSA Register = "hsa"
)

// registers holds what is known of each: the FHIR R4 identifier system, how a
// number is read, and whether it names a person.
//
// The Norwegian systems are those of HL7 Norway's no-basis profiles
// (basisprofiler-r4), the Swedish ones those of HL7 Sweden's base profiles
// (basprofiler-r4 1.1.0).
var registers = map[Register]struct {
	system string
	parse  func(string) (string, error)
}{
	OrganisationNO: {"urn:oid:2.16.578.1.12.4.1.4.101", parseNorwegianOrganisation},
	OrganisationSE: {"urn:oid:2.5.4.97", parseSwedishOrganisation},
	HER:            {"urn:oid:2.16.578.1.12.4.1.2", ParseHERID},
	RESH:           {"urn:oid:2.16.578.1.12.4.1.4.102", ParseRESH},
	HPR:            {"urn:oid:2.16.578.1.12.4.1.4.4", ParseHPRNumber},
	HSA:            {"urn:oid:1.2.752.29.4.19", ParseHSAID},
}

// System is the FHIR R4 identifier system of the register; "" for an unknown
// register.
func (r Register) System() string { return registers[r].system }

// OrganisationOf is the register of organisations of a country.
func OrganisationOf(r Regime) Register {
	if r == Sweden {
		return OrganisationSE
	}
	return OrganisationNO
}

// Parse reads a number of the register and gives its canonical form. It refuses
// as the register's own parser does.
func (r Register) Parse(s string) (string, error) {
	known, ok := registers[r]
	if !ok {
		return "", fmt.Errorf("there is no register called %s", clip(string(r)))
	}
	return known.parse(s)
}

// Masked is a number as it may stand where it is not needed. HPR numbers and
// HSA-ids name a professional: all but the last two signs are hidden. The others
// name units and are public.
func (r Register) Masked(number string) string {
	const shown = 2
	if r != HPR && r != HSA || number == "" {
		return number
	}
	hidden := max(len(number)-shown, 0)
	return strings.Repeat("*", hidden) + number[hidden:]
}

// System is the FHIR R4 identifier system under which a national number of this
// kind is written (HL7 Norway basisprofiler-r4; HL7 Sweden basprofiler-r4 1.1.0).
// An H-number has none: it says nothing outside the organisation that made it.
func (k NumberKind) System() string {
	return map[NumberKind]string{
		BirthNumber:        "urn:oid:2.16.578.1.12.4.1.4.1",
		DNumber:            "urn:oid:2.16.578.1.12.4.1.4.2",
		FHNumber:           "urn:oid:2.16.578.1.12.4.1.4.3",
		Personnummer:       "http://electronichealth.se/identifier/personnummer",
		CoordinationNumber: "http://electronichealth.se/identifier/samordningsnummer",
	}[k]
}

// ParseRESH checks an id in the Norwegian register of units in the specialist
// health service: digits only. No published length or control digit was found;
// 10 digits are assumed to be enough. It gives the digits without leading zeros
// and refuses with resh-form.
func ParseRESH(s string) (string, error) {
	if d := register(s, 10); d != "" {
		return d, nil
	}
	return "", Refuse("resh-form", "a RESH-id has digits and nothing else")
}

// ParsePrescriberCode checks a Swedish prescriber code (förskrivarkod,
// urn:oid:1.2.752.116.3.1.2 in HL7 Sweden's base profiles): 7 digits, without a
// published control digit (general knowledge, not confirmed). It refuses with
// prescriber-code-form.
func ParsePrescriberCode(s string) (string, error) {
	if d := tidy(s); len(d) == 7 && allDigits(d) {
		return d, nil
	}
	return "", Refuse("prescriber-code-form", "a prescriber code has {digits} digits", "digits", "7")
}
