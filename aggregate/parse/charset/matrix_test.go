package charset

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"
)

// language is a language in a charset, with titles and bodies.
type language struct {
	name, label string
	coding      encoding.Encoding
	titles      []string
	body        string
}

var (
	zhTitles = []string{"央行下调存款准备金率", "新能源汽车销量创历史新高", "专家解读楼市新政", "暴雨预警：多地中小学停课", "国产大飞机完成首次商业飞行", "世界杯预选赛国足客场落败"}
	zhBody   = "记者从有关部门获悉，今年以来全国消费市场稳步恢复，居民收入增长与经济增长基本同步，下一阶段将继续扩大内需。"
	twTitles = []string{"央行宣布升息半碼", "電動車銷量創下新高", "颱風逼近各縣市停班停課", "立法院三讀通過預算案", "半導體廠擴大投資南部", "中華隊晉級世界棒球賽決賽"}
	twBody   = "記者昨日採訪得知，受到國際油價上漲影響，國內物價持續走高，主管機關表示將密切觀察並適時採取措施。"
	jaTitles = []string{"新型ロケットの打ち上げに成功", "円安が進み輸入物価が上昇", "台風の接近で新幹線が運休", "首相が予算案について説明", "高校野球の決勝戦が始まる", "駅前に新しい図書館が開館"}
	jaBody   = "関係者によりますと、今回の計画は来年の春から順次始まる予定で、地元の人たちからは期待の声が上がっています。"
	koTitles = []string{"한국은행 기준금리 동결", "반도체 수출 석 달 연속 증가", "태풍 북상에 항공편 결항", "국회 예산안 처리 합의", "월드컵 대표팀 첫 훈련 시작", "지하철 요금 내년부터 오른다"}
	koBody   = "관계자에 따르면 이번 계획은 내년 봄부터 차례로 시작될 예정이며 주민들은 새로운 시설에 대한 기대를 나타내고 있습니다."
	ruTitles = []string{"Центробанк снизил ключевую ставку", "В городе открыли новый мост", "Синоптики обещают сильные дожди", "Сборная вышла в финал турнира", "Учёные нашли древний город", "Цены на бензин снова выросли"}
	ruBody   = "По словам представителя ведомства, работы начнутся весной будущего года, а жители смогут узнать подробности на встрече с мэром."
	ukTitles = []string{"Уряд ухвалив бюджет на наступний рік", "У Києві відкрили нову станцію метро", "Синоптики обіцяють сильні дощі", "Збірна вийшла у фінал", "Ціни на пальне знову зросли", "Вчені знайшли стародавнє місто"}
	ukBody   = "За словами представника відомства, роботи розпочнуться навесні наступного року, а мешканці зможуть дізнатися більше на зустрічі."
	elTitles = []string{"Η κυβέρνηση ανακοίνωσε νέα μέτρα", "Ισχυρές βροχές στη βόρεια χώρα", "Άνοιξε το νέο μουσείο της πόλης", "Αύξηση στις τιμές των καυσίμων", "Η ομάδα προκρίθηκε στον τελικό", "Νέα δρομολόγια για τα νησιά"}
	elBody   = "Σύμφωνα με τον εκπρόσωπο της υπηρεσίας, τα έργα θα ξεκινήσουν την άνοιξη του επόμενου έτους και θα διαρκέσουν δύο χρόνια."
	heTitles = []string{"הממשלה אישרה את התקציב", "גשמים כבדים בצפון הארץ", "נפתח מוזיאון חדש בעיר", "מחירי הדלק עלו שוב", "הנבחרת העפילה לגמר", "קו רכבת חדש לדרום"}
	heBody   = "לדברי דובר המשרד העבודות יתחילו באביב של השנה הבאה והתושבים יוכלו לקבל פרטים נוספים בפגישה עם ראש העיר."
	arTitles = []string{"الحكومة تعلن خطة اقتصادية جديدة", "أمطار غزيرة في شمال البلاد", "افتتاح متحف جديد في المدينة", "ارتفاع أسعار الوقود مجددا", "المنتخب يتأهل إلى النهائي", "خط قطار جديد نحو الجنوب"}
	arBody   = "وقال المتحدث باسم الوزارة إن الأعمال ستبدأ في ربيع العام المقبل وإن السكان يمكنهم معرفة المزيد خلال لقاء مع رئيس البلدية."
	thTitles = []string{"รัฐบาลประกาศมาตรการใหม่", "ฝนตกหนักในภาคเหนือ", "เปิดพิพิธภัณฑ์แห่งใหม่ของเมือง", "ราคาน้ำมันปรับขึ้นอีกครั้ง", "ทีมชาติเข้ารอบชิงชนะเลิศ", "เส้นทางรถไฟสายใหม่"}
	thBody   = "โฆษกกระทรวงกล่าวว่างานก่อสร้างจะเริ่มในปีหน้าและประชาชนสามารถสอบถามข้อมูลเพิ่มเติมได้ที่สำนักงาน"
	frTitles = []string{"Le gouvernement dévoile son budget", "Fortes pluies prévues à l’ouest", "Un musée rouvre après des années", "Les prix de l’énergie ont encore augmenté", "L’équipe qualifiée grâce à un but", "Grève générale annoncée en février"}
	frBody   = "Selon le porte-parole du ministère, les travaux débuteront au printemps ; les habitants pourront être reçus à la mairie dès lundi."
	deTitles = []string{"Regierung beschließt neues Gesetz für Städte", "Schwere Unwetter über Süddeutschland", "Museum öffnet nach Umbau", "Züge fahren künftig öfter", "Bürger wählen neuen Landtag", "Preise für Gemüse gestiegen"}
	deBody   = "Nach Angaben des Sprechers beginnen die Arbeiten im Frühjahr; Anwohner können sich über Änderungen im Rathaus erkundigen."
	esTitles = []string{"El gobierno presentó la reforma económica", "Fuertes lluvias en el país según los técnicos", "El niño que ganó la medalla", "La inflación bajó en el último año", "Abrió el museo más pequeño", "¿Cuándo subirá la gasolina?"}
	esBody   = "Según el portavoz, las obras comenzarán el próximo año y los vecinos podrán pedir más información en la reunión de mañana."
	ptTitles = []string{"Inflação volta a subir em São Paulo", "Chuvas provocam alagamentos na região", "Eleições serão em outubro, diz ministério", "Seleção está na final do torneio", "Preços não param de crescer", "Educação terá mais orçamento"}
	ptBody   = "Segundo o porta-voz, as obras começarão no próximo ano e a população poderá obter informações na reunião de amanhã à noite."
	itTitles = []string{"Perché la città cambierà volto", "La qualità dell’aria è migliorata", "Più treni verso il sud", "Il governo approverà la manovra lunedì", "Maltempo, così sarà il weekend", "Sanità: novità per i cittadini"}
	itBody   = "Il portavoce ha spiegato che i lavori cominceranno in primavera e che la società darà notizie a chi ne avrà necessità."
	svTitles = []string{"Regeringen föreslår ny skattesänkning", "Kraftigt snöoväder väntas i norr", "Nya tåg på Västkusten", "Svårt läge för bönder i år", "Räntan höjs igen före jul", "Så påverkas småföretagen"}
	svBody   = "Enligt talespersonen börjar arbetet nästa vår och de boende får veta mer när kommunen håller möte på tisdag."
	daTitles = []string{"Regeringen fremlægger ny aftale på lørdag", "Kraftig blæst over hele landet", "Børn får gratis tøj", "Prisen på brød stiger", "Sølv til danske roere", "Flere tog på Sjælland"}
	daBody   = "Ifølge talsmanden begynder arbejdet næste forår, og beboerne kan få at vide mere på et møde på rådhuset i går."
	isTitles = []string{"Ríkisstjórnin kynnti fjárlög í gær", "Óveður gengur yfir landið", "Nýr skóli opnaður á Akureyri", "Verð á fiski hækkaði", "Íslenska liðið komst í úrslit", "Það gýs aftur á Reykjanesi"}
	isBody   = "Að sögn talsmanns hefjast framkvæmdir næsta vor og geta íbúar fengið nánari upplýsingar á fundi með bæjarstjóra."
	trTitles = []string{"Hükümet yeni bütçeyi açıkladı", "Kuzeyde şiddetli yağış bekleniyor", "Şehirde yeni müze açıldı", "Akaryakıt fiyatları yine arttı", "Milli takım finale çıktı", "İzmir'e hızlı tren geliyor"}
	trBody   = "Bakanlık sözcüsünün açıklamasına göre çalışmalar gelecek yıl başlayacak ve vatandaşlar ayrıntıları toplantıda öğrenebilecek."
	plTitles = []string{"Rząd przyjął projekt budżetu", "Silne deszcze na południu", "Otwarto nową linię metra w Łodzi", "Ceny paliw znów wzrosły", "Reprezentacja awansowała do finału", "Śnieg sparaliżował drogi"}
	plBody   = "Według rzecznika prace rozpoczną się wiosną przyszłego roku, a mieszkańcy będą mogli dowiedzieć się więcej podczas spotkania."
	csTitles = []string{"Vláda schválila státní rozpočet", "Silný déšť zasáhl sever země", "Otevřeli nové muzeum ve městě", "Ceny benzínu znovu vzrostly", "Reprezentace postoupila do finále", "Žáci dostanou delší prázdniny"}
	csBody   = "Podle mluvčího začnou práce na jaře příštího roku a obyvatelé se dozvědí více na setkání se starostou města."
	huTitles = []string{"A kormány elfogadta a költségvetést", "Erős esőzések az ország északi részén", "Új múzeum nyílt a fővárosban", "Ismét nőtt az üzemanyag ára", "Döntőbe jutott a válogatott", "Hőség várható a hétvégén"}
	huBody   = "A szóvivő szerint a munkák jövő tavasszal kezdődnek, a lakók pedig a polgármesterrel tartott találkozón tudhatnak meg többet."
	roTitles = []string{"Guvernul a adoptat bugetul de stat în şedinţă", "Ploi puternice în nordul ţării", "Un nou muzeu s-a deschis în oraş", "Preţurile au crescut din nou", "Naţionala s-a calificat în finală", "Încep lucrările la autostradă"}
	roBody   = "Potrivit purtătorului de cuvânt, lucrările vor începe în primăvara anului viitor, iar locuitorii pot afla detalii la întâlnire."
	ltTitles = []string{"Vyriausybė patvirtino biudžetą", "Šiaurėje numatomas stiprus lietus", "Mieste atidarytas naujas muziejus", "Degalų kainos vėl išaugo", "Rinktinė pateko į finalą", "Žiemą keliai bus slidūs"}
	ltBody   = "Pasak atstovo, darbai prasidės kitų metų pavasarį, o gyventojai daugiau sužinos susitikime su miesto vadovu."
	lvTitles = []string{"Valdība apstiprināja budžetu", "Ziemeļos gaidāms stiprs lietus", "Pilsētā atklāts jauns muzejs", "Degvielas cenas atkal pieaugušas", "Izlase iekļuva finālā", "Ceļi ziemā būs slideni"}
	lvBody   = "Kā norāda pārstāvis, darbi sāksies nākamā gada pavasarī, bet iedzīvotāji vairāk uzzinās tikšanās laikā ar mēru."
	viTitles = []string{"Chính phủ công bố kế hoạch mới", "Mưa lớn ở miền Bắc", "Khánh thành bảo tàng thành phố", "Giá xăng dầu tiếp tục tăng", "Đội tuyển vào chung kết", "Tuyến đường sắt mới"}
	viBody   = "Theo người phát ngôn, công trình sẽ bắt đầu vào mùa xuân năm sau và người dân có thể tìm hiểu thêm tại cuộc họp."
)

