// Package forlop_test holds the shape of the repository as a test: which
// package may import which and why, where the clock and the outside world are
// allowed, and that the tree in docs/architecture.md is true.
//
// This file is the agreement; layout_rules_test.go reads the code and compares.
package forlop_test

import (
	"flag"
	"os"
	"testing"
)

// An edge is one allowed import between our own packages.
type edge struct{ from, to, why string }

// edges are the imports that product code may have. Imports point towards care:
// the domain does not know the store, the store does not know the domain, and
// only casework knows both. An edge that nobody uses any more fails as well.
var edges = []edge{
	{"pathway", "care", "definitions speak of roles, regimes, languages and spans"},
	{"pathway/publication", "care", "acts, posts and items are shared words"},
	{"pathway/publication", "pathway", "what is published is a version of a pathway"},
	{"pathway/library", "pathway", "the shipped pathways are read by the one parser"},
	{"journey", "care", "events, commands and items use the shared words"},
	{"journey", "pathway", "Decide reads the definition the journey is pinned to"},

	{"care/person", "care", "wishes, limits and findings use the shared words"},
	{"care/booking", "care", "bookings, wishes and common times use the shared words"},
	{"care/directory", "care", "units and posts are named by the shared words"},
	{"care/booking", "care", "appointments name persons and posts"},
	{"care/messaging", "care", "notices name persons, languages and channels"},
	{"care/questionnaire", "care", "forms name persons and languages"},
	{"care/worklist", "care", "a worklist folds items and knows nothing else"},

	{"improvement/rollout", "care", "a campaign's events, commands and items use the shared words"},
	{"improvement/rollout", "pathway", "a campaign names two versions and the mapping between them"},

	{"access", "care", "the policy speaks of actors, units and bases"},
	{"access/provider", "care", "what an account may not do is a refusal"},
	{"access/login", "care", "who logs in where is a kind of actor, and what does not hold is a refusal"},

	{"store", "care", "envelopes, items and command keys are shared words"},
	{"store/memory", "store", "fulfils the store contract"},
	{"store/memory", "care", "the contract's arguments are shared words"},
	{"store/sqlite", "store", "fulfils the store contract"},
	{"store/sqlite", "care", "the contract's arguments are shared words"},
	{"store/postgres", "store", "fulfils the store contract"},
	{"store/postgres", "care", "the contract's arguments are shared words"},
	{"store/storetest", "store", "the suite every store must pass"},
	{"store/storetest", "care", "the suite builds envelopes of shared words"},

	{"casework", "care", "commands, actors and refusals are shared words"},
	{"casework", "care/person", "one of the deciders it loads and appends for"},
	{"casework", "care/booking", "one of the deciders it loads and appends for"},
	{"casework", "care/directory", "one of the deciders it loads and appends for"},
	{"casework", "care/messaging", "one of the deciders it loads and appends for; what leaves the house is one of its templates"},
	{"casework", "care/questionnaire", "one of the deciders it loads and appends for"},
	{"casework", "care/worklist", "a worklist is a question it answers"},
	{"casework", "improvement/rollout", "one of the deciders it loads and appends for"},
	{"casework", "journey", "one of the deciders it loads and appends for"},
	{"casework", "pathway/publication", "one of the deciders it loads and appends for; journeys open with what is in use"},
	{"casework", "pathway", "it hands Decide the definition a journey is pinned to"},
	{"casework", "access", "nothing is done or shown before access has answered"},
	{"casework", "store", "it appends and reads through the contract, never a given store"},

	{"simulation", "casework", "the simulated service is the live one under a virtual clock"},
	{"simulation", "store", "it reads timers, rows and worklists through the contract"},
	{"simulation", "store/memory", "a simulated service keeps its log in memory"},
	{"simulation", "care", "simulated persons act by the shared words"},
	{"simulation", "care/directory", "a simulated region has units and posts"},
	{"simulation", "care/booking", "the demo's people have copied appointments, and wishes about them"},
	{"simulation", "care/questionnaire", "the demo's people answer forms"},
	{"simulation", "care/person", "examples say what is true of a person whatever the journey"},
	{"simulation", "access", "simulated persons decide who may see and act for them"},
	{"simulation", "journey", "simulated persons give the engine's commands"},
	{"simulation", "pathway", "what is simulated is a pathway version"},

	{"web", "access/login", "the login page sends people to providers and takes what they come back with"},
	{"web", "access/provider", "the pages of the site's own provider: logging in and setting up an account"},
	{"web", "casework", "every page asks and every form acts through casework"},
	{"web", "access", "pages show and forms change who may see and act"},
	{"web", "care", "pages show posts, languages and refusals"},
	{"web", "care/person", "pages show wishes, limits and findings"},
	{"web", "care/booking", "pages show appointments, wishes and common times"},
	{"web", "care/directory", "pages show units and who fills their posts"},
	{"web", "care/questionnaire", "pages show a form's questions, answers and sums"},
	{"web", "care/messaging", "letters, calls and closed templates say what is told to whom"},
	{"web", "care/worklist", "the worklist page shows its order"},
	{"web", "journey", "forms become the engine's commands, pages show its state"},
	{"web", "pathway", "pages show the pathway's own texts"},
	{"web", "simulation", "an author sees the patient's page of a synthetic journey, day by day"},
	{"web", "improvement/rollout", "authors propose, confirm and stop the moving of running journeys"},
	{"web", "pathway/publication", "authors see and decide who stands behind a version and where it is in use"},
	{"web", "simulation", "an author sees the patient's page of a synthetic journey, day by day"},
	{"web", "docs", "the check of texts reads the glossary that people read"},

	{"cmd/forlop", "access", "bench counts decisions of access"},
	{"cmd/forlop", "access/login", "reads the settings of the providers that people log in at"},
	{"cmd/forlop", "care/messaging", "wires the ways in which notices leave"},
	{"cmd/forlop", "care", "prints posts, persons and refusals"},
	{"cmd/forlop", "care/directory", "measures a site of units and posts"},
	{"cmd/forlop", "care/questionnaire", "lists, lints and imports questionnaires"},
	{"cmd/forlop", "pathway", "lints, tests and explains pathway folders"},
	{"cmd/forlop", "pathway/publication", "two persons bring pathways into use from the command line"},
	{"cmd/forlop", "pathway/library", "the shipped pathways are in the binary"},
	{"cmd/forlop", "improvement/rollout", "proposes, starts and stops moves of running journeys"},
	{"cmd/forlop", "journey", "prints journeys"},
	{"cmd/forlop", "access/provider", "wires the site's own provider to the vault"},
	{"cmd/forlop", "casework", "wires the one way in"},
	{"cmd/forlop", "store", "wires a store behind the contract"},
	{"cmd/forlop", "store/memory", "wires the store that --database chooses"},
	{"cmd/forlop", "store/sqlite", "wires the store that --database chooses"},
	{"cmd/forlop", "store/postgres", "wires the store that --database chooses"},
	{"cmd/forlop", "simulation", "fills the demo with simulated people"},
	{"cmd/forlop", "web", "serves the pages"},
}

