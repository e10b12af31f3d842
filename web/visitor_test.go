package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"forlop/care"

	"golang.org/x/net/html"
)

// A visitor is somebody logged in, without a browser: fast, and able to send
// what a browser would not.
type visitor struct {
	t      *testing.T
	h      *house
	who    care.Actor
	client *http.Client
}

// visit logs somebody in. Redirects are followed, as a browser does.
func (h *house) visit(a care.Actor) *visitor {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	v := &visitor{t: h.t, h: h, who: a, client: &http.Client{Jar: jar}}
	v.logIn()
	return v
}

// logIn opens a new session: one ends when days pass.
func (v *visitor) logIn() {
	v.t.Helper()
	resp, err := v.client.Get(v.h.login(v.who, "/privacy"))
	if err != nil {
		v.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		v.t.Fatal(err)
	}
}

// A sheet is one page that was answered.
type sheet struct {
	t      *testing.T
	status int
	path   string // with its query, after redirects
	root   *html.Node
}

func (v *visitor) page(resp *http.Response, err error) *sheet {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		v.t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		v.t.Fatal(err)
	}
	p := &sheet{t: v.t, status: resp.StatusCode, path: resp.Request.URL.RequestURI(), root: root}
	if said := p.text("body"); strings.Contains(said, "‹") || strings.Contains(said, "{") {
		v.t.Errorf("%s has a text that is not there or not filled: %s", p.path, around(said))
	}
	return p
}

// around is the part of a long text that holds what is wrong with it.
func around(text string) string {
	i := strings.IndexAny(text, "‹{")
	return text[max(0, i-80):min(len(text), i+120)]
}

func (v *visitor) get(path string) *sheet {
	v.t.Helper()
	return v.page(v.client.Get(v.h.url + path))
}

func (v *visitor) post(path string, form url.Values) *sheet {
	v.t.Helper()
	return v.page(v.client.PostForm(v.h.url+path, form))
}

// send fills the form with that action on a page, with what it proposes, and
// sends it with the changes given as name, value.
func (v *visitor) send(p *sheet, action string, changes ...string) *sheet {
	v.t.Helper()
	form := p.form(action)
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return v.post(action, form)
}

// nodes are the elements of a page that match: a tag, and attributes as name,
// value where an empty value means any.
func (p *sheet) nodes(tag string, attributes ...string) []*html.Node {
	var found []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) && matches(n, attributes) {
			found = append(found, n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(p.root)
	return found
}

func matches(n *html.Node, attributes []string) bool {
	for i := 0; i+1 < len(attributes); i += 2 {
		value, there := attribute(n, attributes[i])
		if !there || attributes[i+1] != "" && value != attributes[i+1] {
			return false
		}
	}
	return true
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func value(n *html.Node, name string) string {
	v, _ := attribute(n, name)
	return v
}

// text is what a reader sees in the elements that match.
func (p *sheet) text(tag string, attributes ...string) string {
	var b strings.Builder
	for _, n := range p.nodes(tag, attributes...) {
		b.WriteString(textOfNode(n))
		b.WriteString("\n")
	}
	return b.String()
}

func textOfNode(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		// A date or a name in another language does not part the words around it.
		inline := n.Type == html.ElementNode && (n.Data == "time" || n.Data == "span" && value(n, "lang") != "")
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if !inline && n.Type == html.ElementNode {
			b.WriteString(" ")
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// has reports whether anything matches.
func (p *sheet) has(tag string, attributes ...string) bool {
	return len(p.nodes(tag, attributes...)) > 0
}

// form is what a form would send as it stands: of the first form with that
// action, and with the item where one is given.
func (p *sheet) form(action string, item ...string) url.Values {
	p.t.Helper()
	for _, f := range p.nodes("form", "action", action, "method", "post") {
		values := url.Values{}
		inner := &sheet{t: p.t, root: f}
		for _, n := range inner.nodes("input", "name", "") {
			kind := value(n, "type")
			if _, checked := attribute(n, "checked"); (kind == "radio" || kind == "checkbox") && !checked || kind == "file" {
				continue
			}
			values.Add(value(n, "name"), value(n, "value"))
		}
		for _, n := range inner.nodes("textarea", "name", "") {
			values.Add(value(n, "name"), textOfNode(n))
		}
		for _, n := range inner.nodes("select", "name", "") {
			chosen := ""
			for i, o := range (&sheet{t: p.t, root: n}).nodes("option") {
				if _, selected := attribute(o, "selected"); selected || i == 0 {
					chosen = value(o, "value")
				}
			}
			values.Add(value(n, "name"), chosen)
		}
		if len(item) == 0 || values.Get("item") == item[0] {
			return values
		}
	}
	p.t.Fatalf("%s has no form %s %v:\n%s", p.path, action, item, p.text("main"))
	return nil
}
