package site

import "strings"

// primary is the language of a BCP 47 tag without script and region.
func primary(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	return language
}

// interfaceLanguage is the tag of the texts we add ourselves: the site's own
// when we speak it, else English.
func interfaceLanguage(site string) string {
	switch primary(site) {
	case "en", "zh":
		return site
	}
	return "en"
}

// direction is "rtl" for languages written from the right, else "auto": the
// first strong letter decides, since many feeds name no or a wrong language.
func direction(tag string) string {
	switch primary(tag) {
	case "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi":
		return "rtl"
	}
	return "auto"
}
