// Package gazette invents newspapers and their stories, in English and Chinese,
// for the demonstration farm. Nothing in it is real: papers, people, places and
// events are put together from phrases, and the same choices give the same text.
//
// It knows nothing of feeds and imports the standard library only.
package gazette

// Section is a topic that papers write about, in one language.
type Section struct {
	Slug  string // lower-case letters
	Title string
	topic string // the grammar that its stories are made from
}

// Paper is an invented newspaper.
type Paper struct {
	Name     string
	Tagline  string
	Rights   string // the line that says who owns the texts
	Language string // BCP 47
	Section  int    // index in Desk.Sections
}

// Chinese reports whether the paper is written in Chinese.
func (p Paper) Chinese() bool { return p.Language == "zh-CN" }

// Desk writes stories. It is never changed after New and may be shared.
type Desk struct {
	sections []Section
	papers   []Paper
	grammars map[string]grammar // by topic
}

// New reads the phrases.
func New() *Desk {
	d := &Desk{sections: sections(), papers: papers(), grammars: map[string]grammar{}}
	english, chinese := parse(englishCommon), parse(chineseCommon)
	for topic, phrases := range englishTopics() {
		d.grammars[topic] = english.with(parse(phrases))
	}
	for topic, phrases := range chineseTopics() {
		d.grammars[topic] = chinese.with(parse(phrases))
	}
	return d
}

// Sections lists what papers write about. The caller must not change it.
func (d *Desk) Sections() []Section { return d.sections }

// Papers lists all papers. The caller must not change it.
func (d *Desk) Papers() []Paper { return d.papers }

func sections() []Section {
	return []Section{
		{"technology", "Technology", "technology"},
		{"science", "Science", "science"},
		{"world", "World", "world"},
		{"business", "Business", "business"},
		{"culture", "Culture", "culture"},
		{"sport", "Sport", "sport"},
		{"keji", "科技", "科技"},
		{"guoji", "国际", "国际"},
		{"caijing", "财经", "财经"},
		{"wenhua", "文化", "文化"},
	}
}

func papers() []Paper {
	const free = "Texts under CC BY 4.0"
	return []Paper{
		{"Harbour Gazette", "All the news the tide brings in", "© Harbour Gazette", "en-GB", 2},
		{"海港日报", "潮来潮往，每日一报", "© 海港日报社", "zh-CN", 7},
		{"Copper & Relay", "Machines, explained plainly", free, "en-US", 0},
		{"Tideline Science", "Evidence, slowly", "© Tideline Trust", "en-GB", 1},
		{"麦垄财经", "看得懂的生意经", "© 麦垄财经", "zh-CN", 8},
		{"Ledger & Quay", "Trade, money and the people who move it", "© Ledger & Quay", "en-GB", 3},
		{"The Second Balcony", "Books, stages and pictures", free, "en-US", 4},
		{"榆钱科技", "把新技术讲成人话", "转载请注明出处", "zh-CN", 6},
		{"Long Meadow Sport", "From the touchline", "© Long Meadow Press", "en-GB", 5},
		{"The Lantern Post", "Light on far places", "© The Lantern Post", "en-US", 2},
		{"青石文化周刊", "书·戏·城与人", "© 青石周刊", "zh-CN", 9},
		{"Switchyard", "Notes from the people who keep it running", free, "en-US", 0},
		{"The Patient Telescope", "Long looks at the sky and the sea", free, "en-US", 1},
		{"Northfold Courier", "Figures with a story", "© Northfold Courier", "en-GB", 3},
		{"长堤夜读", "睡前十分钟", "署名转载", "zh-CN", 9},
		{"Marrow & Reed", "Music from the inside", "© Marrow & Reed", "en-GB", 4},
		{"Evening Whistle", "Results, reasons and a little luck", "© Evening Whistle", "en-US", 5},
		{"远岸观察", "从另一岸看世界", "© 远岸观察", "zh-CN", 7},
	}
}
