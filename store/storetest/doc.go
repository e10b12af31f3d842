// Package storetest is the suite that every store passes: the contract of
// package store, said in tests.
//
// A new store calls Run, and RunDurable where it keeps what it acknowledged over
// a restart. Nothing here knows which store it judges.
package storetest
