// Package worklist is what people arrange around their lists: views that are kept
// by name, things that sleep until a day, and how many patients a post can hold.
//
// What stands on a list is never decided here: the items come from the streams of
// journeys and persons, and every one of them has its date there. A thing can
// sleep only while it is not late, and wakes at the latest on the day it is due or
// when it changes, so that nothing is hidden by being put aside (L7).
//
// There is one stream for each unit, which its posts share, and one for each
// professional's own views.
package worklist
