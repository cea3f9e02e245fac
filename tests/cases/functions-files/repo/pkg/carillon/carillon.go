package carillon

// Player plays the bells.
type Player struct {
	bells []string
}

// mood is how the bells sound.
type mood struct {
	key string
}

// IsTuned reports whether a bell is in tune.
func IsTuned(bell string) bool {
	return bell != ""
}

// HasClapper reports whether a bell can be rung.
func HasClapper(bell string) bool {
	return bell != "gong"
}

func (p *Player) Ring(times int) error {
	return nil
}
