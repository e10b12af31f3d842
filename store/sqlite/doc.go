// Package sqlite is the event log in one file: the embedded default, which
// serves a clinic or a municipality with nothing to install.
//
// One process writes, and in it one goroutine: it gathers the appends that wait,
// runs them in one transaction, commits once, and answers nobody before COMMIT
// has returned. An append that is refused changes nothing for the others. Reads run beside it on connections that cannot
// write. Every commit is synced (WAL, synchronous=FULL): an acknowledged append
// survives the process and the power.
package sqlite
