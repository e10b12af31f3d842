package login

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	// answerTime is how long a provider may take for one answer.
	answerTime = 10 * time.Second
	// answerSize is the most bytes that one answer may have.
	answerSize = 1 << 20
)

// Outbound makes a client that reaches what Dial reaches, and takes small answers
// alone. It is for whatever the program asks over HTTP outside the house.
func Outbound(hosts []string, networks []netip.Prefix) *http.Client { return outbound(hosts, networks) }

// Dial reaches the hosts on the list and no other, at addresses that are public or
// lie in one of the networks. It is for what speaks no HTTP, such as mail.
func Dial(hosts []string, networks []netip.Prefix) func(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{
		Timeout: answerTime / 2,
		Control: func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			if !mayReach(at.Addr(), networks) {
				return fmt.Errorf("the address %s is inside; list its network to allow it", at.Addr())
			}
			return nil
		},
	}
	allowed := make([]string, 0, len(hosts))
	for _, h := range hosts {
		allowed = append(allowed, strings.ToLower(h))
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(allowed, strings.ToLower(host)) {
			return nil, fmt.Errorf("%s is not on the list of hosts to reach", host)
		}
		return dialer.DialContext(ctx, network, address)
	}
}

// outbound makes a client that reaches the hosts on the list and no other. The
// addresses behind them must be public, or lie in one of the networks; that is
// checked on the very address that is connected to, after the name was looked
// up, so that a name which changes its answer gains nothing. Redirects are not
// followed, answers are bounded in time and size, and no proxy is used.
func outbound(hosts []string, networks []netip.Prefix) *http.Client {
	return guarded(&http.Client{Transport: &http.Transport{
		DialContext:            Dial(hosts, networks),
		TLSHandshakeTimeout:    answerTime / 2,
		ResponseHeaderTimeout:  answerTime,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}})
}

// inside are networks that no provider on the internet lies in, beside those
// that netip knows by itself.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared by carriers, RFC 6598
	netip.MustParsePrefix("192.0.0.0/24"),  // RFC 6890
	netip.MustParsePrefix("198.18.0.0/15"), // measuring, RFC 2544
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), // IPv4 by another name, RFC 6052
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

func mayReach(ip netip.Addr, networks []netip.Prefix) bool {
	ip = ip.Unmap().WithZone("")
	holds := func(n netip.Prefix) bool { return n.Contains(ip) }
	if slices.ContainsFunc(networks, holds) {
		return true
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.ContainsFunc(inside, holds)
}

// guarded puts the bounds on a client, whoever made it.
func guarded(c *http.Client) *http.Client {
	bounded := *c
	next := c.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	bounded.Transport = bounds{next}
	if bounded.Timeout == 0 || bounded.Timeout > answerTime {
		bounded.Timeout = answerTime
	}
	bounded.Jar = nil
	bounded.CheckRedirect = func(to *http.Request, _ []*http.Request) error {
		return fmt.Errorf("a redirect to %s is not followed", to.URL.Host)
	}
	return &bounded
}

// bounds lets answers through that are small, and JSON where they are good.
type bounds struct{ next http.RoundTripper }

func (b bounds) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := httpsOrLoopback(r.URL.String()); err != nil {
		return nil, err
	}
	answer, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")) // what cannot be read is not JSON
	good := answer.StatusCode >= 200 && answer.StatusCode < 300
	switch {
	case answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests:
		err = fmt.Errorf("%w: %s", errUnwell, answer.Status)
	case answer.ContentLength > answerSize:
		err = fmt.Errorf("the answer is larger than %d bytes", answerSize)
	case good && kind != "application/json" && !strings.HasSuffix(kind, "+json"):
		err = fmt.Errorf("the answer is %q, not JSON", kind)
	}
	if err != nil {
		return nil, errors.Join(err, answer.Body.Close())
	}
	answer.Body = &bounded{ReadCloser: answer.Body, left: answerSize}
	return answer, nil
}

// bounded is a body that ends in an error where it grows too large.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the answer is larger than %d bytes", answerSize)
	}
	n, err := b.ReadCloser.Read(into)
	b.left -= int64(n)
	return n, err
}

// get reads an answer whole.
func get(ctx context.Context, client *http.Client, address string) (body []byte, err error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	ask.Header.Set("Accept", "application/json")
	answer, err := client.Do(ask)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer is %s", answer.Status)
	}
	return io.ReadAll(answer.Body)
}
