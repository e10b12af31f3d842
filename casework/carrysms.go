package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"forlop/care/messaging"
)

// SMSGateway carries SMS by one small request, which a few lines in front of any
// gateway can take: POST of {"key", "to", "text", "from"} as JSON. The far end
// answers 2xx where it took the message, 409 where it had the key already, 4xx
// where it never will, and anything else where it should be tried again.
type SMSGateway struct {
	URL string
	// Token is sent as a bearer token where it is set.
	Token string
	// From is the name or number that is shown.
	From string
	// Client reaches what the site has listed, and nothing else.
	Client *http.Client
}

var _ Carrier = SMSGateway{}

// Carry hands a message over with its key, in the body and as Idempotency-Key: the
// far end must send what has the same key once. So whatever stays unknown can be
// tried again.
func (g SMSGateway) Carry(ctx context.Context, m Message) (got Carried) {
	body, err := json.Marshal(struct {
		Key  string `json:"key"`
		To   string `json:"to"`
		Text string `json:"text"`
		From string `json:"from"`
	}{m.Key, m.To, m.Text, g.From})
	if err != nil {
		return Carried{Outcome: messaging.Later, Code: "json", Err: err}
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
	if err != nil {
		return Carried{Outcome: messaging.Later, Code: "settings", Err: errors.New("casework: the SMS gateway's address is not one")}
	}
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("Accept", "application/json")
	ask.Header.Set("Idempotency-Key", m.Key)
	if len(m.Trace) == 32 && len(m.Key) >= 16 {
		ask.Header.Set("Traceparent", "00-"+m.Trace+"-"+m.Key[:16]+"-01")
	}
	if g.Token != "" {
		ask.Header.Set("Authorization", "Bearer "+g.Token)
	}
	answer, err := g.Client.Do(ask)
	if err != nil {
		return Carried{Outcome: messaging.Later, Code: "unreachable", Err: errors.New("casework: the SMS gateway cannot be reached, or does not answer")}
	}
	defer func() { got.Err = errors.Join(got.Err, answer.Body.Close()) }()
	// What it says is not kept, since it may repeat the number.
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)); err != nil {
		return Carried{Outcome: messaging.Later, Code: "cut"}
	}
	got.Code = strconv.Itoa(answer.StatusCode)
	switch n := answer.StatusCode; {
	case n >= 200 && n < 300 || n == http.StatusConflict:
		got.Outcome = messaging.Taken
	case n == http.StatusUnauthorized, n == http.StatusForbidden, n == http.StatusTooManyRequests, n == http.StatusRequestTimeout, n < 400, n >= 500:
		got.Outcome, got.Err = messaging.Later, fmt.Errorf("casework: the SMS gateway answers %d", n)
	default:
		got.Outcome = messaging.Never
	}
	return got
}
