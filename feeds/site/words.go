package site

import (
	"fmt"
	"strings"
	"time"
)

// words are the texts of the interface in one language.
type words struct {
	Skip, Newest, Older, All, Menu   string
	Categories, Sources, Subscribe   string
	Original, ReadOriginal           string
	Via, Updated, Rights, License    string
	Tags, FiledIn, Media, More       string
	HomePage, FeedAddress, LastItem  string
	AtOrigin, AtOriginWhy, HereToo   string
	Rhythm, Retired, NoItems, NoneAt string
	Made, Owners                     string

	EmptyTitle, EmptyAdd, EmptyThen, EmptyWait, EmptySee string

	NotFoundTitle, NotFoundText, GoneTitle, GoneText   string
	BusyTitle, BusyText, ProblemTitle, ProblemText, Go string

	What, WhatText1, WhatText2, How, Step1, Step2, Step3 string
	Everything, ByCategory, Copy, Outline, OutlineText   string
	Readers, Formats, FormatsText                        string

	source, sources, item, items, week, weeks string // with %d
	category, categories                      string // with %d
	perWeek, rhythm                           string
	separator                                 string // between names
	day, dayYear, full                        string // layouts of time.Time.Format
	weekdays                                  [7]string
}

// wordsOf is the table for the language of a site; English is the default.
func wordsOf(language string) *words {
	if primary(language) == "zh" {
		return chinese()
	}
	return english()
}

// Number texts.

func (w *words) SourceCount(n int) string   { return count(n, w.source, w.sources) }
func (w *words) ItemCount(n int) string     { return count(n, w.item, w.items) }
func (w *words) CategoryCount(n int) string { return count(n, w.category, w.categories) }

func count(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf(one, n)
	}
	return fmt.Sprintf(many, n)
}

// dayOf names a day: with its year unless that is the given one.
func (w *words) dayOf(t time.Time, year int) string {
	layout := w.dayYear
	if t.Year() == year {
		layout = w.day
	}
	return strings.Replace(t.Format(layout), "%", w.weekdays[t.Weekday()], 1)
}

// dateOf is a day with its year and weekday.
func (w *words) dateOf(t time.Time) string { return w.dayOf(t, t.Year()-1) }

// momentOf is a day with its year and the time.
func (w *words) momentOf(t time.Time) string { return t.Format(w.full) }

func english() *words {
	return &words{
		Skip: "Skip to the news", Newest: "Newest", Older: "Older", All: "All", Menu: "Categories",
		Categories: "Categories", Sources: "Sources", Subscribe: "Subscribe",
		Original: "Original", ReadOriginal: "Read the original",
		Via: "via", Updated: "Updated", Rights: "Rights", License: "License",
		Tags: "Tags", FiledIn: "Filed in", Media: "Media", More: "All categories",
		HomePage: "Home page", FeedAddress: "Feed", LastItem: "Newest item",
		AtOrigin: "Subscribe at the origin",
		AtOriginWhy: "Paste this address into a feed reader to get everything this source publishes, " +
			"straight from the people who make it.",
		HereToo: "Or take it from here",
		Rhythm:  "Rhythm",
		Retired: "This source is no longer read. What it published here stays.",
		NoItems: "Nothing has been published here yet.",
		NoneAt:  "Nothing to list yet.",
		Made:    "Printed by",
		Owners: "Every headline belongs to the source that is named with it. " +
			"Read it there, and tell others where you found it.",

		EmptyTitle: "A sheet without news",
		EmptyAdd:   "Name the first source, a feed or any site that has one:",
		EmptyThen:  "It looks for the feed, shows what it found and writes it to the file. The news follows within a minute.",
		EmptyWait:  "The sources are known; their news appears here after the first visit.",
		EmptySee:   "See the sources",

		NotFoundTitle: "No such page",
		NotFoundText: "It may have been taken down at its author's request, it may have made room for newer items, " +
			"or the address is not quite right.",
		GoneTitle:    "Taken down",
		GoneText:     "What stood here was removed and will not come back.",
		BusyTitle:    "One moment",
		BusyText:     "There are too many requests just now. Please try again in a minute.",
		ProblemTitle: "Something went wrong here",
		ProblemText:  "It is our fault, not yours. Please try again in a minute.",
		Go:           "Go on reading",

		What: "What is a feed?",
		WhatText1: "A feed is an address that always answers with the newest items. A feed reader asks it for you, " +
			"as often as you like, and shows only what you have not read yet.",
		WhatText2: "Nobody learns who you are: no account, no mail address, no algorithm in between. " +
			"To stop, delete the address from your reader.",
		How:        "How to begin",
		Step1:      "Take a feed reader. Good free ones are NetNewsWire (Mac, iPhone), Feeder (Android) and Thunderbird (everywhere).",
		Step2:      "Copy one of the addresses below. Any format will do; if in doubt, take the first.",
		Step3:      "In the reader choose “Add feed” and paste the address.",
		Everything: "Everything", ByCategory: "One category", Copy: "One click selects an address.",
		Outline:     "All sources as a list",
		OutlineText: "This OPML file names every source that is read here. Import it to follow the originals yourself.",
		Readers:     "Feed readers", Formats: "Formats",

		source: "%d source", sources: "%d sources", item: "%d item", items: "%d items",
		category: "%d category", categories: "%d categories",
		rhythm:    "Items a week, the newest week on the right; the most were %d.",
		separator: ", ",
		day:       "%, 2 January", dayYear: "%, 2 January 2006", full: "2 January 2006, 15:04",
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	}
}

