// Package postgres is the event log in PostgreSQL: for a region or a country,
// where several processes serve one database.
//
// Nothing on the write path is global. An append locks the rows of the streams
// it writes and guards, in name order; then it reads all it can be refused for,
// then it writes, then it commits: three exchanges with the server however much
// it changes, because the statements of each are sent together. What two
// appends find out about each other only by writing (a unique key) makes the
// second one begin again and be refused for a reason.
//
// A follower never skips a late commit, without waiting for anything but the
// appends that were on their way when it asked: docs/decisions/0009 says how.
package postgres
