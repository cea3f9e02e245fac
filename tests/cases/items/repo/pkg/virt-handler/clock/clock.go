package clock

// timeout is in seconds.
const timeout = 5

// Setter sets clocks.
type Setter struct{}

func (s *Setter) setClock(now int64) error {
	return nil
}

func readClock() int64 {
	return timeout
}

func windClock() {}
