package casework_test

import (
	"sync"
	"testing"

	"forlop/care"
	"forlop/casework"
)

// Made-up national numbers whose check digits hold.
const numberOla, numberEva, numberOfNobody = "17058140082", "01027540062", "03039040092"

// register makes a person with a national number.
func (b *bundle) register(name, number string) care.PersonKey {
	b.t.Helper()
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: name, Number: number})
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func shown(subject, number string) casework.Proof {
	return casework.Proof{Provider: "https://id.example", Subject: subject, Kind: care.Patient, Number: number, Regime: care.Norway, Login: casework.Login{Level: "high"}, Method: "ID-porten"}
}

func works(subject, hpr, hsa string) casework.Proof {
	return casework.Proof{Provider: "https://work.example", Subject: subject, Kind: care.Professional, HPR: hpr, HSAID: hsa, Login: casework.Login{Level: "high", Prescriber: "claimed"}, Method: "HelseID"}
}

// A first login is bound to who has its number; then it needs no number, and it is
// never somebody else's.
func TestALoginIsBoundOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ola, eva := b.register("Ola", numberOla), b.register("Eva", numberEva)
	for _, n := range []struct{ id, hpr, hsa string }{{"kari", "9090900", ""}, {"turid", "", "SE165565594230-1000"}, {"nils", "7070700", "SE165565594230-2000"}} {
		if err := b.s.NumberProfessional(b.ctx, n.id, n.hpr, n.hsa); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, b.s.NumberProfessional(b.ctx, "per", "909 0900", ""), "number-claimed")
	other := shown("s1", numberEva)
	other.Provider = "https://second.example"
	worksToo := works("s1", "9090900", "")
	worksToo.Provider = "https://id.example"
	ours := func(kind care.ActorKind, subject string) casework.Proof {
		return casework.Proof{Provider: "https://own.example", Subject: subject, Kind: kind, Ours: true}
	}
	forged := shown("professional/kari", "")
	for _, c := range []struct {
		why   string
		proof casework.Proof
		whose string
		code  string
	}{
		{"an unknown subject without a number", shown("s0", ""), "", "no-pathway-here"},
		{"a number that nobody here has", shown("s0", numberOfNobody), "", "no-pathway-here"},
		{"something that is no number", shown("s0", "123"), "", "no-pathway-here"},
		{"the first login", shown("s1", numberOla), string(ola), ""},
		{"the second, with no number", shown("s1", ""), string(ola), ""},
		{"the same again", shown("s1", numberOla), string(ola), ""},
		{"bound, and somebody else's number", shown("s1", numberEva), "", "login-differs"},
		{"another login with the same number", shown("s2", numberOla), "", "login-claimed"},
		{"and without a number", shown("s2", ""), "", "no-pathway-here"},
		{"another login with its own", shown("s2", numberEva), string(eva), ""},
		{"the same subject elsewhere", other, string(eva), ""},
		{"a professional with HPR", works("w1", " 9090900", ""), "kari", ""},
		{"one with HSA-id", works("w2", "", "se165565594230-1000"), "turid", ""},
		{"one with both", works("w3", "7070700", "SE165565594230-2000"), "nils", ""},
		{"two numbers of two people", works("w4", "9090900", "SE165565594230-1000"), "", "login-differs"},
		{"an HPR number that nobody has", works("w4", "1", ""), "", "no-professional-here"},
		{"two people claim one HPR number", works("w4", "9090900", ""), "", "login-claimed"},
		{"the patient's login as a professional's", worksToo, "kari", ""},
		{"the site's own provider", ours(care.Professional, "professional/per"), "per", ""},
		{"and a patient's account there", ours(care.Patient, "patient/"+string(ola)), string(ola), ""},
		{"one that claims to be the other kind", ours(care.Patient, "professional/per"), "", "no-pathway-here"},
		{"another provider that writes as ours does", forged, "", "no-pathway-here"},
		{"somebody who fills no post", ours(care.Professional, "professional/nobody"), "", "professional-without-post"},
	} {
		token, actor, err := b.s.SignInWith(b.ctx, c.proof)
		if c.code != "" {
			refused(t, err, c.code)
			if token != "" {
				t.Errorf("%s: got a session", c.why)
			}
			continue
		}
		if err != nil || actor.ID != c.whose || actor.Kind != c.proof.Kind {
			t.Errorf("%s: %v, %v; want %s", c.why, actor, err, c.whose)
			continue
		}
		who := b.lets(token, true, c.why)
		if who.Actor != actor || who.Login.Level != c.proof.Level || who.Login.Prescriber != c.proof.Prescriber {
			t.Errorf("%s: the session says %+v", c.why, who)
		}
	}
	if _, _, err := b.s.SignInWith(b.ctx, casework.Proof{Kind: care.Patient}); err == nil {
		t.Error("a proof of nobody opens a session")
	}
}

// Many who claim one number at the same instant: one of them has it.
func TestOneNumberIsClaimedByOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("Ola", numberOla)
	var all sync.WaitGroup
	in := make(chan string, 16)
	for i := range 16 {
		all.Go(func() {
			subject := string(rune('a' + i))
			if _, _, err := b.s.SignInWith(b.ctx, shown(subject, numberOla)); err == nil {
				in <- subject
			} else {
				refused(t, err, "login-claimed")
			}
		})
	}
	all.Wait()
	if len(in) != 1 {
		t.Errorf("%d logins are bound to one number", len(in))
	}
}
