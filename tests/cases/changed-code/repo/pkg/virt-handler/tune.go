/*
 * This file is part of the KubeVirt project
 */

package virthandler

import (
	v1 "kubevirt.io/api/core/v1"

	"kubevirt.io/kubevirt/pkg/clockwork"
	guests "kubevirt.io/kubevirt/pkg/tuner"
)

func (c *VirtualMachineController) tune(vmi *v1.VirtualMachineInstance) int {
	return guests.NewTuner(c.retries).Plan(vmi)
}

func (c *VirtualMachineController) tuneOften(vmi *v1.VirtualMachineInstance) int {
	often := len(vmi.Spec.Architecture)
	return clockwork.Ticks(vmi) + often
}

func (c *VirtualMachineController) tuneTwice(vmi *v1.VirtualMachineInstance) int {
	first := len(vmi.Name)
	return first + len(vmi.Name)
}

func newTuner(limit int) *guests.Tuner { return &guests.Tuner{} }

func (c *VirtualMachineController) tuneAll(vmi *v1.VirtualMachineInstance) int {
	return newTuner(2).Plan(vmi)
}
