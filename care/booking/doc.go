// Package booking is what is arranged for a person at a time: copies of the record
// system's bookings, wishes about them, and the common time that is found for a
// meeting.
//
// The record system stays the owner of its bookings: here stands a copy, with its
// source and the time of the copy. The program books itself only what nobody else
// books: collaboration meetings and courses. A slot is a stream of its own
// (schedule/ID), so that two who take the last seat meet in one version of it, and
// one of them gets it.
package booking
