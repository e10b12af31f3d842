package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"forlop/pathway/library"
)

// completionCommand prints what a shell completes the command line from. It is made
// of the same table as the help.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish. For example: forlop completion bash > /etc/bash_completion.d/forlop"`
}

// Run prints the script.
func (c *completionCommand) Run(p *program, k *kong.Kong) error {
	places := completions(k.Model)
	switch c.Shell {
	case "zsh":
		return p.printf("%s", zshScript(places))
	case "fish":
		return p.printf("%s", fishScript(places))
	default:
		return p.printf("%s", bashScript(places))
	}
}

// A position is where on a command line somebody is: behind a command, and what can
// come there.
type position struct {
	at    string // the words so far, such as "forlop pathway lint"
	words []word // commands, or values of the first argument
	flags []word
}

// A word can be written. Values are what a flag takes, where there is a list;
// taking says that it takes something.
type word struct {
	name, help string
	taking     bool
	values     []string
}

// completions lists the places of every command, parents first.
func completions(app *kong.Application) []position {
	var all []position
	var walk func(n *kong.Node, at string)
	walk = func(n *kong.Node, at string) {
		here := position{at: at}
		for _, child := range n.Children {
			if !child.Hidden {
				here.words = append(here.words, word{name: child.Name, help: child.Help})
			}
		}
		for _, a := range n.Positional {
			listed := values(a)
			if a.Help == folderHelp {
				listed = library.All()
			}
			for _, v := range listed {
				here.words = append(here.words, word{name: v})
			}
		}
		for _, f := range flagsOf(n) {
			here.flags = append(here.flags, word{name: "--" + f.Name, help: f.Help, taking: !f.IsBool(), values: values(f.Value)})
		}
		all = append(all, here)
		for _, child := range n.Children {
			if !child.Hidden {
				walk(child, at+" "+child.Name)
			}
		}
	}
	walk(app.Node, "forlop")
	return all
}

// values are what a flag or an argument can be, where there is a list.
func values(v *kong.Value) []string {
	if v.Enum == "" {
		return nil
	}
	return v.EnumSlice()
}

// names are the words' names in one line.
func names(words []word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.name
	}
	return strings.Join(all, " ")
}

// behind are the places that a word leads to, as alternatives of a shell's case.
func behind(places []position) string {
	all := make([]string, 0, len(places))
	for _, p := range places[1:] {
		all = append(all, `"`+p.at+`"`)
	}
	return strings.Join(all, "|")
}

func bashScript(places []position) string {
	var b strings.Builder
	b.WriteString(`# Completion of forlop for bash.
_forlop() {
  local at=forlop word i commands= flags= values=
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "$at $word" in
    ` + behind(places) + `) at="$at $word" ;;
    esac
  done
  case "$at" in
`)
	for _, p := range places {
		fmt.Fprintf(&b, "  %q) commands=%q flags=%q ;;\n", p.at, names(p.words), names(p.flags))
	}
	b.WriteString("  esac\n  case \"$at $prev\" in\n")
	for _, p := range places {
		for _, f := range p.flags {
			if len(f.values) > 0 {
				fmt.Fprintf(&b, "  %q) values=%q ;;\n", p.at+" "+f.name, strings.Join(f.values, " "))
			} else if f.taking {
				fmt.Fprintf(&b, "  %q) COMPREPLY=(); return ;;\n", p.at+" "+f.name) // a file, or what nobody can know
			}
		}
	}
	b.WriteString(`  esac
  if [[ -n $values ]]; then
    commands=$values
  elif [[ $cur == -* ]]; then
    commands=$flags
  fi
  COMPREPLY=($(compgen -W "$commands" -- "$cur"))
}
complete -o default -F _forlop forlop
`)
	return b.String()
}

func zshScript(places []position) string {
	var b strings.Builder
	b.WriteString(`#compdef forlop
# Completion of forlop for zsh.
_forlop() {
  local at=forlop word
  local -a commands flags
  for word in "${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
    ` + behind(places) + `) at="$at $word" ;;
    esac
  done
  case "$at ${words[CURRENT-1]}" in
`)
	for _, p := range places {
		for _, f := range p.flags {
			if len(f.values) > 0 {
				fmt.Fprintf(&b, "  %q) compadd -- %s; return ;;\n", p.at+" "+f.name, strings.Join(f.values, " "))
			} else if f.taking {
				fmt.Fprintf(&b, "  %q) _files; return ;;\n", p.at+" "+f.name)
			}
		}
	}
	b.WriteString("  esac\n  case \"$at\" in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "  %q) commands=(%s) flags=(%s) ;;\n", p.at, described(p.words), described(p.flags))
	}
	b.WriteString(`  esac
  if [[ ${words[CURRENT]} == -* ]]; then
    _describe -o flag flags
  else
    (( ${#commands} )) && _describe command commands || _files
  fi
}
if [[ ${funcstack[1]} == _forlop ]]; then _forlop "$@"; else compdef _forlop forlop; fi
`)
	return b.String()
}

// described are words with what they do, as zsh's _describe reads them.
func described(words []word) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = single(w.name + ":" + w.help)
	}
	return strings.Join(all, " ")
}

func fishScript(places []position) string {
	var b strings.Builder
	var known []string
	for _, p := range places[1:] {
		known = append(known, single(p.at))
	}
	b.WriteString(`# Completion of forlop for fish.
function __forlop_at
  set -l at forlop
  for word in (commandline -opc)[2..-1]
    if contains -- "$at $word" ` + strings.Join(known, " ") + `
      set at "$at $word"
    end
  end
  test "$at" = "$argv"
end
`)
	for _, p := range places {
		here := single("__forlop_at " + p.at)
		for _, w := range p.words {
			fmt.Fprintf(&b, "complete -c forlop -n %s -a %s -d %s\n", here, w.name, single(w.help))
		}
		for _, f := range p.flags {
			takes := ""
			if f.taking {
				takes = " -r"
			}
			if len(f.values) > 0 {
				takes = " -x -a " + single(strings.Join(f.values, " "))
			}
			fmt.Fprintf(&b, "complete -c forlop -n %s -l %s%s -d %s\n", here, strings.TrimPrefix(f.name, "--"), takes, single(f.help))
		}
	}
	return b.String()
}

// single quotes a text so that a shell reads it as it stands; fish reads a
// backslash inside, so that none is let through.
func single(text string) string {
	text = strings.NewReplacer("\\", "", "'", "’").Replace(text)
	return "'" + text + "'"
}
