package libvmi

import (
	v1 "kubevirt.io/api/core/v1"
)

// Option is an action that changes a VMI.
type Option func(vmi *v1.VirtualMachineInstance)

func WithArchitecture(arch string) Option {
	return func(vmi *v1.VirtualMachineInstance) {
		vmi.Spec.Architecture = arch
	}
}

// VolumeOption is an action that changes a volume.
type VolumeOption func(volume *v1.Volume)
