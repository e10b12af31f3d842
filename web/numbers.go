package web

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"forlop/care"

	"go.yaml.in/yaml/v4"
)

//go:embed numbers/*.yaml
var numberFiles embed.FS

// The two needs that no page leaves without a number.
const (
	inDanger   = "danger"      // a life is in danger
	afterClose = "after-hours" // it cannot wait, and nobody answers here
)

// countryNumbers are the numbers of one country, each with where it was read.
type countryNumbers struct {
	Country care.Regime `yaml:"country"`
	Numbers []struct {
		For    string `yaml:"for"`
		Number string `yaml:"number"`
		Source struct {
			Publisher string `yaml:"publisher"`
			Title     string `yaml:"title"`
			URL       string `yaml:"url"`
			Read      string `yaml:"read"`
		} `yaml:"source"`
	} `yaml:"numbers"`
}

// numbersOf reads the embedded numbers of a country, once.
var numbersOf = sync.OnceValues(func() (map[care.Regime]countryNumbers, error) {
	all := map[care.Regime]countryNumbers{}
	for _, r := range []care.Regime{care.Norway, care.Sweden} {
		source, err := numberFiles.ReadFile("numbers/" + strings.ToLower(string(r)) + ".yaml")
		if err != nil {
			return nil, err
		}
		var of countryNumbers
		if err := yaml.Unmarshal(source, &of); err != nil {
			return nil, fmt.Errorf("numbers of %s: %w", r, err)
		}
		all[r] = of
	}
	return all, nil
})

// An urgent call is whom to phone when nobody answers here: a line that ends in
// the number.
type urgentCall struct{ text, number string }

func (u urgentCall) String() string { return u.text + " " + u.number + "." }

// afterHours says whom to phone in the country when it cannot wait and nobody
// answers here, and when a life is in danger. What each number is for, and where
// and when it was read, stands in numbers/.
func afterHours(p page, r care.Regime) []urgentCall {
	all, err := numbersOf()
	if err != nil {
		return nil // a test reads the embedded files
	}
	var calls []urgentCall
	for _, need := range []string{afterClose, inDanger} {
		for _, n := range all[r].Numbers {
			if n.For == need {
				calls = append(calls, urgentCall{p.T("urgent." + need + "-" + strings.ToLower(string(r))), n.Number})
			}
		}
	}
	return calls
}
