package date

import (
	"strings"
	"unicode/utf8"
)

// monthOf returns the number of the month that a lower-case word names, or begins
// to name, in one of the languages that feeds' templates write; 0 when it names
// none. The longest beginning decides: Czech "červ" is June, "červenc" July.
func monthOf(word string) int {
	if utf8.RuneCountInString(word) < 3 {
		return 0
	}
	word = strings.TrimPrefix(word, "ב") // Hebrew "in"
	month, longest := 0, 0
	for i, stems := range monthStems {
		for stem := range strings.FieldsSeq(stems) {
			if len(stem) > longest && strings.HasPrefix(word, stem) {
				month, longest = i+1, len(stem)
			}
		}
	}
	return month
}

// monthStems are the beginnings of the names of the months in the Germanic, Romance,
// Slavic, Baltic and Finnic languages, Greek, Hungarian, Turkish, Indonesian, Malay,
// Arabic, Hebrew and Thai.
var monthStems = [12]string{
	"jan jän ján jaan ene gen ian sty янв яну січ студ ιαν oca led siječ sau tammi يناير جانفي ינואר มกรา",
	"feb fév fev fiev lut фев лют φεβ şub úno unor velj vas helmi veeb فبراير فيفري شباط פברואר กุมภา",
	"mar mär már mrt maa mac мар бер сак μαρ μάρ bře ožu kov mars مارس آذار מרץ מרס มีนา",
	"apr avr abr ápr kwi апр кві крас απρ nis dub trav bal huhti أبريل ابريل أفريل نيسان אפריל เมษา",
	"may mai mag maj mei máj maí мая май тра μαι μάι μαϊ μαΐ kvě svib geg touko مايو ماي أيار מאי พฤษภา",
	"jun juun jún jūn juin giu cze čer čvn июн юни чер ιουν ιούν haz lipanj lipnj birž birz kesä iun " +
		"يونيو يونيه جوان حزيران יוני มิถุนา",
	"jul juul júl jūl juil lug lip červenc čvc июл юли лип ιουλ ιούλ tem srpanj srpnj liep heinä iul " +
		"يوليو يوليه جويلية تموز יולי กรกฎา",
	"aug aoû aou ago ágú авг сер жні αυγ αύγ ağu agu avg sie srp kolov elo ogo rugp أغسطس אוגוסט สิงหา",
	"sep set sze wrz сен вер σεπ eyl zář ruj rugs syys سبتمبر أيلول ספטמבר กันยา",
	"oct okt out ott paź окт жов οκτ eki říj spal loka أكتوبر اكتوبر אוקטובר ตุลา",
	"nov nóv noi lis ноя ное лис νοε νοέ kas stud lapk marras نوفمبر נובמבר พฤศจิกา",
	"dec déc dez dic des dek det gru дек гру сне δεκ ara pro joulu gruod ديسمبر דצמבר ธันวา",
}

// isFiller reports whether a lower-case word means nothing in a date.
func isFiller(word string) bool {
	switch word {
	case "st", "nd", "rd", "th", "er", "e", "º", "ª", "го", "t", "of", "the", "at", "on",
		"de", "del", "den", "der", "d", "le", "el", "il", "um", "kl", "klo", "om", "os",
		"às", "as", "a", "á", "à", "las", "la", "los", "alle", "ore", "ora", "o", "godz",
		"r", "roku", "rok", "v", "ve", "в", "о", "об", "г", "года", "р", "року", "у",
		"saat", "pukul", "jam", "ngày", "năm", "lúc", "στις", "ώρα", "i", "dia", "día":
		return true
	}
	return false
}

// isWeekday reports whether a lower-case word names a day of the week where it may
// stand behind the date.
func isWeekday(word string) bool {
	if word == "" {
		return false
	}
	for _, sign := range []string{"周", "週", "星期", "礼拜", "禮拜"} {
		if strings.HasPrefix(word, sign) {
			return true
		}
	}
	if strings.HasSuffix(word, "曜日") || strings.HasSuffix(word, "曜") ||
		strings.HasSuffix(word, "요일") || strings.Contains("月火水木金土日", word) {
		return true
	}
	switch word {
	case "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
		"hétfő", "kedd", "szerda", "csütörtök", "péntek", "szombat", "vasárnap",
		"pazartesi", "salı", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar":
		return true
	}
	return false
}

// weekdaysOf returns the days of the week that a lower-case word may stand for before a
// date in numbers, Sunday as 1.
func weekdaysOf(word string) (days uint8) {
	for day, stems := range weekdayStems {
		for stem := range strings.FieldsSeq(stems) {
			if word == stem || len(stem) > 2 && strings.HasPrefix(word, stem) {
				days |= 1 << day
			}
		}
	}
	return days
}

// weekdayStems are the beginnings of the names of the days in the languages of Europe,
// from Sunday on. Those of two letters are whole abbreviations.
var weekdayStems = [7]string{
	"sun dom dim son so zon zo sön søn nie ned ne vas вос вс нед κυρ paz",
	"mon lun mån man maa mo ma pon po пон пн δευ pzt hét seg",
	"tue mar tir tis die di din út úte wto wt вто вт τρι sal kedd ter",
	"wed mer mié mie mit mi woe wo ons śro śr stř сре ср τετ çar sze qua",
	"thu jeu jue gio don do tor czw čtv čt чет чт πεμ per csü qui",
	"fri ven vie vri vr fre fr pią pt pát pá пят пт παρ cum pén sex",
	"sat sam sáb sab sa zat za lör lør sob суб сб σαβ cmt szo",
}

// eraOf returns what to add to a year that is counted in the era which word names;
// 0 when it names none.
func eraOf(word string) int {
	switch strings.TrimPrefix(strings.TrimPrefix(word, "中華"), "中华") {
	case "民國", "民国":
		return 1911
	case "令和":
		return 2018
	case "平成":
		return 1988
	case "昭和":
		return 1925
	}
	return 0
}
