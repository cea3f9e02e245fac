package clock

import "errors"

func tick() error {
	return errors.New("T009: tick is not implemented")
}
