// Package web draws the server-rendered face: routes, pages, parts, assets and
// texts in four languages.
//
// Every page asks and every form acts through casework; nothing here decides
// what may happen or who may see it. Pages work without JavaScript: reading is
// GET, changing is POST, and every answer to a POST is a redirect or the same
// form with what is wrong.
//
// Words stand in texts/, a file for each language, and are said by a language:
// l.T("key", "name", value). Colours stand in assets/tokens.css.
// Parts (parts_*.templ) take plain structs of this package, so that a page is
// the only place that knows both the journey and how it looks.
package web
