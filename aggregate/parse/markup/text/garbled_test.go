package text

import "testing"

func TestGarbled(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"CafÃ© naÃ¯ve", true},
		{"ä¸\u00adå›½æ–°é—»", true},
		{"æ—¥æœ¬èªž", true},
		{"ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€", true},
		{"ItÃ¢â‚¬â„¢s garbled twice, itÃ¢â‚¬â„¢s", true},
		{"Itâ€™s so, itâ€™s", true},
		{"锟斤拷锟斤拷", true},
		{"", false},
		{"plain", false},
		{"Café naïve", false},
		{"Café Ã©", false}, // one may be meant
		{"Voilà\u00a0», déjà\u00a0» et là\u00a0»", false},
		{"BEAUTÉ… SANTÉ… CAFÉ…", false},
		{"„Viel Spaß“ und „Fuß“", false},
		{"Spaß“ Fuß“", false},
		{"Größe, Maß und Übermut", false},
		{"NGÃ… ĐÃ… MÃ…", false},
		{"Ngã ba, lã chã; Đã đến lúc", false},
		{"SÃO PAULO — AMANHÃ", false},
		{"中国新闻，日本語のニュース", false},
		{"Привет, мир", false},
	}
	for _, tt := range tests {
		if got := isGarbled(tt.text); got != tt.want {
			t.Errorf("isGarbled(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}
