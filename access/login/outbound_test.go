package login

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// TestOutbound: nothing is reached but the hosts on the list, and no address
// inside the walls behind a name that is on it.
func TestOutbound(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "https://other.example/", http.StatusFound)
			return
		}
		answerJSON(w, http.StatusOK, map[string]string{})
	}))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	here := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	if _, err := get(t.Context(), outbound([]string{"127.0.0.1"}, here), server.URL); err != nil || reached.Load() != 1 {
		t.Fatalf("a listed host in a listed network: %v", err)
	}
	tests := []struct {
		name     string
		hosts    []string
		networks []netip.Prefix
		address  string
	}{
		{"a host that is not listed", []string{"login.example.org"}, here, server.URL},
		{"no host is listed", nil, here, server.URL},
		{"a listed name that leads inside", []string{"localhost"}, nil, "http://localhost:" + at.Port()},
		{"a listed address inside", []string{"127.0.0.1"}, nil, server.URL},
		{"another listed network", []string{"127.0.0.1"}, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, server.URL},
		{"the same host by another name", []string{"127.0.0.1"}, here, "http://localhost:" + at.Port()},
		{"in the clear to another machine", []string{"login.example.org"}, here, "http://login.example.org/"},
		{"a listed name before an unlisted host", []string{"login.example.org"}, here, "http://login.example.org@127.0.0.1:" + at.Port()},
		{"another scheme", []string{"127.0.0.1"}, here, "ftp://127.0.0.1:" + at.Port()},
		{"a file", []string{""}, here, "file:///etc/passwd"},
	}
	before := reached.Load()
	for _, test := range tests {
		if _, err := get(t.Context(), outbound(test.hosts, test.networks), test.address); err == nil {
			t.Errorf("%s is reached", test.name)
		}
	}
	got := reached.Load() - before
	if got != 0 {
		t.Errorf("%d requests came through", got)
	}
	if _, err := get(t.Context(), outbound([]string{"127.0.0.1"}, here), server.URL+"/away"); err == nil || !strings.Contains(err.Error(), "not followed") {
		t.Errorf("a redirect to another host: %v", err)
	}

	inside := []string{
		"10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
		"255.255.255.255", "198.18.0.1", "192.0.0.8", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
		"::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fec0::1",
	}
	for _, address := range inside {
		if mayReach(netip.MustParseAddr(address), nil) {
			got++
			t.Errorf("%s is inside and may be reached", address)
		}
	}
	for _, address := range []string{"185.13.96.1", "2a02:20c0::1"} {
		if !mayReach(netip.MustParseAddr(address), nil) {
			t.Errorf("%s is public and may not be reached", address)
		}
	}
	if !mayReach(netip.MustParseAddr("::ffff:10.1.2.3"), []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}) {
		t.Error("an address in a listed network may not be reached")
	}
	t.Logf("ways sideways %d, reached %d", len(tests)+len(inside)+1, got)
}
