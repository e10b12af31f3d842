package web

import (
	"net"
	"net/http"
	"strings"
	"testing"
)

// FuzzForwarded holds that what a stranger writes into X-Forwarded-For never
// changes from where a request comes: only what the operator's own proxies add
// behind it counts.
func FuzzForwarded(f *testing.F) {
	for _, x := range []string{"", "1.2.3.4", "1.2.3.4, 5.6.7.8", ",", ", ,", "2001:db8::1", "[2001:db8::1]:443", "unknown", "1.2.3.4:5678", "\x00", strings.Repeat("1.1.1.1,", 1000)} {
		f.Add(x, "203.0.113.7", 1)
		f.Add(x, "2001:db8:1:2::9", 2)
	}
	f.Fuzz(func(t *testing.T, stranger, real string, proxies int) {
		if proxies < 1 || proxies > 8 || net.ParseIP(real) == nil {
			return
		}
		l := newLimiter(&Limits{Proxies: proxies}, nil)
		from := func(headers ...string) string {
			return l.address(&http.Request{RemoteAddr: "192.0.2.1:99", Header: http.Header{"X-Forwarded-For": headers}})
		}
		added := real + strings.Repeat(", 192.0.2.2", proxies-1)
		want := from(added)
		if got := from(stranger + ", " + added); got != want {
			t.Errorf("%q before %q comes from %s, not from %s", stranger, added, got, want)
		}
		if got := from(stranger, added); got != want {
			t.Errorf("%q in a line before %q comes from %s, not from %s", stranger, added, got, want)
		}
	})
}
