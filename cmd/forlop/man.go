package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// manCommand prints the manual page. It is made of the same table as the help.
type manCommand struct{}

// Run prints the page as roff, for man(1).
func (*manCommand) Run(p *program, k *kong.Kong) error { return p.printf("%s", manual(k.Model)) }

// manual writes the page in the order of man-pages(7).
func manual(app *kong.Application) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(`.TH FORLOP 1 "" %s "Forløp"`, quoted(version()))
	line(".SH NAME\nforlop \\- run coordinated care pathways")
	line(".SH SYNOPSIS\n.B forlop\n.I command\n[flags]")
	line(".SH DESCRIPTION\n%s", roff(app.Help))
	line("Data goes to standard output and messages to standard error. A flag wins over the environment, and that over the file of settings.")
	line(".SH COMMANDS")
	for _, n := range app.Leaves(true) {
		line(".SS %s\n%s", quoted(strings.TrimPrefix(n.Summary(), "forlop ")), roff(n.Help))
		for _, a := range n.Positional {
			line(".TP\n.I %s\n%s", roff(a.Summary()), roff(a.Help))
		}
		for _, f := range flagsOf(n) {
			if inherited(app, f) {
				continue
			}
			line(".TP\n.B %s\n%s", roff(f.String()), roff(f.Help))
		}
	}
	line(".SH OPTIONS\nEvery command has these.")
	for _, f := range app.Flags {
		line(".TP\n.B %s\n%s", roff(f.String()), roff(f.Help))
	}
	line(".SH EXIT STATUS")
	for _, e := range exits {
		line(".TP\n.B %d\n%s", e.code, roff(e.means))
	}
	line(".SH ENVIRONMENT\nEach setting has a variable, and a line of the same name in the file that\n.B FORLOP_CONFIG\nnames.")
	seen := map[string]bool{}
	eachSetting(app.Node, func(f *kong.Flag) {
		if !seen[f.Envs[0]] {
			seen[f.Envs[0]] = true
			line(".TP\n.B %s\n%s", roff(f.Envs[0]), roff(f.Help))
		}
	})
	return b.String()
}

// exits say what each exit code means.
var exits = []struct {
	code  int
	means string
}{
	{exitOK, "It is done."},
	{exitFailed, "It failed, and the message says why."},
	{exitUsage, "The command line or the settings were not understood."},
	{exitFindings, "Something was found that somebody must look at."},
	{exitNotReady, "Not ready: something must be set up first."},
}

// flagsOf are the flags a command takes, those of its parents included.
func flagsOf(n *kong.Node) []*kong.Flag { return slices.Concat(n.AllFlags(true)...) }

// inherited reports whether every command has the flag.
func inherited(app *kong.Application, f *kong.Flag) bool { return slices.Contains(app.Flags, f) }

// roff escapes a line of text: a backslash, a hyphen that is to stay one, and what
// would be read as a request at the start of a line.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`).Replace(strings.Join(strings.Fields(text), " "))
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}

// quoted is one argument of a request.
func quoted(text string) string { return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"` }
