package casework

import (
	"context"

	"forlop/care"
)

// AnotherSession opens a session like one that is open – whose, for whom, and
// what the login showed – and as fresh as now. The links of a demo lead in by
// it: whoever walks from one role to the next can come back.
func (s *Service) AnotherSession(ctx context.Context, token, client string) (string, care.Actor, error) {
	who, err := s.SignedIn(ctx, token)
	if err != nil {
		return "", care.Actor{}, err
	}
	login := who.Login
	login.At = s.clock.Now()
	session, err := s.Enter(ctx, Entry{Actor: holder(who.Actor), Login: login, Method: MethodDemo, Client: client})
	if err == nil && who.Represents != "" {
		err = s.Represent(ctx, session, who.Represents)
	}
	return session, who.Actor, err
}
