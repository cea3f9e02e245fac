/*
 * This file is part of the KubeVirt project
 */

package guest

import (
	v1 "kubevirt.io/api/core/v1"
)

// Clock tells a guest's time.
type Clock interface {
	// Name of the clock.
	Name() string
	Read(vmi *v1.VirtualMachineInstance) (Time, error)
}

// Time is a guest's time.
type Time struct {
	Seconds int64
}

// Zone is a time zone.
type Zone string

type realTimeClock struct {
	zone Zone
}

func (c *realTimeClock) Name() string {
	return "rtc"
}

func (c *realTimeClock) Read(_ *v1.VirtualMachineInstance) (Time, error) {
	return Time{}, nil
}

// Pair holds two of a kind.
type Pair[T any] struct {
	first, second T
}

func (z Zone) String() string {
	return string(z)
}
