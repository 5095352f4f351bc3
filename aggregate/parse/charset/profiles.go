package charset

import "unicode"

// profiles returns the languages that can be told apart in charsets without a
// label. Of equal scores the first counts, so that what is frequent comes first.
// There may be 64.
func profiles() []profile {
	latin := []profile{
		{charset: "windows-1252", common: frenchLetters},
		{charset: "windows-1252", common: spanishLetters},
		{charset: "windows-1252", common: germanLetters},
		{charset: "windows-1252", common: portugueseLetters},
		{charset: "windows-1252", common: italianLetters},
		{charset: "windows-1252", common: catalanLetters},
		{charset: "windows-1252", common: nordicLetters},
		{charset: "windows-1254", common: turkishLetters},
		{charset: "windows-1252", common: icelandicLetters},
		{charset: "windows-1250", common: polishLetters},
		{charset: "windows-1250", common: czechLetters},
		{charset: "windows-1250", common: hungarianLetters},
		{charset: "windows-1250", common: romanianLetters},
		{charset: "windows-1250", common: croatianLetters},
		{charset: "iso-8859-2", common: polishLetters},
		{charset: "iso-8859-2", common: czechLetters},
		{charset: "iso-8859-2", common: hungarianLetters},
		{charset: "iso-8859-2", common: romanianLetters},
		{charset: "iso-8859-2", common: croatianLetters},
		{charset: "windows-1257", common: lithuanianLetters},
		{charset: "windows-1257", common: latvianLetters},
		{charset: "windows-1257", common: estonianLetters},
		{charset: "iso-8859-4", common: latvianLetters},
		{charset: "iso-8859-16", common: romanianLetters},
		{charset: "windows-1258", common: vietnameseLetters},
		{charset: "macintosh", common: frenchLetters},
		{charset: "macintosh", common: spanishLetters},
		{charset: "macintosh", common: germanLetters},
	}
	return append(latin, otherScripts()...)
}

// otherScripts returns the profiles of languages without Latin letters.
func otherScripts() []profile {
	han := []*unicode.RangeTable{unicode.Han}
	hangul := []*unicode.RangeTable{unicode.Hangul}
	kana := []*unicode.RangeTable{unicode.Han, unicode.Katakana, unicode.Hiragana}
	cyrillic := []*unicode.RangeTable{unicode.Cyrillic}
	greek := []*unicode.RangeTable{unicode.Greek}
	hebrew := []*unicode.RangeTable{unicode.Hebrew}
	arabic := []*unicode.RangeTable{unicode.Arabic}
	thai := []*unicode.RangeTable{unicode.Thai}
	return []profile{
		{"gb18030", simplifiedLetters, han, 0.15, 0.4},
		{"big5", traditionalLetters, han, 0.15, 0.4},
		{"gb18030", traditionalLetters, han, 0.1, 0.4},
		{"euc-jp", japaneseLetters, kana, 0.15, 0.4},
		{"shift_jis", japaneseLetters, kana, 0.15, 0.4},
		{"euc-kr", koreanLetters, hangul, 0.4, 0.4},
		{"windows-1251", russianLetters, cyrillic, 0.2, 1},
		{"windows-1251", ukrainianLetters, cyrillic, 0.2, 1},
		{"windows-1251", serbianLetters, cyrillic, 0.1, 1},
		{"koi8-r", russianLetters, cyrillic, 0.2, 1},
		{"koi8-u", ukrainianLetters, cyrillic, 0.2, 1},
		{"ibm866", russianLetters, cyrillic, 0.2, 1},
		{"iso-8859-5", russianLetters, cyrillic, 0.2, 1},
		{"iso-8859-5", ukrainianLetters, cyrillic, 0.1, 1},
		{"x-mac-cyrillic", russianLetters, cyrillic, 0.2, 1},
		{"windows-1253", greekLetters, greek, 0.3, 1},
		{"iso-8859-7", greekLetters, greek, 0.3, 1},
		{"windows-1255", hebrewLetters, hebrew, 0.4, 1},
		{"iso-8859-8", hebrewLetters, hebrew, 0.3, 1},
		{"windows-1256", arabicLetters, arabic, 0.2, 1},
		{"windows-1256", persianLetters, arabic, 0.3, 1},
		{"iso-8859-6", arabicLetters, arabic, 0.2, 1},
		{"windows-874", thaiLetters, thai, -0.7, 1},
	}
}

