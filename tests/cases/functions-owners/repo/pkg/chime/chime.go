/*
 * This file is part of the KubeVirt project
 */

package chime

// Ringer rings.
type Ringer interface {
	Ring(times int) error
}

// Config is how chimes are set up.
type Config struct {
	tone string
}

// Tone of the chime.
func (c *Config) Tone() string {
	return c.tone
}

type bell struct {
	rung int
}

func (b *bell) Ring(times int) error {
	b.rung += times
	return nil
}
