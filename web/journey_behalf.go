package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"forlop/care"
)

// behalfAsks are the end of every staff form: whose act it records and how it
// reached us, and when it happened. Most recording is for someone who is not
// logged in.
func (s *scene) behalfAsks() []ask {
	var whose []choice
	whose = append(whose, s.picks("party", string(care.PartyPatient), string(care.PartyRelative))...)
	for _, post := range s.takingPart() {
		whose = append(whose, choice{value: post.String(), label: s.post(post)})
	}
	for _, c := range s.posts(nil) {
		if !hasChoice(whose, c.value) {
			whose = append(whose, c)
		}
	}
	whose = append(whose, s.picks("party", string(care.PartyOther))...)
	return []ask{
		partyOf("behalf", whose...).with("behalf"),
		oneOf("how", s.picks("how", string(care.ByPhone), string(care.ByLetter), string(care.ByMessage), string(care.ByMeeting))...).as("behalf-how"),
		momentOf("happened").with("happened"),
	}
}

// behalfStands reports whether what stands under "on whose behalf" must be seen:
// somebody or another time is chosen, or something there was refused.
func (x actionPage) behalfStands(p page) bool {
	for _, name := range []string{"behalf", "behalf-name", "how"} {
		if x.values.Get(name) != "" || p.fault(name) != "" {
			return true
		}
	}
	moment := strings.TrimSpace(x.values.Get("happened") + " " + x.values.Get("happened-time"))
	return moment != "" && moment != x.values.Get("opened") || p.fault("happened") != "" || p.fault("happened-time") != ""
}

func hasChoice(list []choice, value string) bool {
	for _, c := range list {
		if c.value == value {
			return true
		}
	}
	return false
}

// nowIn fills the time of an act with now, and remembers what it was filled
// with: left alone it means the very moment the form is sent.
func (s *scene) nowIn(v url.Values) {
	local := s.v.Now.In(s.v.Calendar.Zone())
	date, clock := s.today.String(), local.Format("15:04")
	v.Set("happened", date)
	v.Set("happened-time", clock)
	v.Set("opened", date+" "+clock)
}

// onBehalf is whose act is recorded; nil where it is the reader's own.
func (f *filled) onBehalf() *care.OnBehalf {
	of := f.party("behalf")
	if of == (care.Party{}) {
		return nil
	}
	return &care.OnBehalf{Of: of, How: care.Channel(f.text("how"))}
}

// checkBehalf holds that an act for somebody says how it reached us.
func (f *filled) checkBehalf() {
	if f.text("behalf") != "" && f.text("how") == "" {
		f.fault("how", f.p.T("staff.form.how-missing"))
	}
	if f.text("behalf") == "" && f.text("behalf-name") != "" {
		f.fault("behalf", f.p.T("staff.form.behalf-other"))
	}
}

// happened is when it happened; zero means now.
func (f *filled) happened() time.Time {
	if f.text("happened") == "" || f.text("happened")+" "+f.text("happened-time") == f.text("opened") {
		return time.Time{}
	}
	return f.moment("happened")
}

// seen is the version of the item that was on the screen.
func (f *filled) seen() care.Seen {
	n, err := strconv.Atoi(f.text("seen"))
	if err != nil || n < 0 {
		return 0
	}
	return care.Seen(n)
}
