// Package messaging decides what is told to whom: notices, the way each is sent,
// every attempt with its outcome, and the receipt that its kind needs.
//
// One stream holds the notices of one person. A notice has one cause, so that
// nobody is told the same thing twice; a sending carries one or more notices by
// one channel, so that a person gets one word about a day's news and not five.
// Nothing counts as told before it has reached them (L13): handed over and
// accepted are said as what they are. What could not be sent becomes one task
// with an owner; silence closes nothing.
//
// What is sent by e-mail or SMS is made of closed templates with no health
// content in them. Letters and calls say what the person would read on their
// page, since that is how they are served.
package messaging
