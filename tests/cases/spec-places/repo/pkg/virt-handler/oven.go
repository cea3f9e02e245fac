package virthandler

func heat(oven string) bool {
	return oven != ""
}

func cool(oven string) bool {
	return oven == ""
}
