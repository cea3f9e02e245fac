package tests

import (
	v1 "kubevirt.io/api/core/v1"
)

// EnableFeatureGate switches a feature gate on for the rest of a spec.
func EnableFeatureGate(feature string) {
	_ = feature
}

// RunVMIAndExpectLaunch starts a VMI and waits for it.
func RunVMIAndExpectLaunch(vmi *v1.VirtualMachineInstance, timeout int) *v1.VirtualMachineInstance {
	if timeout == 0 {
		return nil
	}
	return vmi
}
