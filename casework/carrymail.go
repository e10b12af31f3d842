package casework

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"

	"forlop/care/messaging"
)

// MailServer carries e-mail by SMTP to the site's own mail server, which sends it
// on.
type MailServer struct {
	Host string
	Port int
	// User and Password log in where User is set.
	User, Password string
	// From is the address that messages come from, and that bounces go to.
	From string
	// Plain speaks without TLS; for a server on the same machine alone.
	Plain bool
	// Dial reaches the server, and nothing that the site has not listed.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

var _ Carrier = MailServer{}

// Carry hands a message to the server. Its Message-ID is made of the key, so that
// a second copy can be told from a second message. Where the connection breaks
// after the whole message was sent nobody can say whether it was taken: that is
// uncertain, and not sent again, since a person is called where it is not opened.
func (s MailServer) Carry(ctx context.Context, m Message) Carried {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(s.From); err != nil {
		return Carried{Outcome: messaging.Later, Code: "from", Err: errors.New("casework: the address that mail is sent from is not an address")}
	}
	if err := msg.To(m.To); err != nil {
		return Carried{Outcome: messaging.Never, Code: "address"} // what is kept as their address is none
	}
	domain := s.From[strings.LastIndex(s.From, "@")+1:]
	msg.SetMessageIDWithValue(m.Key + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answer by a machine
	msg.SetGenHeader("Content-Language", string(m.Language))
	msg.Subject(m.Subject)
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	client, err := mail.NewClient(s.Host, s.options()...)
	if err != nil {
		return Carried{Outcome: messaging.Later, Code: "settings", Err: fmt.Errorf("casework: the mail server's settings: %w", err)}
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return Carried{Outcome: messaging.Taken} // whatever the far end did afterwards
	}
	return mailed(err)
}

func (s MailServer) options() []mail.Option {
	options := []mail.Option{
		mail.WithPort(s.Port), mail.WithTimeout(carryTime / 2), mail.WithoutNoop(), mail.WithoutRset(), mail.WithoutSMTPUTF8(), mail.WithTLSPolicy(mail.TLSMandatory),
	}
	if s.Plain {
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.Dial != nil {
		options = append(options, mail.WithDialContextFunc(s.Dial))
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return options
}

// mailed is what a server's answer means. A refusal of the receiver or of the
// message with 5xx is for good; one of ourselves is for the operator to mend, and
// that, like anything else before the message is whole, is tried again.
func mailed(err error) Carried {
	var sent *mail.SendError
	if !errors.As(err, &sent) {
		return Carried{Outcome: messaging.Later, Code: "unreachable", Err: errors.New("casework: the mail server cannot be reached")}
	}
	c := Carried{Outcome: messaging.Later, Code: strconv.Itoa(sent.ErrorCode())}
	switch {
	case sent.ErrorCode() >= 500 && sent.Reason == mail.ErrSMTPMailFrom:
		c.Err = errors.New("casework: the mail server takes nothing from the address that mail is sent from")
	case sent.ErrorCode() >= 500:
		c.Outcome = messaging.Never
	case sent.ErrorCode() == 0 && sent.Reason == mail.ErrSMTPDataClose:
		c.Outcome, c.Code = messaging.Uncertain, "cut"
	case sent.ErrorCode() == 0:
		c.Code = "cut"
	}
	return c
}
