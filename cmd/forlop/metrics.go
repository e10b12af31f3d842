package main

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"forlop/casework"
	"forlop/web"
)

// metrics are the operator's figures, and the lines of the log that belong to them.
// Labels come from closed lists – patterns of addresses, names of orders and
// questions, outcomes, kinds of streams and items – so that no figure can say
// anything of anybody and their number is bounded.
type metrics struct {
	log *slog.Logger
	all *prometheus.Registry

	answered, ordered, asked, carried *prometheus.CounterVec
	answering                         *prometheus.HistogramVec
	ordering, appending, logging      prometheus.Histogram
}

var (
	_ casework.Watcher = (*metrics)(nil)
	_ web.Watcher      = (*metrics)(nil)
)

// spans are the upper bounds of every histogram, in seconds.
var spans = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newMetrics(log *slog.Logger) *metrics {
	count := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	span := func(name, help string) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Name: name, Help: help, Buckets: spans}
	}
	m := &metrics{
		log: log, all: prometheus.NewRegistry(),
		answered:  count("forlop_answers_total", "Answers to requests, by pattern of address and class of status.", "route", "status"),
		answering: prometheus.NewHistogramVec(span("forlop_answer_seconds", "How long an answer took, by pattern of address."), []string{"route"}),
		ordered:   count("forlop_orders_total", "Orders, by name and what became of them.", "order", "outcome"),
		ordering:  prometheus.NewHistogram(span("forlop_order_seconds", "How long an order took until it was durable.")),
		asked:     count("forlop_access_decisions_total", "Questions put to the access policy, by name and outcome. What orders were denied stands in forlop_orders_total.", "question", "outcome"),
		appending: prometheus.NewHistogram(span("forlop_store_append_seconds", "How long the store took to make an append durable.")),
		logging:   prometheus.NewHistogram(span("forlop_access_log_seconds", "How long an entry of the access log took to be durable; its count is the entries.")),
		carried:   count("forlop_deliveries_total", "Attempts to send a notice, by channel and what came of them.", "channel", "outcome"),
	}
	m.all.MustRegister(m.answered, m.answering, m.ordered, m.ordering, m.asked, m.appending, m.logging, m.carried,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	built := prometheus.NewGauge(prometheus.GaugeOpts{Name: "forlop_build_info", Help: "1; the label is the version.", ConstLabels: prometheus.Labels{"version": version()}})
	built.Set(1)
	m.all.MustRegister(built)
	return m
}

// of adds what is counted when somebody asks.
func (m *metrics) of(v *server) { m.all.MustRegister(standing{v}) }

// page answers the figures in the text format that Prometheus reads
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
func (m *metrics) page() http.Handler {
	return promhttp.HandlerFor(m.all, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 2})
}

// Answered counts an answer and writes it into the log.
func (m *metrics) Answered(ctx context.Context, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.answered.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Inc()
	m.answering.WithLabelValues(route).Observe(took.Seconds())
	m.log.Info("answered", "trace", casework.TraceOf(ctx), "route", route, "status", status, "ms", took.Milliseconds())
}

// Ordered counts an order; its line in the log joins the request's trace with the
// order's own, which everything that follows from it carries.
func (m *metrics) Ordered(ctx context.Context, name, order string, o casework.Outcome, took time.Duration) {
	m.ordered.WithLabelValues(name, string(o)).Inc()
	m.ordering.Observe(took.Seconds())
	m.log.Info("ordered", "trace", casework.TraceOf(ctx), "order", order, "name", name, "outcome", o, "ms", took.Milliseconds())
}

// Asked counts a question.
func (m *metrics) Asked(_ context.Context, name string, o casework.Outcome, _ time.Duration) {
	m.asked.WithLabelValues(name, string(o)).Inc()
}

// Appended notes how long the store took.
func (m *metrics) Appended(took time.Duration) { m.appending.Observe(took.Seconds()) }

// Logged notes how long an entry of the access log took.
func (m *metrics) Logged(took time.Duration) { m.logging.Observe(took.Seconds()) }

// Carried counts an attempt to send, and writes it into the log.
func (m *metrics) Carried(_ context.Context, channel, order, outcome string) {
	m.carried.WithLabelValues(channel, outcome).Inc()
	m.log.Info("carried", "order", order, "channel", channel, "outcome", outcome)
}

// standing counts what waits when somebody asks.
type standing struct{ v *server }

var (
	ready       = prometheus.NewDesc("forlop_ready", "1 when patients can be taken.", nil, nil)
	readOnly    = prometheus.NewDesc("forlop_read_only", "1 while nothing can be stored and people are served what there is to read.", nil, nil)
	waiting     = prometheus.NewDesc("forlop_waiting", "Streams that something is to happen in, by kind; of journeys all that are open.", []string{"kind"}, nil)
	due         = prometheus.NewDesc("forlop_due", "Streams that are due and not yet woken.", nil, nil)
	dueLag      = prometheus.NewDesc("forlop_due_lag_seconds", "How long the first of them has been due.", nil, nil)
	workerStill = prometheus.NewDesc("forlop_worker_still_seconds", "How long ago the due worker was last heard of.", nil, nil)
	outboxSize  = prometheus.NewDesc("forlop_outbox", "Notices that are to be sent, or held until an operator lets them go.", []string{"state"}, nil)
	outboxLag   = prometheus.NewDesc("forlop_outbox_lag_seconds", "How long the first one to be sent has been due.", nil, nil)
	undelivered = prometheus.NewDesc("forlop_undelivered", "Persons for whom nothing that was sent came through; each is a task of somebody's.", nil, nil)
	items       = prometheus.NewDesc("forlop_items", "What stands open on worklists, by kind.", []string{"kind"}, nil)
	late        = prometheus.NewDesc("forlop_items_late", "What of it is over its latest date, by kind.", []string{"kind"}, nil)
)

// Describe names the figures.
func (standing) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{ready, readOnly, waiting, due, dueLag, workerStill, outboxSize, outboxLag, undelivered, items, late} {
		to <- d
	}
}

// Collect counts. While the database is away there is nothing but that to say.
func (s standing) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	say := func(d *prometheus.Desc, n float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, n, labels...)
	}
	err := s.v.fit(ctx)
	say(ready, yes(err == nil || casework.NotStored(err)))
	say(readOnly, yes(err != nil && casework.NotStored(err)))
	say(workerStill, s.v.still().Seconds())
	now := s.v.service.Now()
	st, err := s.v.service.Standing(ctx)
	if err != nil {
		s.v.log.Warn("what waits could not be counted", "error", err.Error())
		return
	}
	for kind, n := range st.Waiting {
		say(waiting, float64(n), kind)
	}
	say(due, float64(st.Due))
	say(dueLag, lag(now, st.DueSince))
	say(outboxSize, float64(st.Pending), "pending")
	say(outboxSize, float64(st.Held), "held")
	say(outboxLag, lag(now, st.PendingSince))
	say(undelivered, float64(st.Undelivered))
	for kind, n := range st.Items {
		say(items, float64(n.Open), kind)
		say(late, float64(n.Late), kind)
	}
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// lag is how long ago something was due; 0 where nothing was.
func lag(now, since time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(0, now.Sub(since).Seconds())
}
