package postgres

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// What a proxy does with what it carries.
const (
	carry       int32 = iota
	cutFirst          // the connection is cut as soon as anything is sent, once
	cutAll            // the same, each time
	cutCommit         // COMMIT does not reach the server, and the connection is cut
	cutReply          // COMMIT reaches the server, its answer is lost
	swallow           // COMMIT does not reach the server, and nothing happens
	swallowOnce       // it has been swallowed
)

// proxy stands between a store and its server and cuts connections where the test
// wants it.
type proxy struct {
	mode   atomic.Int32
	server string
	// swallowed is closed when a COMMIT was.
	swallowed chan struct{}
}

// through answers a URL that leads to the same database through a proxy.
func through(t *testing.T, to string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(to)
	must(t, err)
	const socket = ".s.PGSQL.5432"
	p := &proxy{server: filepath.Join(u.Query().Get("host"), socket), swallowed: make(chan struct{})}
	// The test's own folder has too long a name for a socket.
	dir, err := os.MkdirTemp("", "forlop-px-")
	must(t, err)
	l, err := net.Listen("unix", filepath.Join(dir, socket))
	must(t, err)
	t.Cleanup(func() { must(t, errors.Join(l.Close(), os.RemoveAll(dir))) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.carry(c)
		}
	}()
	u.RawQuery = url.Values{"host": {dir}}.Encode()
	return p, u.String()
}

func (p *proxy) carry(client net.Conn) {
	defer func() { _ = client.Close() }() // it may be cut already
	server, err := net.Dial("unix", p.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var lost atomic.Bool
	go func() {
		defer func() { _ = client.Close() }()
		buf := make([]byte, 1<<16)
		for {
			n, err := server.Read(buf)
			if err != nil || lost.Load() {
				return
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	for first := true; ; first = false {
		m, err := message(client, first)
		if err != nil {
			return
		}
		commit := !first && m[0] == 'Q' && strings.Contains(string(m), "commit")
		switch mode := p.mode.Load(); {
		case !first && mode == cutFirst && p.mode.CompareAndSwap(cutFirst, carry), !first && mode == cutAll, commit && mode == cutCommit:
			return
		case commit && mode == cutReply:
			lost.Store(true)
		case commit && mode == swallow && p.mode.CompareAndSwap(swallow, swallowOnce):
			close(p.swallowed)
			continue
		}
		if _, err := server.Write(m); err != nil {
			return
		}
	}
}

// message reads one message of PostgreSQL's protocol; the first has no letter
// (https://www.postgresql.org/docs/current/protocol-message-formats.html).
func message(r io.Reader, first bool) ([]byte, error) {
	head := make([]byte, 5)
	if first {
		head = head[:4]
	}
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	rest := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
	_, err := io.ReadFull(r, rest)
	return append(head, rest...), err
}
