package web

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"forlop/care"
	"forlop/casework"
)

// bodyKey is where a form is kept as it came, for one request; unsentKey where it
// stands which kept form is being sent again.
type (
	bodyKey   struct{}
	unsentKey struct{}
)

// unsentSeconds is how long a browser can claim a form that nobody was logged in
// for. Ours, no source.
const unsentSeconds = 3600

// An unsentForm is what somebody wrote and could not send.
type unsentForm struct {
	id, when string
	words    []string
	files    []string
}

// keep keeps the form that came in for its writer, and reports whether there was
// anything to keep.
func (c *call) keep() (bool, error) {
	body, _ := c.r.Context().Value(bodyKey{}).([]byte)
	if c.r.URL.Path == "/unsent" || len(body) == 0 || c.r.PostFormValue("key") == "" && len(wordsIn(c.r.PostForm)) == 0 {
		return false, nil
	}
	if id, again := c.r.Context().Value(unsentKey{}).(string); again && id != "" {
		return true, nil // it is kept already
	}
	claim, err := c.s.service.KeepUnsent(c.r.Context(), c.token(), casework.Unsent{
		Path: localPath(c.r.URL.RequestURI()), Type: c.r.Header.Get("Content-Type"), Body: body,
	})
	if err != nil {
		return false, err
	}
	if claim != "" {
		setSecret(c.w, c.r, unsentCookie, claim, unsentSeconds)
	}
	return true, nil
}

// sent forgets a kept form once its page has answered: it was taken, or stands
// before its writer again with what is wrong.
func (c *call) sent() error {
	id, again := c.r.Context().Value(unsentKey{}).(string)
	if !again {
		return nil
	}
	return c.s.service.DropUnsent(c.r.Context(), c.who, id)
}

// showUnsent shows what the reader wrote and could not send.
func showUnsent(c *call) error {
	forms, err := c.s.service.UnsentForms(c.r.Context(), c.who)
	if err != nil {
		return err
	}
	p, err := c.ownPage("unsent.title")
	if err != nil {
		return err
	}
	shown := make([]unsentForm, 0, len(forms))
	for _, u := range forms {
		values, files := readKept(u)
		shown = append(shown, unsentForm{
			id: u.ID, when: p.T("sessions.when", "moment", p.moment(u.At.In(c.calendar().Zone()))), words: wordsIn(values), files: files,
		})
	}
	return write(c.w, c.r, http.StatusOK, unsentBody(p, shown, home(c.who.Actor)))
}

// sendUnsent sends a kept form as it came, with its own key, or throws it away.
func sendUnsent(c *call) error {
	forms, err := c.s.service.UnsentForms(c.r.Context(), c.who)
	if err != nil {
		return err
	}
	id := c.r.PostFormValue("id")
	i := slices.IndexFunc(forms, func(u casework.Unsent) bool { return u.ID == id })
	if i < 0 {
		return care.Missing("no-such-form", "This was sent or thrown away already.")
	}
	if c.r.PostFormValue("do") == "drop" {
		if err := c.s.service.DropUnsent(c.r.Context(), c.who, id); err != nil {
			return err
		}
		http.Redirect(c.w, c.r, "/unsent", http.StatusSeeOther)
		return nil
	}
	u, err := url.Parse(localPath(forms[i].Path))
	if err != nil || u.Path == "/unsent" {
		return care.Missing("no-such-form", "This was sent or thrown away already.")
	}
	r := c.r.Clone(context.WithValue(c.r.Context(), unsentKey{}, id))
	r.URL, r.RequestURI = u, u.RequestURI()
	r.Header.Set("Content-Type", forms[i].Type)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(forms[i].Body)), int64(len(forms[i].Body))
	r.Form, r.PostForm, r.MultipartForm = nil, nil, nil
	c.s.limited(c.s.pages).ServeHTTP(c.w, r)
	return nil
}

// readKept reads the fields of a kept form, and the names of its documents.
func readKept(u casework.Unsent) (url.Values, []string) {
	kind, params, err := mime.ParseMediaType(u.Type)
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		values, _ := url.ParseQuery(string(u.Body)) // it was read once before it was kept
		return values, nil
	}
	form, err := multipart.NewReader(bytes.NewReader(u.Body), params["boundary"]).ReadForm(mostUpload)
	if err != nil {
		return nil, nil
	}
	var files []string
	for _, headers := range form.File {
		for _, h := range headers {
			if h.Filename != "" {
				files = append(files, h.Filename)
			}
		}
	}
	slices.Sort(files)
	return form.Value, files
}

// unseen are fields that pages fill in themselves.
var unseen = []string{"key", "seen", "opened", "item", "to-page", "to", "then", "back", "version", "token", "id", "do", "now", whomField, "person"}

// wordsIn are the words that somebody typed into a form, field by field. What was
// chosen from a list is left out: it is sent again all the same.
func wordsIn(form url.Values) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	var words []string
	for _, name := range names {
		if slices.Contains(unseen, name) {
			continue
		}
		for _, value := range form[name] {
			if value = strings.TrimSpace(value); value != "" && (typed(name) || strings.ContainsAny(value, " \n") || strings.ToLower(value) != value) {
				words = append(words, value)
			}
		}
	}
	return words
}

// typed are fields that hold a person's own words whatever they look like.
func typed(name string) bool {
	return slices.Contains([]string{"words", "text", "message", "said", "note", "story", "matters", "reason", "why", "name"}, name)
}
