package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"forlop/casework"
	"forlop/web"
)

// serveCommand serves a database.
type serveCommand struct {
	database
	keyed
	Addr      string `default:"127.0.0.1:8080" env:"FORLOP_ADDR" help:"Where to listen, HOST:PORT. Put a proxy that speaks TLS before it."`
	Operator  string `env:"FORLOP_OPERATOR" placeholder:"NAME" help:"Who runs the service; pages say so."`
	Phone     string `env:"FORLOP_PHONE" placeholder:"NUMBER" help:"Whom to call when a page does not work."`
	Hours     string `env:"FORLOP_HOURS" placeholder:"TEXT" help:"When somebody answers there."`
	Statement string `env:"FORLOP_STATEMENT" placeholder:"URL" help:"The operator's accessibility statement."`
	Pathways  string `env:"FORLOP_PATHWAYS" placeholder:"DIR" help:"Where pathway folders are being written; authors see them on /pathways."`
	Proxies   int    `default:"0" env:"FORLOP_PROXIES" placeholder:"N" help:"How many proxies of your own stand before the service. So many addresses at the end of X-Forwarded-For are believed; limits per address need it."`
	guarded
	Declare  bool   `name:"declare-prescribers" env:"FORLOP_DECLARE_PRESCRIBERS" help:"Take a professional's own word for the right to prescribe; pages mark it so."`
	At       string `env:"FORLOP_BASE" placeholder:"URL" help:"The address people reach the service at, such as https://forlop.example.org; providers send them back there. Where it listens, unless said."`
	Accounts bool   `env:"FORLOP_ACCOUNTS" help:"Let people log in with accounts that are kept here; make them with: forlop token account."`
	siteTexts
	logins
	outgoing
	operated
}

// Help is shown under the flags.
func (serveCommand) Help() string {
	return "A database that is not there is made. The first time: forlop token key forlop.key, then " +
		"forlop import units FILE --database sqlite:forlop.db, then forlop serve --database sqlite:forlop.db. SIGTERM stops within 10 seconds."
}

// Run serves until it is stopped.
func (c *serveCommand) Run(p *program) (err error) {
	log := slog.New(slog.NewJSONHandler(p.stderr, nil))
	providers, err := c.logins.providers(casework.SystemClock().Now)
	if err != nil {
		return err
	}
	for _, at := range providers {
		log.Info("people may log in", "at", at.Settings().ID, "issuer", at.Settings().Issuer)
	}
	keys, err := c.keyring(c.database)
	if err != nil {
		return err
	}
	st, err := c.open(p.ctx, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if mark, err := st.Setting(p.ctx, demoSetting); err != nil {
		return err
	} else if mark != "" {
		return usage("%s is a demo's database: its people are made up and its login links are open. Open it with forlop demo --data", c.database)
	}
	out, err := c.ways(c.At)
	if err != nil {
		return err
	}
	m := newMetrics(log)
	s, done, err := c.guarded.service(p.ctx, c.database, c.KeyFile, st, keys, out, m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if err := gates(p.ctx, s, log); err != nil {
		return err
	}
	texts, err := c.read(p, s)
	if err != nil {
		return err
	}
	limits := web.DefaultLimits
	limits.Proxies = c.Proxies
	config := web.Config{Limits: &limits, Declare: c.Declare, Texts: texts, Service: s, Log: log, Operator: c.Operator, Phone: c.Phone, Hours: c.Hours, Statement: c.Statement, Folders: pathwayFolders(c.Pathways)}
	config.Providers, config.Watch = providers, m
	pages := func(listening string) (http.Handler, error) {
		base, err := reachedAt(c.At, listening)
		if err != nil {
			return nil, err
		}
		config.Base = base
		if c.Accounts {
			site := c.Operator
			if site == "" {
				site = "Forløp"
			}
			own, at, err := ownProvider(s, base, site, nil)
			if err != nil {
				return nil, err
			}
			config.Own, config.Providers = own, append(config.Providers, at)
		}
		return web.New(config), nil
	}
	v, err := newServer(p.ctx, c.Addr, s, pages, log)
	if err != nil {
		return err
	}
	m.of(v)
	shut, err := c.operated.listen(p.ctx, v, m)
	if err != nil {
		return errors.Join(err, v.listen.Close())
	}
	defer func() { err = errors.Join(err, shut()) }()
	log.Info("serving", "address", v.base(), "database", c.database.String(), "version", version())
	return v.serve(p.ctx)
}

// gates hold a service back that cannot keep its promises, and say the way on.
func gates(ctx context.Context, s *casework.Service, log *slog.Logger) error {
	if err := s.Ready(ctx); err != nil {
		if refusedAs(err, "no-units") {
			err = fmt.Errorf("%w\nWrite the units and their people in a file and run: forlop import units FILE --database URL (see docs/running.md)", err)
		}
		return notReady(err)
	}
	return shelve(ctx, s, log)
}

// shelve puts the shipped pathways on the shelf that are not there yet, and says
// what lies there and whether anything is in use.
func shelve(ctx context.Context, s *casework.Service, log *slog.Logger) error {
	before, err := s.OnShelf(ctx)
	if err != nil {
		return err
	}
	kept, err := shelveShipped(ctx, s)
	if err != nil {
		return err
	}
	for _, ref := range kept {
		log.Warn("a pathway was published with other content under this version; the published one stays", "pathway", ref)
	}
	after, err := s.OnShelf(ctx)
	if err != nil {
		return err
	}
	var all, fresh []string
	for _, r := range after {
		all = append(all, r.String())
		if !slices.Contains(before, r) {
			fresh = append(fresh, r.String())
		}
	}
	log.Info("pathways on the shelf", "new", fresh, "all", all)
	inUse, err := s.InUse(ctx)
	if err == nil && len(inUse) == 0 {
		log.Warn("no pathway is in use, so no journey can be opened; two persons bring one into use (see docs/publishing.md)")
	}
	return err
}
