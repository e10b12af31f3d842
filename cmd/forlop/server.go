package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"forlop/casework"
)

// drain is how long a stop waits for answers that are on their way.
const drain = 8 * time.Second

// server is a running service: its pages and its due worker.
type server struct {
	service *casework.Service
	log     *slog.Logger
	http    *http.Server
	listen  net.Listener
	// beat counts the due worker's rounds; a worker that stands still makes the
	// service not ready.
	beat atomic.Int64
}

// newServer takes an address, and makes the pages for it: logging in leads back
// there. Nothing is answered before serve.
func newServer(ctx context.Context, addr string, s *casework.Service, pages func(base string) (http.Handler, error), log *slog.Logger) (*server, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the address %s cannot be used: %w", addr, err)
	}
	v := &server{service: s, log: log, listen: l}
	face, err := pages(v.base())
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	v.health(mux)
	mux.Handle("/", face)
	v.http = &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	return v, nil
}

// base is the address as a browser writes it.
func (v *server) base() string { return "http://" + v.listen.Addr().String() }

// processName names this process among those that share a database.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return host + ":" + strconv.Itoa(os.Getpid())
}

// serve answers until the context ends, then lets what is on its way finish.
func (v *server) serve(ctx context.Context) error {
	v.beat.Store(v.service.Now().UnixNano())
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		v.service.Run(work, processName(), v.log, func() { v.beat.Store(v.service.Now().UnixNano()) })
	}()
	failed := make(chan error, 1)
	go func() { failed <- v.http.Serve(v.listen) }()
	told := v.tell(work)
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		told("STOPPING=1")
		v.log.Info("stopping", "within", drain.String())
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		err = v.http.Shutdown(last)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			// Whoever is still being answered after that is let go; what was
			// acknowledged is on the disk.
			err = v.http.Close()
		}
	}
	stop()
	<-worked
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}
