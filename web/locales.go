package web

import (
	"forlop/care"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/am"
	"github.com/go-playground/locales/ar"
	"github.com/go-playground/locales/bs"
	"github.com/go-playground/locales/ckb"
	"github.com/go-playground/locales/da"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/es"
	"github.com/go-playground/locales/fa"
	"github.com/go-playground/locales/fi"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/lt"
	"github.com/go-playground/locales/nb"
	"github.com/go-playground/locales/nn"
	"github.com/go-playground/locales/pl"
	"github.com/go-playground/locales/ps"
	"github.com/go-playground/locales/ro"
	"github.com/go-playground/locales/ru"
	"github.com/go-playground/locales/se"
	"github.com/go-playground/locales/so"
	"github.com/go-playground/locales/sq"
	"github.com/go-playground/locales/sv"
	"github.com/go-playground/locales/ti"
	"github.com/go-playground/locales/tr"
	"github.com/go-playground/locales/uk"
	"github.com/go-playground/locales/ur"
	"github.com/go-playground/locales/vi"
)

// writes are the languages whose way of writing dates is in the program: the
// four, and some that a site may add texts in. The list is ours and can grow; a
// language that is not here says its dates in the language it falls back to.
var writes = map[care.Language]func() locales.Translator{
	care.Bokmal: nb.New, care.Nynorsk: nn.New, care.Swedish: sv.New, care.English: en_GB.New,
	"am": am.New, "ar": ar.New, "bs": bs.New, "ckb": ckb.New, "da": da.New, "de": de.New, "es": es.New, "fa": fa.New, "fi": fi.New,
	"fr": fr.New, "lt": lt.New, "pl": pl.New, "ps": ps.New, "ro": ro.New, "ru": ru.New, "se": se.New, "so": so.New, "sq": sq.New,
	"ti": ti.New, "tr": tr.New, "uk": uk.New, "ur": ur.New, "vi": vi.New,
}

func localeOf(code care.Language) locales.Translator {
	if made, ok := writes[code]; ok {
		return made()
	}
	return nil
}
