// Package directory holds units, the posts in them, and who fills each post
// when.
//
// Journeys name posts, not people. A leaver, a holiday or a closing is one event
// in one unit's stream, and every journey keeps its responsible post (L1): what
// nobody holds falls to the unit's desk, then to the fallback post, then to the
// desk of the unit above, and at last to the named lead of the root. A lead's own
// post falls to the leads above, so that what climbs ends with a named person
// (L7). So three things are refused here: a root without a lead at any instant, a
// closing without a successor, and a tree that runs in a circle.
//
// There are two kinds of stream, unit and professional. A unit's name, phone,
// opening hours and note describe a service and are shown to everyone; they say
// nothing about a person. A professional's name lies in the vault under the
// professional's id; events carry the id alone.
//
// Directory is a snapshot of all units, made by New, that answers who holds what.
package directory