func languages() []language {
	return []language{
		{"Chinese", "gb2312", simplifiedchinese.GBK, zhTitles, zhBody},
		{"Chinese", "gb18030", simplifiedchinese.GB18030, zhTitles, zhBody},
		{"Chinese", "hz-gb-2312", simplifiedchinese.HZGB2312, zhTitles, zhBody},
		{"Taiwan", "big5", traditionalchinese.Big5, twTitles, twBody},
		{"Taiwan", "gbk", simplifiedchinese.GBK, twTitles, twBody},
		{"Japanese", "shift_jis", japanese.ShiftJIS, jaTitles, jaBody},
		{"Japanese", "euc-jp", japanese.EUCJP, jaTitles, jaBody},
		{"Japanese", "iso-2022-jp", japanese.ISO2022JP, jaTitles, jaBody},
		{"Korean", "euc-kr", korean.EUCKR, koTitles, koBody},
		{"Russian", "windows-1251", charmap.Windows1251, ruTitles, ruBody},
		{"Russian", "koi8-r", charmap.KOI8R, ruTitles, ruBody},
		{"Russian", "iso-8859-5", charmap.ISO8859_5, ruTitles, ruBody},
		{"Russian", "ibm866", charmap.CodePage866, ruTitles, ruBody},
		{"Russian", "x-mac-cyrillic", charmap.MacintoshCyrillic, ruTitles, ruBody},
		{"Ukrainian", "windows-1251", charmap.Windows1251, ukTitles, ukBody},
		{"Ukrainian", "koi8-u", charmap.KOI8U, ukTitles, ukBody},
		{"Greek", "windows-1253", charmap.Windows1253, elTitles, elBody},
		{"Greek", "iso-8859-7", charmap.ISO8859_7, elTitles, elBody},
		{"Hebrew", "windows-1255", charmap.Windows1255, heTitles, heBody},
		{"Hebrew", "iso-8859-8", charmap.ISO8859_8, heTitles, heBody},
		{"Arabic", "windows-1256", charmap.Windows1256, arTitles, arBody},
		{"Arabic", "iso-8859-6", charmap.ISO8859_6, arTitles, arBody},
		{"Thai", "tis-620", charmap.Windows874, thTitles, thBody},
		{"French", "windows-1252", charmap.Windows1252, frTitles, frBody},
		{"French", "macintosh", charmap.Macintosh, frTitles, frBody},
		{"German", "iso-8859-1", charmap.ISO8859_1, deTitles, deBody},
		{"Spanish", "iso-8859-1", charmap.ISO8859_1, esTitles, esBody},
		{"Portuguese", "iso-8859-1", charmap.ISO8859_1, ptTitles, ptBody},
		{"Italian", "windows-1252", charmap.Windows1252, itTitles, itBody},
		{"Swedish", "iso-8859-1", charmap.ISO8859_1, svTitles, svBody},
		{"Danish", "iso-8859-15", charmap.ISO8859_15, daTitles, daBody},
		{"Icelandic", "iso-8859-1", charmap.ISO8859_1, isTitles, isBody},
		{"Turkish", "windows-1254", charmap.Windows1254, trTitles, trBody},
		{"Turkish", "iso-8859-9", charmap.ISO8859_9, trTitles, trBody},
		{"Polish", "windows-1250", charmap.Windows1250, plTitles, plBody},
		{"Polish", "iso-8859-2", charmap.ISO8859_2, plTitles, plBody},
		{"Czech", "windows-1250", charmap.Windows1250, csTitles, csBody},
		{"Czech", "iso-8859-2", charmap.ISO8859_2, csTitles, csBody},
		{"Hungarian", "iso-8859-2", charmap.ISO8859_2, huTitles, huBody},
		{"Romanian", "windows-1250", charmap.Windows1250, roTitles, roBody},
		{"Lithuanian", "windows-1257", charmap.Windows1257, ltTitles, ltBody},
		{"Latvian", "windows-1257", charmap.Windows1257, lvTitles, lvBody},
		{"Vietnamese", "windows-1258", charmap.Windows1258, viTitles, viBody},
	}
}

