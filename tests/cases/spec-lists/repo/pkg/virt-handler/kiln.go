package virthandler

func fire(kiln string) bool {
	return kiln != ""
}
