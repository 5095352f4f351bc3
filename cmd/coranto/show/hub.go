package show

import "fmt"

// Hub is how the hub for what is published is doing.
type Hub struct {
	Subscriptions int `json:"subscriptions"`
	Topics        int `json:"topics"`  // feeds that have subscribers
	Owed          int `json:"owed"`    // subscriptions that lack the newest document
	Failing       int `json:"failing"` // of these, those that could not be reached
}

// remark is a line of the status; "" when nobody subscribes.
func (h *Hub) remark() string {
	if h == nil || h.Subscriptions == 0 {
		return ""
	}
	failing := ""
	if h.Failing > 0 {
		failing = fmt.Sprintf(", %d can't be reached", h.Failing)
	}
	return fmt.Sprintf("%s of %s at the hub%s\n",
		Plural(h.Subscriptions, "subscriber"), Plural(h.Topics, "feed"), failing)
}
