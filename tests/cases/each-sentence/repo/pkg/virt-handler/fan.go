package virthandler

import (
	"time"
)

const fanFast = 3

type fan struct {
	speed int
	turns time.Duration
}

// cool is below a hundred.
func cool(degrees int) bool {
	return degrees < 100
}

func (f *fan) spin(degrees int) error {
	f.speed = speedOf(degrees, fanFast)
	return nil
}

func speedOf(degrees, most int) int {
	if cool(degrees) {
		return 1
	}
	return most
}
