package messaging

import (
	"slices"
	"time"

	"forlop/care"
)

// Channel is a way in which a notice goes out.
type Channel string

// The channels. OnPage sends nothing: the person's own page says it.
const (
	OnPage   Channel = "page"
	ByEmail  Channel = "email"
	BySMS    Channel = "sms"
	ByLetter Channel = "letter"
	ByPhone  Channel = "phone"
)

// Carried reports whether a machine carries it: the others are carried by people,
// or need no carrying.
func (c Channel) Carried() bool { return c == ByEmail || c == BySMS }

// Level is how far a notice has come (L13). None is before it has left us.
type Level string

// The levels, each implying the ones before it.
const (
	None       Level = ""
	HandedOver Level = "handed-over" // a nudge has left us; nobody has said that they took it
	Accepted   Level = "accepted"    // the mail server or the SMS gateway took it
	HasReached Level = "reached"     // opened, read aloud, or posted with its expected day
)

// Receipt is that something reached somebody: how, when and who says so.
type Receipt struct {
	How care.Channel `json:"how"`
	// At is when it reached them; of a letter, the end of its expected day.
	At time.Time `json:"at"`
	// Expected marks a letter handed to the post.
	Expected bool `json:"expected,omitempty"`
}

// About is what a notice is about, without saying anything of the matter.
type About string

// News is what a notice is about whose subject has no word of its own.
const News About = "news"

// abouts is the closed list, with the words that journeys use for what they owe.
var abouts = []About{
	"received", "answered", "redirected", "meeting-called", "meeting-held", "ended", "reopened", "moved", "changed", "planned",
	"owner-changed", "waiting", "form", "thread", News,
}

// AboutOf is the subject of that name, or News.
func AboutOf(name string) About {
	if slices.Contains(abouts, About(name)) {
		return About(name)
	}
	return News
}

// Source is the one cause of a notice. The same cause is told once.
type Source struct {
	// Stream is where the cause lies, such as "journey/0198…".
	Stream string `json:"stream"`
	// Item is the open thing in it, such as "telling/3".
	Item string `json:"item"`
}
