package lamp

func trimWick() {}