// feedOf writes a feed with n items whose titles and bodies are the language's.
func (l language) feed(declared string, first, n int, bodies bool) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"`)
	if declared != "" {
		fmt.Fprintf(&b, ` encoding="%s"`, declared)
	}
	b.WriteString("?>\n<rss version=\"2.0\"><channel><title>News</title>")
	for i := range n {
		fmt.Fprintf(&b, "<item><title>%s</title>", l.titles[(first+i)%len(l.titles)])
		if bodies {
			fmt.Fprintf(&b, "<description>%s</description>", l.body)
		}
		b.WriteString("</item>\n")
	}
	return b.String() + "</channel></rss>"
}

// encode writes s in the language's charset. Windows' Vietnamese has tones as
// characters of their own.
func (l language) encode(t *testing.T, s string) []byte {
	t.Helper()
	if l.label == "windows-1258" {
		var out strings.Builder
		for _, r := range s {
			out.WriteString(l.vietnamese(r))
		}
		s = out.String()
	}
	b, err := l.coding.NewEncoder().String(s)
	if err != nil {
		b, err = encoding.ReplaceUnsupported(l.coding.NewEncoder()).String(s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return []byte(b)
}

func (l language) vietnamese(r rune) string {
	if _, ok := charmap.Windows1258.EncodeRune(r); ok {
		return string(r)
	}
	parts := []rune(norm.NFD.String(string(r)))
	tone := len(parts) - 1
	if len(parts) == 3 && strings.ContainsRune("\u0302\u0306\u031b", parts[2]) {
		tone = 1
	}
	base := norm.NFC.String(string(append(parts[:tone:tone], parts[tone+1:]...)))
	return base + string(parts[tone])
}

// TestMatrix reads feeds in the charsets of many languages, in three lengths, under
// labels that are right, wrong or missing, and counts the titles that come out
// right. Nothing may come out wrong without a problem.
func TestMatrix(t *testing.T) {
	ways := []struct {
		name        string
		declared    func(l language) string
		contentType func(l language) string
		floor       [3]int // percent of titles right, for each length
	}{
		{"declared", language.itself, none, [3]int{99, 100, 100}},
		{"HTTP only", none, language.http, [3]int{99, 100, 100}},
		{"HTTP right, declared utf-8", says("utf-8"), language.http, [3]int{99, 100, 100}},
		{"HTTP latin1, declared right", language.itself, says("text/xml; charset=ISO-8859-1"), [3]int{99, 100, 100}},
		{"HTTP utf-8, declared right", language.itself, says("text/xml; charset=utf-8"), [3]int{99, 100, 100}},
		{"no label", none, none, [3]int{94, 100, 100}},
		{"declared utf-8 only", says("utf-8"), says("text/xml; charset=utf-8"), [3]int{92, 100, 100}},
		{"declared latin1 only", says("iso-8859-1"), none, [3]int{82, 90, 100}},
		{"declared gb2312 only", says("gb2312"), none, [3]int{93, 100, 100}},
		{"HTTP gbk, declared right", language.itself, says("text/xml; charset=gbk"), [3]int{99, 100, 100}},
		{"HTTP right, declared big5", says("big5"), language.http, [3]int{99, 100, 100}},
		{"UTF-8 labeled so", language.utf8, none, [3]int{100, 100, 100}},
	}
	for _, way := range ways {
		var rates [3]int
		for size := range 3 {
			right, all := 0, 0
			for _, l := range languages() {
				good, n := l.read(t, way.name, way.declared(l), way.contentType(l), size)
				right, all = right+good, all+n
			}
			rates[size] = right * 100 / all
			if rates[size] < way.floor[size] {
				t.Errorf("%s: %d%% right, want %d%%", way.name, rates[size], way.floor[size])
			}
		}
		t.Logf("%-30s one title %3d%%, three %3d%%, thirty with bodies %3d%%", way.name, rates[0], rates[1], rates[2])
	}
}

// read reads the language's feeds of a size and counts the titles that are right.
func (l language) read(t *testing.T, way, declared, contentType string, size int) (right, all int) {
	n, bodies, feeds := 1, false, len(l.titles)
	switch size {
	case 1:
		n, feeds = 3, 2
	case 2:
		n, bodies, feeds = 30, true, 1
	}
	for first := range feeds {
		text := l.feed(strings.TrimPrefix(declared, "utf-8 as "), first*n, n, bodies)
		body := []byte(text)
		if !strings.HasPrefix(declared, "utf-8 as ") {
			body = l.encode(t, text)
		}
		got, problems, err := Decode(body, contentType)
		if err != nil {
			t.Errorf("%s, %s in %s: %v", way, l.name, l.label, err)
		}
		for i := range n {
			title := l.titles[(first*n+i)%len(l.titles)]
			all++
			if strings.Contains(string(got), "<title>"+title+"</title>") {
				right++
				continue
			}
			silent := len(problems) == 0
			if silent && size == 2 {
				t.Errorf("%s: %s in %s is wrong without a problem: %.300q", way, l.name, l.label, got)
			}
			if i == 0 && testing.Verbose() {
				t.Logf("  %s, %d items: %s in %s: %q is not in %.200q, silent %t",
					way, n, l.name, l.label, title, got[min(len(got), 80):], silent)
			}
		}
	}
	return right, all
}

func (l language) itself() string { return l.label }
func (l language) http() string   { return "application/xml; charset=" + l.label }
func (l language) utf8() string   { return "utf-8 as " + l.label }

func none(language) string { return "" }

func says(label string) func(language) string { return func(language) string { return label } }
