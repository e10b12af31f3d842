package main

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// check is one thing that was looked at or measured. Keys may be added, never
// changed.
type check struct {
	Name   string  `json:"name"`
	OK     bool    `json:"ok"`
	Figure float64 `json:"figure"`
	Unit   string  `json:"unit"`
	// Anchor is the same figure of bare SQL in the same run, where there is one.
	Anchor float64 `json:"anchor"`
	Detail string  `json:"detail"`
	// Goal is the ratio to the anchor that is good enough, where there is one.
	Goal string `json:"goal,omitempty"`
}

// checks prints what was looked at; code is the exit where something is not ok.
func (p *program) checks(all []check, asJSON bool, code int) error {
	bad := 0
	for _, c := range all {
		if !c.OK {
			bad++
		}
	}
	if asJSON {
		if err := json.NewEncoder(p.stdout).Encode(map[string][]check{"checks": all}); err != nil {
			return err
		}
	} else {
		for _, c := range all {
			word := "ok"
			if !c.OK {
				word = "NOT OK"
			}
			if err := p.printf("%-7s %-28s %s\n", word, c.Name, strings.TrimSpace(c.figures()+" "+c.Detail)); err != nil {
				return err
			}
		}
	}
	if bad > 0 {
		return &exit{code: code}
	}
	return nil
}

// figures writes the figure with its unit and, where there is one, its anchor.
func (c check) figures() string {
	if c.Unit == "" {
		return ""
	}
	text := number(c.Figure) + " " + c.Unit
	if c.Anchor != 0 {
		text += " (bare SQL " + number(c.Anchor) + ")"
	}
	return text
}

// number writes a figure with as many digits as mean something.
func number(f float64) string {
	switch {
	case f == math.Trunc(f) || f >= 100:
		return strconv.FormatFloat(f, 'f', 0, 64)
	case f >= 10:
		return strconv.FormatFloat(f, 'f', 1, 64)
	default:
		return strconv.FormatFloat(f, 'g', 3, 64)
	}
}
