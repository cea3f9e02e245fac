/*
 * This file is part of the KubeVirt project
 */

package guest

// Clock tells a guest's time.
type Clock interface {
	Name() string
}

var _ = Clock(&kvmClock{})

type kvmClock struct{}

func (kvmClock) Name() string {
	return "kvm"
}

type hypervClock struct {
	drift int
}

func (_ *hypervClock) Name() string {
	return "hyperv"
}

type mixedClock struct {
	drift int
}

func (m *mixedClock) Name() string {
	return "mixed"
}

func (m *mixedClock) Reset() {
	m.drift = 0
}

func (m mixedClock) Drift() int {
	return m.drift
}

type emptyClock struct{}

// Tick moves a clock on.
func Tick(c *kvmClock) error {
	return nil
}

// Zone is a time zone.
type Zone string
