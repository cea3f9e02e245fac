package libvmi

import (
	v1 "kubevirt.io/api/core/v1"
)

// NewAlpine returns a small VMI.
func NewAlpine() *v1.VirtualMachineInstance {
	return &v1.VirtualMachineInstance{Name: "alpine"}
}
