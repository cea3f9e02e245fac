package gear

func turn() {}
