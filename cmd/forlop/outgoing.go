package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"

	providers "forlop/access/login"
	"forlop/care/messaging"
	"forlop/casework"
	"forlop/web"
)

// outgoing is how notices leave the house. Nothing leaves unless it is set.
type outgoing struct {
	Mail             string   `env:"FORLOP_MAIL" placeholder:"HOST:PORT" help:"Your own mail server, which takes notices by e-mail (SMTP with STARTTLS)."`
	MailFrom         string   `env:"FORLOP_MAIL_FROM" placeholder:"ADDRESS" help:"The address that notices come from and bounces go to."`
	MailUser         string   `env:"FORLOP_MAIL_USER" placeholder:"NAME" help:"Who logs in at the mail server, with --mail-password-file."`
	MailPasswordFile string   `env:"FORLOP_MAIL_PASSWORD_FILE" placeholder:"FILE" help:"A file that nobody else can read, with the password."`
	MailPlain        bool     `env:"FORLOP_MAIL_PLAIN" help:"Speak to the mail server without TLS; only to one on this machine."`
	SMS              string   `name:"sms" env:"FORLOP_SMS" placeholder:"URL" help:"An SMS gateway: it is sent key, to, text and from as JSON, and sends what has the same key once."`
	SMSTokenFile     string   `name:"sms-token-file" env:"FORLOP_SMS_TOKEN_FILE" placeholder:"FILE" help:"A file that nobody else can read, with the gateway's bearer token."`
	Spool            string   `env:"FORLOP_SPOOL" placeholder:"DIR" help:"Put notices into this folder as files, for programs of your own to send; for what has no server above."`
	NoticeSender     string   `env:"FORLOP_NOTICE_SENDER" placeholder:"NAME" help:"The name that notices are signed with. It must not give away that they are about health."`
	OutboundNetworks []string `name:"outbound-network" env:"FORLOP_OUTBOUND_NETWORK" placeholder:"CIDR" help:"A network inside that the mail server or the gateway may lie in; only public addresses are reached otherwise."`
}

// ways makes the ways out; nil where none is set. base is the address that people
// reach the service at.
func (o outgoing) ways(base string) (*casework.Outgoing, error) {
	if o.Mail == "" && o.SMS == "" && o.Spool == "" {
		return nil, nil
	}
	if base == "" {
		return nil, usage("notices say where to log in: give --at with the address that people reach the service at")
	}
	if o.NoticeSender == "" {
		return nil, usage("notices are signed: give --notice-sender with a name that does not give away that they are about health")
	}
	if word := messaging.HealthWord(o.NoticeSender); word != "" {
		return nil, usage("--notice-sender %q says %q: whoever sees the message would know that it is about health; give a neutral name", o.NoticeSender, word)
	}
	networks, err := o.networks()
	if err != nil {
		return nil, err
	}
	out := &casework.Outgoing{
		Carriers: map[messaging.Channel]casework.Carrier{}, Words: web.Notices(nil), Sender: o.NoticeSender, Link: strings.TrimSuffix(base, "/") + "/me",
	}
	if o.Spool != "" {
		if err := os.MkdirAll(o.Spool, 0o700); err != nil {
			return nil, err
		}
		for _, c := range []messaging.Channel{messaging.ByEmail, messaging.BySMS} {
			out.Carriers[c] = casework.Spool{Folder: o.Spool, Channel: c}
		}
	}
	if err := errors.Join(o.mail(out, networks), o.sms(out, networks)); err != nil {
		return nil, err
	}
	return out, nil
}

func (o outgoing) networks() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, n := range o.OutboundNetworks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return nil, usage("--outbound-network takes a network such as 10.20.0.0/16, not %q", n)
		}
		all = append(all, p)
	}
	return all, nil
}

// mail sets the way of e-mail. Nothing but the one host is reached.
func (o outgoing) mail(out *casework.Outgoing, networks []netip.Prefix) error {
	if o.Mail == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(o.Mail)
	n, wrong := strconv.Atoi(port)
	if err != nil || wrong != nil || n < 1 {
		return usage("--mail takes HOST:PORT, not %q", o.Mail)
	}
	if !strings.Contains(o.MailFrom, "@") {
		return usage("--mail needs --mail-from with the address that notices come from")
	}
	if ip, err := netip.ParseAddr(host); o.MailPlain && host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return usage("--mail-plain is for a mail server on this machine; %s is not", host)
	}
	password, err := secretIn(o.MailPasswordFile)
	if err != nil {
		return err
	}
	out.Carriers[messaging.ByEmail] = casework.MailServer{
		Host: host, Port: n, User: o.MailUser, Password: password, From: o.MailFrom, Plain: o.MailPlain, Dial: providers.Dial([]string{host}, networks),
	}
	return nil
}

// sms sets the way of SMS. Nothing but the one host is reached.
func (o outgoing) sms(out *casework.Outgoing, networks []netip.Prefix) error {
	if o.SMS == "" {
		return nil
	}
	at, err := url.Parse(o.SMS)
	if err != nil || at.Host == "" {
		return usage("--sms takes the address of a gateway, not %q", o.SMS)
	}
	token, err := secretIn(o.SMSTokenFile)
	if err != nil {
		return err
	}
	out.Carriers[messaging.BySMS] = casework.SMSGateway{
		URL: o.SMS, Token: token, From: o.NoticeSender, Client: providers.Outbound([]string{at.Hostname()}, networks),
	}
	return nil
}

// secretIn reads one line that nobody else may read; no file, no secret.
func secretIn(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := readSecret(file)
	if err != nil {
		return "", &exit{exitUsage, fmt.Errorf("a secret cannot be read: %w", err)}
	}
	return strings.TrimSpace(string(text)), nil
}
