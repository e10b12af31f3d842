package casework_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailServer is a mail server of the test's own on the loopback, which does to
// each connection what the test says: "take", "busy", "no", "silent", "cut before"
// and "cut after" the message was whole, "slow".
type mailServer struct {
	t      *testing.T
	listen net.Listener
	mu     sync.Mutex
	does   []string
	got    []string
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{t: t, listen: l}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		serving.Wait()
	})
	return s
}

func (s *mailServer) port() int { return s.listen.Addr().(*net.TCPAddr).Port }

func (s *mailServer) will(does ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.does = does
}

func (s *mailServer) messages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.got...)
}

func (s *mailServer) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.does) == 0 {
		return "take"
	}
	does := s.does[0]
	s.does = s.does[1:]
	return does
}

func (s *mailServer) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	does, in := s.next(), bufio.NewReader(c)
	say := func(line string) { _, _ = fmt.Fprint(c, line+"\r\n") }
	if does == "silent" {
		_, _ = in.ReadString('\n') // until they give up
		return
	}
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); {
		case verb == "EHLO" || verb == "HELO":
			say("250 8BITMIME")
		case verb == "RCPT" && does == "busy":
			say("451 later")
		case verb == "RCPT" && does == "no":
			say("550 no such mailbox kari@example.org")
		case verb == "DATA" && does == "cut before":
			return
		case verb == "DATA":
			say("354 go on")
			var body strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if strings.TrimRight(line, "\r\n") == "." {
					break
				}
				body.WriteString(line)
			}
			s.mu.Lock()
			s.got = append(s.got, body.String())
			s.mu.Unlock()
			if does == "cut after" {
				return
			}
			say("250 taken")
			if does == "cut at the end" {
				return
			}
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// gateway is an SMS gateway of the test's own: it answers what the test says, and
// sends what has the same key once, as its interface asks.
type gateway struct {
	mu      sync.Mutex
	answers []int
	asked   int
	sent    map[string]string
	traced  []string // the traceparent of every request
	*httptest.Server
}

// cutOff makes the gateway take a message and answer nothing.
const cutOff = -1

func newGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{sent: map[string]string{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		var m struct{ Key, To, Text, From string }
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || m.Key == "" || r.Header.Get("Idempotency-Key") != m.Key {
			t.Errorf("the gateway was sent %+v, %v", m, err)
		}
		g.asked++
		g.traced = append(g.traced, r.Header.Get("Traceparent"))
		answer := http.StatusAccepted
		if len(g.answers) > 0 {
			answer, g.answers = g.answers[0], g.answers[1:]
		}
		if answer == cutOff || answer < 300 {
			if _, again := g.sent[m.Key]; again && answer != cutOff {
				answer = http.StatusConflict
			}
			g.sent[m.Key] = m.Text
		}
		if answer == cutOff {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer)
		_, _ = fmt.Fprintf(w, `{"to":%q}`, m.To)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) figures() (asked, sent int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked, len(g.sent)
}

// anywhere dials as the tests may.
func anywhere(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}
