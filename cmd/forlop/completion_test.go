package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Bash completes every command and flag that there is, in a shell of its own.
func TestCompletionInBash(t *testing.T) {
	t.Parallel()
	script := try(t, "completion", "bash")
	if script.code != exitOK || script.stderr != "" {
		t.Fatalf("exit %d %s", script.code, script.stderr)
	}
	var lines []string
	var want [][]string
	ask := func(expected []string, words ...string) {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "'" + w + "'"
		}
		lines = append(lines, "at "+strings.Join(quoted, " "))
		want = append(want, expected)
	}
	var walk func(n *kong.Node, words []string)
	walk = func(n *kong.Node, words []string) {
		var below, flags []string
		for _, c := range n.Children {
			below = append(below, c.Name)
			walk(c, append(slices.Clone(words), c.Name))
		}
		for _, f := range flagsOf(n) {
			flags = append(flags, "--"+f.Name)
		}
		if len(below) > 0 {
			ask(below, append(slices.Clone(words), "")...)
		}
		ask(flags, append(slices.Clone(words), "--")...)
	}
	walk(model(t).Node, []string{"forlop"})
	if len(want) < 60 {
		t.Fatalf("only %d places were looked at", len(want))
	}
	ask([]string{"lint"}, "forlop", "pathway", "lin")
	ask([]string{"no.pain"}, "forlop", "pathway", "lint", "--json", "no.p")
	ask([]string{"nb", "nn", "sv", "en"}, "forlop", "pathway", "show", "no.pain", "--language", "")
	ask([]string{"sv"}, "forlop", "pathway", "show", "--language", "=", "s")
	ask([]string{"bash", "zsh", "fish"}, "forlop", "completion", "")
	ask(nil, "forlop", "serve", "--database", "")
	cmd := exec.CommandContext(t.Context(), "bash", "--norc", "-c", script.stdout+`
at() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _forlop; echo "${COMPREPLY[*]}"; }
complete -p forlop
`+strings.Join(lines, "\n"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(want)+1 || answers[0] != "complete -o default -F _forlop forlop" {
		t.Fatalf("%d answers to %d questions: %.300s", len(answers), len(want), out)
	}
	for i, w := range want {
		if got := strings.Fields(answers[i+1]); !same(got, w) {
			t.Errorf("%s: %v, want %v", lines[i], got, w)
		}
	}
}

func same(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// The other shells, and the manual page, know every command and every flag, in
// the order of the help.
func TestManualAndOtherShells(t *testing.T) {
	t.Parallel()
	page := try(t, "man")
	zsh, fish := try(t, "completion", "zsh"), try(t, "completion", "fish")
	for _, r := range []result{page, zsh, fish} {
		if r.code != exitOK || r.stderr != "" {
			t.Fatalf("exit %d %s", r.code, r.stderr)
		}
	}
	app, commands, flags := model(t), 0, 0
	for _, n := range app.Leaves(true) {
		commands++
		_, section, found := strings.Cut(page.stdout, "\n.SS "+quoted(strings.TrimPrefix(n.Summary(), "forlop "))+"\n"+roff(n.Help)+"\n")
		if !found {
			t.Errorf("the manual does not have %s", n.Path())
		}
		section, _, _ = strings.Cut(section, "\n.S")
		here := strings.TrimSuffix(n.FullPath(), " ")
		for _, f := range flagsOf(n) {
			flags++
			if !inherited(app, f) && !strings.Contains("\n"+section, "\n.TP\n.B "+roff(f.String())+"\n"+roff(f.Help)) {
				t.Errorf("the manual does not have --%s of %s", f.Name, n.Path())
			}
			if !strings.Contains(fish.stdout, "'__forlop_at "+here+"' -l "+f.Name+" ") {
				t.Errorf("fish does not have --%s of %s", f.Name, here)
			}
		}
		_, line, _ := strings.Cut(zsh.stdout, "\n  \""+here+"\") commands=(")
		line, _, _ = strings.Cut(line, "\n")
		for _, f := range flagsOf(n) {
			if !strings.Contains(line, "'--"+f.Name+":") {
				t.Errorf("zsh does not have --%s of %s: %s", f.Name, here, line)
			}
		}
	}
	if commands < 50 || flags < 200 {
		t.Errorf("only %d commands and %d flags were looked at", commands, flags)
	}
	for _, want := range []string{".SH NAME\nforlop \\- ", ".SH EXIT STATUS\n.TP\n.B 0\n", "\n.B FORLOP_DATABASE\n"} {
		if !strings.Contains(page.stdout, want) {
			t.Errorf("the manual lacks %q", want)
		}
	}
	for line := range strings.Lines(page.stdout) {
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !strings.HasPrefix(line, ".S") && !strings.HasPrefix(line, ".T") && !strings.HasPrefix(line, ".B ") && !strings.HasPrefix(line, ".I ") {
			t.Errorf("a text is read as a request: %s", line)
		}
	}
}

// model is the table of commands and flags.
func model(t *testing.T) *kong.Application {
	t.Helper()
	var cli commands
	k, err := kong.New(&cli, kong.Name("forlop"), kong.Vars{"folder": folderHelp}, kong.Resolvers(&settings{env: func(string) string { return "" }}))
	if err != nil {
		t.Fatal(err)
	}
	return k.Model
}
