package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // the zones of Norway and Sweden, where a machine or container has none

	"github.com/alecthomas/kong"
)

// The exit codes. Programs read them; they never change.
const (
	exitOK       = 0
	exitFailed   = 1
	exitUsage    = 2
	exitFindings = 3
	exitNotReady = 4
)

// commands are every command there is. Only what works stands here.
type commands struct {
	Settings string `name:"config" placeholder:"FILE" env:"FORLOP_CONFIG" help:"A file of settings (YAML). A flag wins over the environment, and that over the file."`

	Demo        demoCommand        `cmd:"" help:"A complete service on this machine, with synthetic people and login links."`
	Serve       serveCommand       `cmd:"" help:"Serve a database to the people who work and live with it."`
	Pathway     pathwayCommand     `cmd:"" help:"Check, read and explain pathway folders."`
	Form        formCommand        `cmd:"" help:"List, check and import questionnaires."`
	Journey     journeyCommand     `cmd:"" help:"Look at journeys. Every look is logged."`
	Import      importCommand      `cmd:"" help:"Bring in running journeys, and units and their people."`
	Log         logCommand         `cmd:"" help:"The log of who has looked: whom a breach is about, and what is old enough to go."`
	Export      exportCommand      `cmd:"" help:"Write units and people as tables."`
	Verify      verifyCommand      `cmd:"" help:"Read every event again and say what does not hold. Changes nothing."`
	Rebuild     rebuildCommand     `cmd:"" help:"Make every list anew from the events."`
	Migrate     migrateCommand     `cmd:"" help:"Move a database's schema forward to this program's."`
	Doctor      doctorCommand      `cmd:"" help:"Say whether a database can be served, and what is missing."`
	Backup      backupCommand      `cmd:"" help:"Copy a database while it is served, or try a copy out."`
	Restore     restoreCommand     `cmd:"" help:"Make a database from a backup, where there is none."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a service whether it is ready. Exit 0 or 4."`
	Bench       benchCommand       `cmd:"" help:"Measure this machine beside bare SQL. Leaves nothing behind."`
	Routes      routesCommand      `cmd:"" help:"List every address and whom it is for."`
	I18n        i18nCommand        `cmd:"" name:"i18n" help:"Check the texts of the pages in four languages."`
	Config      configCommand      `cmd:"" help:"Show the settings and where each comes from."`
	Token       tokenCommand       `cmd:"" help:"Make the site's key, or a login link."`
	Man         manCommand         `cmd:"" help:"Print the manual page. Read it with: forlop man | man -l -"`
	Completion  completionCommand  `cmd:"" help:"Print what a shell completes commands and flags from: bash, zsh or fish."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// program is what every command gets: where to write, and until when.
type program struct {
	ctx            context.Context
	stdout, stderr io.Writer
	env            func(string) string
	settings       *settings
}

// printf writes data to standard output.
func (p *program) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(p.stdout, format, args...)
	return err
}

// say writes a message to standard error. Nobody can be told when that fails.
func (p *program) say(format string, args ...any) {
	_, _ = fmt.Fprintf(p.stderr, format+"\n", args...)
}

// exit is an error that carries the exit code. A nil err has been said already.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &exit{exitUsage, fmt.Errorf(format, args...)} }

func notReady(err error) error { return &exit{exitNotReady, err} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}

// run carries out one command line and answers the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, env func(string) string) int {
	p := &program{ctx: ctx, stdout: stdout, stderr: stderr, env: env}
	if len(args) == 0 {
		if err := p.printf("%s", shortHelp); err != nil {
			return exitFailed
		}
		return exitOK
	}
	err := p.carryOut(args)
	var leave *exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &leave):
		if leave.err != nil {
			p.say("forlop: %s", leave.err)
		}
		return leave.code
	default:
		p.say("forlop: %s", err)
		return exitFailed
	}
}

// errHelped ends the parsing when help was asked for and given.
var errHelped = errors.New("help was given")

func (p *program) carryOut(args []string) (err error) {
	if p.settings, err = readSettings(args, p.env); err != nil {
		return &exit{exitUsage, err}
	}
	var cli commands
	parser, err := kong.New(&cli,
		kong.Name("forlop"),
		kong.Description("Forløp runs coordinated care pathways for people with long-term pain, fatigue and musculoskeletal conditions."),
		kong.Writers(p.stdout, p.stderr),
		// Kong ends the program after help. It is ended here instead, so that a
		// test can call run.
		kong.Exit(func(int) { panic(errHelped) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.Vars{"folder": folderHelp},
		kong.Resolvers(p.settings),
	)
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			if r != any(errHelped) {
				panic(r)
			}
			err = nil
		}
	}()
	parsed, err := parser.Parse(args)
	if err != nil {
		return &exit{exitUsage, fmt.Errorf("%w\nrun %s to see how it is used", err, helpOf(parser, args))}
	}
	return parsed.Run(p)
}

// helpOf names the help that belongs to a command line that was not understood.
func helpOf(k *kong.Kong, args []string) string {
	at, words := k.Model.Node, "forlop"
	for _, a := range args {
		i := slices.IndexFunc(at.Children, func(n *kong.Node) bool { return n.Name == a })
		if i < 0 {
			break
		}
		at, words = at.Children[i], words+" "+a
	}
	return words + " --help"
}

const shortHelp = `forlop runs coordinated care pathways.

  forlop demo                                       look around, with synthetic people
  forlop serve --database sqlite:forlop.db          run it for real
  forlop pathway lint FOLDER                        check a pathway you write

Commands:
  demo      a complete service on this machine
  serve     serve a database
  pathway   new, lint, test, show, schema, explain
  journey   list, show, log
  log       breach, prune: the log of who has looked
  form      list, lint, show, import: questionnaires
  import    journeys, units and people from a file; export writes them
  verify    rebuild, migrate, doctor: look after a database
  backup    restore, backup drill: a copy while it is served
  bench     measure this machine
  routes    i18n, config, token, healthcheck, version, man, completion

Every command has --help. Exit codes: 0 ok, 1 failed, 2 usage, 3 findings, 4 not ready.
`
