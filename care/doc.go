// Package care holds the words all packages share: identifiers, codes,
// calendars, periods, posts, items and refusals.
//
// It is pure: nothing here reads a clock, a random source, a file or a
// database. A word moves here when a second package needs it.
package care
