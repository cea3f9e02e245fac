package virthandler

func readClock() {}
