package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"forlop/care"
	"forlop/store"
)

const (
	sessionColumns = "hash, actor_kind, actor_id, actor_unit, created, seen, expires, closed, fresh, level, method, client, prescriber, represents, item, provider, subject, remote"
	putSession     = "insert into session (" + sessionColumns + ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)" +
		" on conflict (hash) do update set actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, actor_unit = excluded.actor_unit," +
		" created = excluded.created, seen = excluded.seen, expires = excluded.expires," +
		" closed = case when session.closed != 0 then session.closed else excluded.closed end, fresh = excluded.fresh," +
		" level = excluded.level, method = excluded.method, client = excluded.client, prescriber = excluded.prescriber," +
		" represents = excluded.represents, item = excluded.item, provider = excluded.provider, subject = excluded.subject, remote = excluded.remote"
	newestSession = " order by created desc, hash"
)

// PutSession keeps a login.
func (s *Store) PutSession(ctx context.Context, l store.Session) error {
	return s.change(ctx, func(t tx) error {
		_, err := t.exec(putSession, notNil(l.Hash), string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit),
			store.Micros(l.Created), store.Micros(l.Seen), store.Micros(l.Expires), store.Micros(l.Closed), store.Micros(l.Fresh),
			l.Level, l.Method, l.Client, l.Prescriber, string(l.Represents), l.Item, l.Provider, l.Subject, l.Remote)
		return err
	})
}

// Session reads a login.
func (s *Store) Session(ctx context.Context, hash []byte) (store.Session, error) {
	found, err := s.sessionsWhere(ctx, "hash = $1", notNil(hash))
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return store.Session{}, missing(err, "session")
	}
	return found[0], nil
}

// Sessions lists the logins of an actor, newest first.
func (s *Store) Sessions(ctx context.Context, actor care.Actor) ([]store.Session, error) {
	return s.sessionsWhere(ctx, "actor_id = $1 and actor_kind = $2", actor.ID, string(actor.Kind))
}

// SessionsOf lists the logins a provider made, newest first.
func (s *Store) SessionsOf(ctx context.Context, provider, subject, remote string) ([]store.Session, error) {
	switch {
	case subject != "" && remote != "":
		return s.sessionsWhere(ctx, "provider = $1 and subject = $2 and remote = $3", provider, subject, remote)
	case subject != "":
		return s.sessionsWhere(ctx, "provider = $1 and subject = $2", provider, subject)
	case remote != "":
		return s.sessionsWhere(ctx, "provider = $1 and remote = $2", provider, remote)
	}
	return nil, ctx.Err()
}

func (s *Store) sessionsWhere(ctx context.Context, where string, args ...any) (out []store.Session, err error) {
	err = s.each(ctx, "select "+sessionColumns+" from session where "+where+newestSession, args, func(rows *sql.Rows) error {
		var l store.Session
		var created, seen, expires, closed, fresh int64
		err := rows.Scan(&l.Hash, &l.Actor.Kind, &l.Actor.ID, &l.Actor.Unit, &created, &seen, &expires, &closed, &fresh,
			&l.Level, &l.Method, &l.Client, &l.Prescriber, &l.Represents, &l.Item, &l.Provider, &l.Subject, &l.Remote)
		l.Hash = bytes.Clone(l.Hash)
		l.Created, l.Seen, l.Fresh = store.FromMicros(created), store.FromMicros(seen), store.FromMicros(fresh)
		l.Expires, l.Closed = store.FromMicros(expires), store.FromMicros(closed)
		out = append(out, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: sessions: %w", err)
	}
	return out, nil
}
