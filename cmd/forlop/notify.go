package main

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// tell says to systemd that the service is ready, and after that, as often as it
// wants to hear it, that it still does its work (sd_notify(3): datagrams to the
// socket that NOTIFY_SOCKET names). A process whose due worker stands still goes
// silent, and systemd starts it anew. Where nobody asks it does nothing. The answer
// says one thing more.
func (v *server) tell(ctx context.Context) func(string) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return func(string) {}
	}
	say := func(word string) {
		if err := notifyAt(name, word); err != nil {
			v.log.Warn("systemd could not be told", "word", word, "error", err.Error())
		}
	}
	say("READY=1\nSTATUS=" + v.base())
	limit, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if pid := os.Getenv("WATCHDOG_PID"); err != nil || limit <= 0 || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return say
	}
	every := time.Duration(limit) * time.Microsecond / 2
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if v.still() <= stoodStill {
					say("WATCHDOG=1")
				}
			}
		}
	}()
	return say
}

// notifyAt sends one datagram. A name that begins with @ lies in the abstract
// namespace.
func notifyAt(name, word string) error {
	if rest, abstract := strings.CutPrefix(name, "@"); abstract {
		name = "\x00" + rest
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return err
	}
	if _, err := conn.Write([]byte(word)); err != nil {
		_ = conn.Close() // what matters was said above
		return err
	}
	return conn.Close()
}
