package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"forlop/casework"
)

// readyWithin is how long a question about health may take; a database that does
// not answer until then is gone.
const readyWithin = 3 * time.Second

// stoodStill is how long the due worker may be silent before nothing can be
// believed to fall due.
const stoodStill = time.Minute

// health answers whether the process lives and whether it can take patients.
func (v *server) health(mux *http.ServeMux) {
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", v.ready)
}

// ready answers whether patients can be taken now, and if not, why. While the disk
// is full people are still served what there is to read, so it answers 200 and says
// read-only: taking the process out would take the reading from them as well.
func (v *server) ready(w http.ResponseWriter, r *http.Request) {
	err := v.fit(r.Context())
	switch {
	case err == nil:
		fmt.Fprintln(w, "ok")
	case casework.NotStored(err):
		fmt.Fprintln(w, "read-only:", err)
	default:
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, err)
	}
}

// fit says why the service is not as it should be; casework.NotStored where it can
// only be read.
func (v *server) fit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	switch err := v.service.Ready(ctx); {
	case casework.NotStored(err):
		// What was asked is a reading: nothing can be read either, however the store
		// puts it, as where no PostgreSQL server answers.
		return errors.New("the database cannot be read: " + err.Error())
	case err != nil:
		return err
	}
	if v.still() > stoodStill {
		return errors.New("the due worker has stood still for more than a minute")
	}
	return v.service.Writable(ctx)
}

// still is how long ago the due worker was last heard of.
func (v *server) still() time.Duration { return v.service.Now().Sub(time.Unix(0, v.beat.Load())) }

// operated is where those who run the service look, apart from where people do.
type operated struct {
	OperateListen string `env:"FORLOP_OPERATE_LISTEN" placeholder:"HOST:PORT" help:"Where /metrics, /livez and /readyz are answered for those who run the service, such as 127.0.0.1:9464. Unset, /metrics is answered nowhere. Never give it an address that patients can reach."`
}

// listen answers there until the context ends; shut waits until it has.
func (o operated) listen(ctx context.Context, v *server, m *metrics) (shut func() error, err error) {
	if o.OperateListen == "" {
		return func() error { return nil }, nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", o.OperateListen)
	if err != nil {
		return nil, fmt.Errorf("the address %s for /metrics cannot be used: %w", o.OperateListen, err)
	}
	mux := http.NewServeMux()
	v.health(mux)
	mux.Handle("GET /metrics", m.page())
	answers := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- answers.Serve(l) }()
	v.log.Info("operating", "address", "http://"+l.Addr().String())
	return func() error {
		err := answers.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

// healthcheckCommand asks a service whether it is ready.
type healthcheckCommand struct {
	At string `default:"http://127.0.0.1:8080" env:"FORLOP_HEALTH" placeholder:"URL" help:"Where the service answers."`
}

// Run asks. A service that can only be read is up: exit 0, and it says so.
func (c *healthcheckCommand) Run(p *program) (err error) {
	ctx, cancel := context.WithTimeout(p.ctx, readyWithin+time.Second)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.At, "/")+"/readyz", nil)
	if err != nil {
		return usage("--at is %q; write http://HOST:PORT", c.At)
	}
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return notReady(fmt.Errorf("nobody answers at %s: %w", c.At, err))
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	words, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
	if err != nil {
		return notReady(err)
	}
	if answer.StatusCode != http.StatusOK {
		return notReady(fmt.Errorf("%s: %s", answer.Status, strings.TrimSpace(string(words))))
	}
	return p.printf("%s", words)
}
