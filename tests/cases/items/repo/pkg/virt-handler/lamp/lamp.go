package lamp

func lightLamp() {}