// testEdges are imports that only test files have. Tests may reach further down
// than their package, never up to one that stands on it unless they judge the
// whole from outside.
var testEdges = []edge{
	{"access/provider", "access/login", "the provider is tested through the relying party that stands before it"},
	{"journey", "pathway/library", "the engine is tested on the shipped pathways"},
	{"store", "store/memory", "a changed site key is tried on a real store"},
	{"store/memory", "store/storetest", "the suite judges this store"},
	{"store/sqlite", "store/storetest", "the suite judges this store"},
	{"store/postgres", "store/storetest", "the suite judges this store, on the server it starts"},
	{"store/postgres", "store/memory", "random lives are lived in both and compared"},
	{"store/sqlite", "store/memory", "random lives are lived in both and compared"},
	{"casework", "store/memory", "nothing of ours is mocked: a real store in memory"},
	{"casework", "store/sqlite", "what must survive a restart and two processes runs on a real database file"},
	{"casework", "pathway/library", "cases run on the shipped pathways"},
	{"simulation", "pathway/publication", "random lives read every event there is"},
	{"simulation", "access", "random lives read every event there is"},
	{"simulation", "pathway/library", "the examples and the random lives run on the shipped pathways"},
	{"simulation", "care/messaging", "a clinic that is played posts letters, makes calls and counts them"},
	{"simulation", "store/sqlite", "a short run of random lives on a real database file"},
	{"web", "store", "a tested service needs keys to seal with"},
	{"web", "store/memory", "pages are tested over a real service"},
	{"web", "pathway/library", "pages are tested with the shipped pathways"},
	{"casework", "store/postgres", "some tests run again on each database"},
	{"casework", "store/storetest", "starts the PostgreSQL server that tests run on"},
	{"simulation", "store/postgres", "some tests run again on each database"},
	{"simulation", "store/storetest", "starts the PostgreSQL server that tests run on"},
	{"web", "store/sqlite", "some tests run again on each database"},
	{"web", "store/postgres", "some tests run again on each database"},
	{"cmd/forlop", "store/storetest", "starts the PostgreSQL server that tests run on"},
	{"web", "store/storetest", "starts the PostgreSQL server that tests run on"},
}

// A module is an outside module, who may import it, and why it is here.
type module struct {
	path string
	by   []string
	why  string
}

