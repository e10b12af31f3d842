package pathway

// The words for the kinds of unit and the professions, in the order of
// care.Languages.
var (
	unitWords = map[string]phrase{
		"primary-care":           {"fastlege eller legesenter", "fastlege eller legesenter", "vårdcentral", "primary care"},
		"municipal-service":      {"kommunal helsetjeneste", "kommunal helseteneste", "kommunal vård och omsorg", "municipal service"},
		"municipal-coordination": {"koordinerende enhet i kommunen", "koordinerande eining i kommunen", "samordning i kommunen", "municipal coordination"},
		"pain-clinic":            {"smerteklinikk", "smerteklinikk", "smärtmottagning", "pain clinic"},
		"fatigue-clinic":         {"poliklinikk for utmattelse", "poliklinikk for utmatting", "mottagning för utmattning och ME/CFS", "fatigue clinic"},
		"hospital-unit":          {"sykehusavdeling", "sjukehusavdeling", "sjukhusenhet", "hospital unit"},
		"rehabilitation":         {"rehabilitering", "rehabilitering", "rehabilitering", "rehabilitation"},
		"psychiatry":             {"psykisk helsevern", "psykisk helsevern", "psykiatri", "psychiatry"},
		"child-services":         {"barneavdeling", "barneavdeling", "barnklinik", "child services"},
		"school-health":          {"skolehelsetjeneste", "skulehelseteneste", "elevhälsa", "school health"},
		"work-and-welfare":       {"NAV", "NAV", "arbetsförmedling och socialtjänst", "work and welfare"},
		"social-insurance":       {"trygd", "trygd", "Försäkringskassan", "social insurance"},
		"occupational-health":    {"bedriftshelsetjeneste", "bedriftshelseteneste", "företagshälsovård", "occupational health"},
		"learning-centre":        {"lærings- og mestringssenter", "lærings- og meistringssenter", "lärcentrum för patienter", "learning centre"},
		"patient-organisation":   {"pasientforening", "pasientforeining", "patientförening", "patient organisation"},
	}
	professionWords = map[string]phrase{
		"physician":                  {"lege", "lege", "läkare", "physician"},
		"physiotherapist":            {"fysioterapeut", "fysioterapeut", "fysioterapeut", "physiotherapist"},
		"psychologist":               {"psykolog", "psykolog", "psykolog", "psychologist"},
		"nurse":                      {"sykepleier", "sjukepleiar", "sjuksköterska", "nurse"},
		"occupational-therapist":     {"ergoterapeut", "ergoterapeut", "arbetsterapeut", "occupational therapist"},
		"social-worker":              {"sosionom", "sosionom", "kurator", "social worker"},
		"manual-therapist":           {"manuellterapeut", "manuellterapeut", "manuellterapeut", "manual therapist"},
		"chiropractor":               {"kiropraktor", "kiropraktor", "kiropraktor", "chiropractor"},
		"pharmacist":                 {"farmasøyt", "farmasøyt", "apotekare", "pharmacist"},
		"dietitian":                  {"klinisk ernæringsfysiolog", "klinisk ernæringsfysiolog", "dietist", "dietitian"},
		"teacher":                    {"lærer", "lærar", "lärare", "teacher"},
		"special-educator":           {"spesialpedagog", "spesialpedagog", "specialpedagog", "special educator"},
		"counsellor":                 {"rådgiver", "rådgivar", "samtalsstöd", "counsellor"},
		"adviser":                    {"veileder", "rettleiar", "handläggare", "adviser"},
		"coordinator":                {"koordinator", "koordinator", "samordnare", "coordinator"},
		"rehabilitation-coordinator": {"rehabiliteringskoordinator", "rehabiliteringskoordinator", "rehabkoordinator", "rehabilitation coordinator"},
		"secretary":                  {"sekretær", "sekretær", "sekreterare", "secretary"},
		"peer":                       {"erfaringskonsulent", "erfaringskonsulent", "person med egen erfarenhet", "peer"},
	}
)
