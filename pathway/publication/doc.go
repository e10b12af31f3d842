// Package publication holds the life of a pathway's versions: who published
// one, who approved it, where it is in use from which day, and what was taken
// back.
//
// There is one stream for each pathway, with all its versions. A version's
// bytes lie on the shelf under their hash and never change; this stream says
// what may be done with them. Three laws:
//
// Two persons. A version is published by one and approved by another; it comes
// into use, is taken back, is retired and is reworded when one has proposed it
// and another has confirmed it. Nobody confirms their own proposal, whatever
// posts they hold.
//
// No journey opens on a version that is not in use where it opens. A national
// text is activated for a unit and everything under it, or for the whole site. A
// draft has no national text behind it: a unit adopts it as its own, by two
// persons who hold the unit's post for it, and only that unit and those under it
// use it. Pages then say whose pathway it is.
//
// What happened stays. Retiring and taking back end what opens from now on;
// journeys that run are pinned to their version, and every version can be read
// for ever. Wording has revisions of its own, each from an instant, so that
// TextAt says which words were shown at any time.
package publication
