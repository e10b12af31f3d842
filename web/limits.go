package web

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are how often one address and one person may ask, so that nobody can
// try out logins, walk through numbers or crowd the others out. All are ours, no
// source; see DefaultLimits.
type Limits struct {
	// Address is for every request from one address, before anything else is
	// done; Login for attempts to log in or to open a link from one address.
	Address, Login Rate
	// Person is for every page of one who is logged in; Search for looking up
	// people by name or number.
	Person, Search Rate
	// Proxies is how many proxies of the operator's own stand before the service:
	// so many entries at the end of X-Forwarded-For are believed.
	Proxies int
}

// Rate is how many may come at once, and how many a minute after that. The zero
// Rate is no limit.
type Rate struct{ Burst, PerMinute int }

// DefaultLimits are far above what one person or one office behind one address
// does, and far below what it takes to harvest.
var DefaultLimits = Limits{
	Address: Rate{600, 1200}, Login: Rate{20, 10}, Person: Rate{240, 240}, Search: Rate{30, 20},
}

// limiter counts what came from whom. It holds no address or person longer than
// it takes their allowance to fill up again.
type limiter struct {
	limits Limits
	now    func() time.Time
	mu     sync.Mutex
	seen   map[string]*rate.Limiter
	swept  time.Time
}

func newLimiter(l *Limits, now func() time.Time) *limiter {
	if l == nil {
		return nil
	}
	return &limiter{limits: *l, now: now, seen: map[string]*rate.Limiter{}}
}

// wait takes one from an allowance and answers how long to wait before the next
// try; 0 where there was one to take.
func (l *limiter) wait(kind, who string, r Rate) time.Duration {
	if l == nil || r == (Rate{}) {
		return 0
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	key := kind + " " + who
	b, ok := l.seen[key]
	if !ok {
		b = rate.NewLimiter(rate.Limit(float64(r.PerMinute)/60), r.Burst)
		l.seen[key] = b
	}
	take := b.ReserveN(now, 1)
	if !take.OK() {
		return time.Minute
	}
	delay := take.DelayFrom(now)
	if delay > 0 {
		take.CancelAt(now)
	}
	return delay
}

// sweep lets go, once a minute, of those whose allowance is whole again.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for key, b := range l.seen {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(l.seen, key)
		}
	}
}

// addressed holds back an address that asks too often.
func (s *site) addressed(next http.Handler) http.Handler {
	if s.limits == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address := s.limits.address(r)
		delay := s.limits.wait("address", address, s.limits.limits.Address)
		if delay == 0 && entering(r) {
			delay = s.limits.wait("login", address, s.limits.limits.Login)
		}
		if delay > 0 {
			s.later(w, r, delay)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// entering reports whether somebody tries to get in.
func entering(r *http.Request) bool {
	return r.Method == http.MethodPost && (strings.HasPrefix(r.URL.Path, "/login") || strings.HasPrefix(r.URL.Path, "/account")) || r.URL.Query().Has("token")
}

// hurried answers whoever is logged in and asks too often, and reports whether
// it did.
func (c *call) hurried() bool {
	l := c.s.limits
	if l == nil {
		return false
	}
	delay := l.wait("person", string(c.who.Actor.Kind)+"/"+c.who.Actor.ID, l.limits.Person)
	if delay == 0 && c.r.Method == http.MethodPost && c.r.URL.Path == "/find" {
		delay = l.wait("search", c.who.Actor.ID, l.limits.Search)
	}
	if delay > 0 {
		c.s.later(c.w, c.r, delay)
	}
	return delay > 0
}

// later says when to try again.
func (s *site) later(w http.ResponseWriter, r *http.Request, delay time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(delay.Seconds()))))
	s.answer(w, r, http.StatusTooManyRequests, errorPageOf("429"))
}

// address is where a request comes from: the connection, or what the operator's
// own proxies say. What a stranger writes into the header counts for nothing.
// Of IPv6 the network counts, because one subscriber has a whole one.
func (l *limiter) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if n := l.limits.Proxies; n > 0 {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if len(hops) >= n {
			host = strings.TrimSpace(hops[len(hops)-n])
		}
	}
	// Some proxies write the port as well, which is another one for each connection.
	if at, err := netip.ParseAddrPort(host); err == nil {
		host = at.Addr().String()
	}
	ip := net.ParseIP(host)
	if ip != nil && ip.To4() == nil {
		const network = 64
		return ip.Mask(net.CIDRMask(network, 128)).String()
	}
	return host
}