// The frequent letters of languages beyond ASCII. The rare ones of alphabets are left
// out: a text that has too many of them is in another alphabet.
const (
	frenchLetters     = "éèàêçùâîôûëïœ"
	spanishLetters    = "áéíóúñü"
	germanLetters     = "äöüßé"
	portugueseLetters = "ãáçéêíóõúâôà"
	italianLetters    = "àèéìòù"
	catalanLetters    = "àçèéíïóòúü·"
	nordicLetters     = "åäöøæéü"
	icelandicLetters  = "áðéíóúýþæö"
	turkishLetters    = "ğışçöüâîi̇"
	polishLetters     = "ąćęłńóśźż"
	czechLetters      = "áčďéěíňóřšťúůýžľĺôŕä"
	hungarianLetters  = "áéíóöőúüű"
	romanianLetters   = "ăâîșțşţ"
	croatianLetters   = "čćđšž"
	lithuanianLetters = "ąčęėįšųūž"
	latvianLetters    = "āčēģīķļņšūž"
	estonianLetters   = "äõöüšž"
	vietnameseLetters = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ₫\u0300\u0301\u0303\u0309\u0323"

	russianLetters   = "оеаинтсрвлкмдпуяыьгзбчй"
	ukrainianLetters = "оеаинтсрвлкмдпуяіїєьгзбчй"
	serbianLetters   = "оеаинтсрвлкмдпујљњђћџгзбчхжшц"
	greekLetters     = "αοιετσνηυρπκμλςωδγχθφάέήίόύώ"
	hebrewLetters    = "יוהלארתבמשנעםדחקפצטזגסןכךףץ"
	arabicLetters    = "اليمنرتبوهدعسفقكحجأةىخشصطثزإ"
	persianLetters   = "اینرتدوهمبسشکعفقجحخزپچگژصطغضذثظلءآئ"
	thaiLetters      = "านรอกเงยลมทวดสตะปบคหแจพชขใไโผถิีุู่้๊๋ั็์ำึืๆ"
)

// The frequent characters of East Asian languages, from the words of the news.
const (
	simplifiedLetters = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里" +
		"用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实" +
		"日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政" +
		"美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员" +
		"解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件" +
		"计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象" +
		"完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运济深圳上" +
		"海京证券交易所涨跌股市场价格增速增长同比亿元银行监会央企业投资消费经营创板块盘指数汇率人民币" +
		"疫情防控医院疗健康学校教育政策改革落实推动发展产集群壮培育质量服务项目城市乡村旅游文化体育比赛冠军" +
		"今明后昨晚早晨消息记者报道称据悉表示认为预计未来持续稳步提升技术智能网络数据平台软件芯片汽车能源" +
		"天气雨雪温度环保绿色低碳造型节假期春夏秋冬影视音乐读者评论图片视频更多首页最热门推荐专栏研究"
	traditionalLetters = "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡" +
		"用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實" +
		"日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政" +
		"美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員" +
		"解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件" +
		"計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象" +
		"完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運濟證券交易所" +
		"漲跌股價格增速同比億元銀行監央企業投資消費營創板塊盤指數匯率幣臺灣台北香港縣市議員總統立委選舉" +
		"疫情防控醫院療健康學校教育政策改革推動發展服務項目城鄉旅遊文化體育比賽冠軍公布最新營收季度" +
		"今明昨晚早晨消息記者報導稱表示認為預計未來持續穩步提升技術智慧網路數據平台軟體晶片汽車能源" +
		"天氣雨雪溫度環保綠色節假期春夏秋冬影視音樂讀者評論圖片視頻首頁熱門推薦專欄研究嘅咗喺佢哋唔係啲嘢冇"
	japaneseLetters = "のにはをたがでてとしれさあいうえおかきくけこすせそちつなぬねひふへほまみむめもやゆよらりるろわんっゃゅょ" +
		"ざじずぜぞだぢづどばびぶべぼぱぴぷぺぽがぎぐげごー" +
		"アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンッャュョァィェォヴ" +
		"ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポ" +
		"日本年月人国会中大学生東京新聞株価経済円高市場社長政府首相一二三四五六七八九十百千万億時分前後上下左右" +
		"今者的業発表開始決定安全選挙党議員省県都道府区町村地方世界米英韓朝戦争平和事件故警察裁判所被害者女男子" +
		"家族教育校病院医療研究技術情報通信電気自動車鉄道空港天雨雪風気温予報明昨夜午動画写真音楽映画番組試合" +
		"選手監督優勝代表球場野続伸均平反落銘柄企業利益売上予算税金融銀行投資向対応見方問題対策実施調査結果" +
		"最新更多可能性必要重要強化増加減少新型感染者数死亡入手作品公開発売電子書籍文化話題料理店食品"
	koreanLetters = "이다는을를의에가고은한지하사로도서기자시대어나인정리스아부일해전수제보상원있장국등여그동경공적주들만과세용조선" +
		"안신회성무소관위개면금업연오문유학방민통계단산영감했년월까으라게니마되내분최출발화차구비우행계현재치상승" +
		"락코피닥증권시장투자실거래율달러환율물가소비생산기술데터휴폰게임교육병원의료건강날씨비눈바람서울부산북한미국일본중국" +
		"대통령국회당선거후보정책개혁추진결과조사발표예정오늘내일어제오전오후뉴스기사보도취재사진영상더많이본" +
		"습니까요며면서않것수때문위해대한관련따르밝혔말씀려운받았었겠던든할함된될급강남북동"
)
