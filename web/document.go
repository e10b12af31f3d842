package web

import (
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"forlop/care"
	"forlop/casework"
)

// documentField is the name of the field that a document comes in.
const documentField = "attachment"

// bringsDocument reports whether a document may come with a form.
func bringsDocument(r *http.Request) bool {
	return r.URL.Path == "/referrals/new" || r.URL.Path == "/me/findings" || strings.HasSuffix(r.URL.Path, "/do/record-finding")
}

// documentAsk asks staff for a document.
var documentAsk = ask{name: documentField, kind: askFile, hint: documentField}

// document is what came with the form, nil where nothing did; ok is false where
// it could not be read. Its kind is told from its bytes, whatever it is called.
func (c *call) document() (a *casework.Attachment, ok bool) {
	if c.r.MultipartForm == nil || len(c.r.MultipartForm.File[documentField]) == 0 {
		return nil, true
	}
	head := c.r.MultipartForm.File[documentField][0]
	if head.Size == 0 && head.Filename == "" {
		return nil, true
	}
	file, err := head.Open()
	if err != nil {
		return nil, false
	}
	defer func() { _ = file.Close() }() // read whole below
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, false
	}
	kind, _, _ := mime.ParseMediaType(http.DetectContentType(content))
	name := path.Base(strings.ReplaceAll(head.Filename, "\\", "/"))
	if len([]rune(name)) > longestLine {
		name = string([]rune(name)[:longestLine])
	}
	return &casework.Attachment{Name: name, Type: kind, Content: content}, true
}

// attached is the document that came with a staff form; a fault where it cannot
// be read.
func (c *call) attached(p page, f *filled) *casework.Attachment {
	a, ok := c.document()
	if !ok {
		f.fault(documentField, p.T("staff.form.attachment"))
	}
	return a
}

// sendAttachment hands over the document that came with a referral.
func sendAttachment(c *call) error {
	a, err := casework.View(c.r.Context(), c.s.service, c.who, casework.GetAttachment{Journey: c.r.PathValue("id")})
	if err != nil {
		return err
	}
	c.hand(a)
	return nil
}

// sendFinding hands over the document of something that was examined before.
func sendFinding(c *call) error {
	n, err := strconv.Atoi(c.r.PathValue("finding"))
	if err != nil {
		return care.Missing("no-finding-file", "No document came with this examination.")
	}
	a, err := casework.View(c.r.Context(), c.s.service, c.who, casework.GetFindingFile{Journey: c.r.PathValue("id"), Finding: n})
	if err != nil {
		return err
	}
	c.hand(a)
	return nil
}

// hand sends a document to be saved. It is never shown in the page, and nothing in
// it may run.
func (c *call) hand(a casework.Attachment) {
	h := c.w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = c.w.Write(a.Content) // the reader has gone; there is nobody to tell
}

// findingFile is the address of the document of something that was examined.
func findingFile(journey string, finding int) string {
	return "/journeys/" + journey + "/findings/" + strconv.Itoa(finding)
}

// carriesFiles is how a form with a document in it is sent.
var carriesFiles = templ.Attributes{"enctype": "multipart/form-data"}

func sentAs(asks []ask) templ.Attributes {
	if slices.ContainsFunc(asks, func(a ask) bool { return a.kind == askFile }) {
		return carriesFiles
	}
	return nil
}

func (f sheet) sentAs() templ.Attributes {
	if slices.ContainsFunc(f.fields, func(x field) bool { return x.kind == "file" }) {
		return carriesFiles
	}
	return nil
}
