package web_test

import (
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/web"
)

// writing is a new version of no.pain that an author is writing: its
// pathway.yaml with one place changed.
func writing(t *testing.T, change ...string) web.Folder {
	t.Helper()
	files := fstest.MapFS{}
	folder, _ := library.Files("no.pain")
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "pathway.yaml" {
			changed := strings.NewReplacer(change...).Replace(strings.Replace(string(b), `version: "2025.04"`, `version: "2031.01"`, 1))
			if changed == string(b) || !strings.Contains(changed, "2031.01") {
				t.Fatal("nothing was changed")
			}
			b = []byte(changed)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	return web.Folder{Name: "new no.pain", Writing: true, Files: files}
}

// approvers gives the trust two persons who hold the post for pathways.
func (h *house) approvers() (first, second care.Actor) {
	h.t.Helper()
	for _, id := range []string{"astrid", "turid"} {
		h.setUp("trust", directory.Join{Professional: id, Role: care.PathwayApprover})
	}
	at := func(id string) care.Actor { return care.Actor{Kind: care.Professional, ID: id, Unit: "trust"} }
	return at("astrid"), at("turid")
}

const newVersion = "/pathways/no.pain/2031.01"

// From a remark in the file to a version that new journeys start with: two
// persons, in a browser without scripts.
func TestAVersionComesIntoUseByTwoPersons(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	first, second := h.approvers()
	shipped := h.folders

	// The author has left an unknown role in the file.
	h.folders = append(slices.Clone(shipped), writing(t, "who: team", "who: teem"))
	screen := desk
	screen.noScripts, screen.language = true, "en"
	author := &stroll{tab: openTab(t, screen), h: h}
	author.in(first, "/pathways")
	if !strings.Contains(author.text("#todo"), "cannot be published") {
		t.Fatalf("the library does not say what is wrong:\n%s", author.text("main"))
	}
	author.press("#todo a")
	if !author.has(".source .in-place") || !strings.Contains(strings.Join(author.texts(".in-place"), " "), "teem") {
		t.Fatalf("the remark does not stand in its place:\n%s", author.text("#found"))
	}
	author.goTo(h.url + newVersion + "/publish")
	if author.has("a[href$='/do/publish']") || !strings.Contains(author.text("#checks"), "Stands in the way") {
		t.Fatalf("a version with errors can be published:\n%s", author.text("main"))
	}

	// Mended: a tighter limit, and the version can go on.
	h.folders = append(slices.Clone(shipped), writing(t, "to: assessment-started, within: 12 weeks", "to: assessment-started, within: 10 weeks"))
	author.goTo(h.url + newVersion + "/publish")
	if author.has("select[name=act-from]") {
		author.press("form[action='/work/post'] button")
	}
	author.press("a[href$='/do/publish']")
	author.press("main form .button[type=submit]")
	if !author.has(".told") {
		t.Fatalf("it was not published:\n%s", author.text("main"))
	}
	// The same person is not the second one.
	author.press("a[href$='/do/approve']")
	if got := author.press("main form .button[type=submit]"); got != http.StatusForbidden || !author.has(".faults") {
		t.Fatalf("one person approves what they published: %d\n%s", got, author.text("main"))
	}

	other := &stroll{tab: openTab(t, screen), h: h}
	other.in(second, "/pathways")
	other.goTo(h.url + newVersion + "/diff?from=2025.04")
	other.picture("author-diff")
	if !strings.Contains(other.text("main"), "10 weeks") {
		t.Errorf("the diff does not say what changed:\n%s", other.text("main"))
	}
	if other.goTo(h.url + newVersion + "/publish"); other.has("select[name=act-from]") {
		other.press("form[action='/work/post'] button")
	}
	other.press("a[href$='/do/approve']")
	other.press("main form .button[type=submit]")
	other.press("a[href$='/do/use']")
	other.choose("select[name=unit]", "trust")
	other.press("main form .button[type=submit]")
	if !other.has("#proposals") {
		t.Fatalf("nothing was proposed:\n%s", other.text("main"))
	}
	other.press("#proposals a[href*='/do/confirm']")
	if got := other.press("main form .button[type=submit]"); got != http.StatusForbidden {
		t.Fatalf("one person confirms what they proposed: %d", got)
	}
	author.goTo(h.url + newVersion + "/publish")
	author.press("#proposals a[href*='/do/confirm']")
	author.press("main form .button[type=submit]")
	if got := author.text(".strip"); !strings.Contains(got, "In use") {
		t.Errorf("it is not in use:\n%s", got)
	}
	author.picture("author-in-use")
	ref, err := h.s.Active(t.Context(), "no.pain", "clinic")
	if err != nil || ref.Version != "2031.01" {
		t.Errorf("journeys at the clinic open with %s, %v", ref, err)
	}
}

// Without the post for pathways nothing is published; without a key nothing
// happens; a form that is sent twice acts once.
func TestAuthorFormsAreHeld(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	first, _ := h.approvers()
	h.folders = append(h.folders, writing(t, "no such text", ""))
	reader := h.visit(coordinator.Actor)
	if reader.get(newVersion+"/publish").has("a", "href", newVersion+"/do/publish") {
		t.Error("a coordinator, who cannot publish, is offered to")
	}
	form := reader.get(newVersion + "/do/publish").form(newVersion + "/do/publish")
	if got := reader.post(newVersion+"/do/publish", form); got.status < 400 {
		t.Errorf("a coordinator publishes: %d", got.status)
	}
	author := h.visit(first)
	author.post("/work/post", url.Values{"act-from": {"trust/pathway-approver"}, "to": {"/pathways"}})
	form = author.get(newVersion + "/do/publish").form(newVersion + "/do/publish")
	if got := author.post(newVersion+"/do/publish", url.Values{}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("without a key: %d", got.status)
	}
	for range 2 {
		if got := author.post(newVersion+"/do/publish", form); got.status != http.StatusOK || !got.has("section", "class", "told") {
			t.Errorf("%s answers %d: %s", got.path, got.status, got.text("main"))
		}
	}
	v, err := casework.View(t.Context(), h.s, worker("astrid", "trust", care.PathwayApprover), casework.PathwayVersion{Ref: pathway.Ref{ID: "no.pain", Version: "2031.01"}})
	if err != nil || len(v.History) != 1 {
		t.Errorf("%d things happened to it: %v", len(v.History), err)
	}
	if got := author.get("/pathways/no.pain/2031.01/do/dance"); got.status != http.StatusNotFound {
		t.Errorf("an unknown act: %d", got.status)
	}
}

// A folder with the same structure and other words offers them to a second
// person, and they are shown once both have said yes.
func TestOtherWordsTakeTwoPersons(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	first, second := h.approvers()
	files := fstest.MapFS{}
	shipped, _ := library.Files("no.pain")
	if err := fs.WalkDir(shipped, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(shipped, name)
		if name == "text.en.yaml" {
			b = []byte(strings.Replace(string(b), "title: ", "title: Anew – ", 1))
		}
		files[name] = &fstest.MapFile{Data: b}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h.folders = append([]web.Folder{{Name: "words", Writing: true, Files: files}}, h.folders...)
	const version = "/pathways/no.pain/2025.04"
	post := url.Values{"act-from": {"trust/pathway-approver"}, "to": {version}}
	author, other := h.visit(first), h.visit(second)
	author.post("/work/post", post)
	other.post("/work/post", post)
	form := author.get(version + "/do/reword").form(version + "/do/reword")
	if got := author.post(version+"/do/reword", form); got.status != http.StatusOK || !got.has("section", "id", "proposals") {
		t.Fatalf("%d: %s", got.status, got.text("main"))
	}
	if got := author.send(author.get(version+"/do/confirm?n=2"), version+"/do/confirm?n=2"); got.status != http.StatusForbidden {
		t.Errorf("one person confirms their own words: %d %s", got.status, got.text("main"))
	}
	if got := other.send(other.get(version+"/do/confirm?n=2"), version+"/do/confirm?n=2"); got.status != http.StatusOK {
		t.Errorf("%d: %s", got.status, got.text("main"))
	}
	def, err := h.s.Pathway(t.Context(), pathway.Ref{ID: "no.pain", Version: "2025.04"})
	if err != nil || !strings.HasPrefix(def.Texts[care.English].Title, "Anew") {
		t.Errorf("it is called %q: %v", def.Texts[care.English].Title, err)
	}
}
