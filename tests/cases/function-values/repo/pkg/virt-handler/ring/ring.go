package ring

import (
	virtv1 "kubevirt.io/api/core/v1"
)

// Ringer rings.
type Ringer struct {
	times int
}

// Option sets something of a ringer.
type Option func(ringer *Ringer, vmi *virtv1.VirtualMachineInstance) bool

// Chain is an option by another name.
type Chain Option