// modules are the outside modules. One home each where that is possible, so
// that replacing one is a change in one place. Test files obey the same table.
var modules = []module{
	{"cel.dev/cel-go", []string{"pathway"}, "the expression language of conditions, with unknown as an answer"},
	{"go.yaml.in/yaml/v4", []string{".", "access/login", "care/questionnaire", "pathway", "casework", "cmd/forlop", "simulation", "web"}, "definitions, scenarios, settings and page texts are YAML with positions"},
	{"github.com/santhosh-tekuri/jsonschema/v6", []string{"cmd/forlop", "pathway"}, "tests that the schema, the loader and what an author starts from agree"},
	{"github.com/rickar/cal/v2", []string{"care"}, "movable holidays of Norway and Sweden"},
	{"github.com/arran4/golang-ical", []string{"web"}, "calendar files, folded and escaped as RFC 5545 says"},
	{"golang.org/x/text", []string{"web", "store", "casework", "care/directory"}, "sorting and folding of names in four languages"},
	{"github.com/nicksnyder/go-i18n/v2", []string{"web"}, "plural rules of page texts"},
	{"github.com/go-playground/locales", []string{"web"}, "how dates and numbers are written"},
	{"github.com/a-h/templ", []string{"web"}, "typed pages"},
	{"github.com/alecthomas/kong", []string{"cmd/forlop"}, "flags, environment and help"},
	{"github.com/prometheus/client_golang", []string{"cmd/forlop"}, "figures in the form that monitoring reads; one home, and labels from closed lists alone"},
	{"golang.org/x/time", []string{"web"}, "how often one address and one person may ask"},
	{"github.com/cedar-policy/cedar-go", []string{"access"}, "the language of the access policy, with a type-checker and reasons; behind one package"},
	{"golang.org/x/sync", []string{"casework", "store/sqlite", "cmd/forlop"}, "groups of goroutines that end together"},
	{"github.com/jackc/pgx/v5", []string{"store/postgres", "cmd/forlop"}, "the PostgreSQL driver, in pure Go; its pool sends several statements in one exchange"},
	{"modernc.org/sqlite", []string{"store/sqlite"}, "the embedded database, in pure Go"},
	{"codeberg.org/go-pdf/fpdf", []string{"web"}, "letters as PDF, beside the page that prints the same"},
	{"golang.org/x/image", []string{"web"}, "a typeface with every letter of the four languages and of Sami"},
	{"github.com/wneessen/go-mail", []string{"casework"}, "notices leave by SMTP with subjects in four languages"},
	{"github.com/coreos/go-oidc/v3", []string{"access/login"}, "asks an OpenID provider who somebody is, and checks its tokens"},
	{"golang.org/x/oauth2", []string{"access/login"}, "the code flow under OpenID Connect"},
	{"github.com/zitadel/oidc/v3", []string{"access/login", "access/provider"}, "a certified OpenID provider: the site's own stands on it, and logins are tested against it"},
	{"github.com/pquerna/otp", []string{"access/provider"}, "one-time codes (RFC 6238)"},
	{"golang.org/x/crypto", []string{"access/provider"}, "argon2id: passphrases are kept so that guessing them is slow"},
	{"github.com/go-jose/go-jose/v4", []string{"access/login", "access/provider"}, "signs for the provider and reads its keys; tests sign forgeries"},
	{"pgregory.net/rapid", []string{"*"}, "property tests with shrinking; test files only"},
	{"github.com/chromedp/chromedp", []string{"web"}, "drives a real browser; test files only"},
	{"github.com/chromedp/cdproto", []string{"web"}, "the browser's protocol; test files only"},
	{"golang.org/x/net/html", []string{"web", "cmd/forlop"}, "the words of the pages behind a source are compared; the web's tests read pages as a browser does"},
}

// pure are the packages whose answers depend on their arguments alone.
var pure = []string{
	"care", "care/*", "pathway", "pathway/library", "pathway/publication", "journey", "access", "improvement/*",
}

// impure are imports that a pure package's product code may not have.
var impure = []string{
	"context", "crypto/rand", "database/sql", "log", "log/slog", "math/rand",
	"math/rand/v2", "net", "net/http", "os", "os/exec", "github.com/google/uuid",
}

// clockFile is the only product file that may read the wall clock.
const clockFile = "casework/clock.go"

// folders are the top-level folders there may be, in the order in which a
// newcomer reads them, with the line of those that are not Go packages. A new
// one needs a page in docs/decisions that says what of the mission it adds.
var folders = []struct{ name, line string }{
	{"pathway", ""},
	{"journey", ""},
	{"care", ""},
	{"access", ""},
	{"improvement", "how care gets better"},
	{"casework", ""},
	{"simulation", ""},
	{"store", ""},
	{"fhir", ""},
	{"web", ""},
	{"cmd", "the programs"},
	{"docs", ""},
	{"scripts", "the scripts that pass all tests and make a release"},
}

var update = flag.Bool("update", false, "write the tree in docs/architecture.md from the packages' doc comments")

// TestLayout fails when the repository has another shape than agreed.
func TestLayout(t *testing.T) {
	t.Parallel()
	tree := readTree(t, os.DirFS("."))
	if len(tree.packages) == 0 {
		t.Fatal("no package was found: the test must run in the repository's root")
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			for _, finding := range rule.find(tree) {
				t.Error(finding)
			}
		})
	}
}

// TestTree compares the tree in docs/architecture.md with the first sentence of
// every package. Run it with -update after adding a package.
func TestTree(t *testing.T) {
	t.Parallel()
	const page = "docs/architecture.md"
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want, err := withTree(string(have), drawTree(readTree(t, os.DirFS("."))))
	if err != nil {
		t.Fatalf("%s: %v", page, err)
	}
	if want == string(have) {
		return
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the tree in %s is not what the packages say of themselves:\n%s\nrun: go test . -run TestTree -update",
		page, firstDifference(string(have), want))
}