func chinese() *words {
	return &words{
		Skip: "跳到正文", Newest: "最新", Older: "更早的消息", All: "全部", Menu: "分类",
		Categories: "分类", Sources: "来源", Subscribe: "订阅",
		Original: "原文", ReadOriginal: "阅读原文",
		Via: "转自", Updated: "更新于", Rights: "版权", License: "许可协议",
		Tags: "标签", FiledIn: "所属分类", Media: "媒体", More: "全部分类",
		HomePage: "主页", FeedAddress: "订阅源", LastItem: "最近一篇",
		AtOrigin:    "直接向来源订阅",
		AtOriginWhy: "把这个地址粘贴到阅读器里，就能直接收到该来源发布的全部内容。",
		HereToo:     "也可以从这里订阅",
		Rhythm:      "更新节奏",
		Retired:     "本站已不再读取该来源，此前刊登的内容仍予保留。",
		NoItems:     "这里还没有刊登任何内容。",
		NoneAt:      "暂时没有可列出的内容。",
		Made:        "排印：",
		Owners:      "每条消息都归所署来源所有。请到原处阅读，转述时也请注明出处。",

		EmptyTitle: "今日无事",
		EmptyAdd:   "先添加第一个来源，可以是订阅源，也可以是任何带有订阅源的网站：",
		EmptyThen:  "程序会找到订阅源，给您过目，再写入配置文件。一分钟之内，这里就会有消息。",
		EmptyWait:  "来源已经登记，首次读取之后消息就会出现在这里。",
		EmptySee:   "查看来源",

		NotFoundTitle: "没有这一页",
		NotFoundText:  "它可能已应作者要求撤下，可能已让位给更新的内容，也可能是地址有误。",
		GoneTitle:     "已撤下",
		GoneText:      "这里的内容已被移除，不会恢复。",
		BusyTitle:     "请稍候",
		BusyText:      "当前请求过多，请一分钟后再试。",
		ProblemTitle:  "这里出了点问题",
		ProblemText:   "是我们的问题，与您无关。请一分钟后再试。",
		Go:            "继续阅读",

		What:       "什么是订阅源？",
		WhatText1:  "订阅源是一个地址，打开它总能得到最新的内容。阅读器替您定时查看，只显示您还没读过的。",
		WhatText2:  "没有人知道您是谁：不用注册，不用邮箱，中间也没有推荐算法。不想看了，从阅读器里删掉这个地址即可。",
		How:        "如何开始",
		Step1:      "准备一个阅读器。免费又好用的有 NetNewsWire（Mac、iPhone）、Feeder（Android）和 Thunderbird（各种电脑）。",
		Step2:      "复制下面任意一个地址。哪种格式都可以，拿不准就用第一种。",
		Step3:      "在阅读器里选择“添加订阅”，粘贴地址。",
		Everything: "全部内容", ByCategory: "只看一个分类", Copy: "点一下即可选中整个地址。",
		Outline:     "全部来源清单",
		OutlineText: "这个 OPML 文件列出了本站读取的全部来源，导入阅读器即可自己订阅原处。",
		Readers:     "阅读器", Formats: "格式",

		source: "%d 个来源", sources: "%d 个来源", item: "%d 篇", items: "%d 篇",
		category: "%d 个分类", categories: "%d 个分类",
		rhythm:    "每周篇数，最右为最近一周；最多一周 %d 篇。",
		separator: "、",
		day:       "1月2日 %", dayYear: "2006年1月2日 %", full: "2006年1月2日 15:04",
		weekdays: [7]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"},
	}
}
