// Package store is the event log, its read models and the vault: the contract
// that memory, SQLite and PostgreSQL keep, and storetest judges.
//
// The store knows streams, versions and rows; it does not know the domain. No
// rule lives here.
package store
