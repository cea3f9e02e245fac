/*
 * This file is part of the KubeVirt project
 */

package tuner

import (
	v1 "kubevirt.io/api/core/v1"

	virtconfig "kubevirt.io/kubevirt/pkg/virt-config"
)

// Tuner tunes guests.
type Tuner struct {
	config *virtconfig.ClusterConfig
	limit  int
}

// Gauge knows how far a guest is.
type Gauge interface {
	Measure(vmi *v1.VirtualMachineInstance) int
}

func NewTuner(limit int) *Tuner {
	return &Tuner{limit: limit}
}

func (t *Tuner) Measure(vmi *v1.VirtualMachineInstance) int {
	return len(vmi.Name)
}

// isOld tells old guests.
func isOld(vmi *v1.VirtualMachineInstance) bool {
	return vmi.Name == "old"
}

func (t *Tuner) Plan(vmi *v1.VirtualMachineInstance) int {
	if isOld(vmi) {
		return 0
	}
	return t.apply(vmi, t.limit)
}

func (t *Tuner) apply(
	vmi *v1.VirtualMachineInstance,
	limit int,
) int {
	if isOld(vmi) {
		limit = 0
	}
	return weigh(vmi, limit, "fast", "slow")
}

func weigh(vmi *v1.VirtualMachineInstance, limit int, names ...string) int {
	weight := len(names)
	return weight + limit + len(vmi.Name)
}

func mark(vmi *v1.VirtualMachineInstance, text string) {
	vmi.Name = trim(text)
}

func trim(text string) string {
	return text
}

func markAll(vmis []*v1.VirtualMachineInstance) {
	for _, vmi := range vmis {
		mark(
			vmi,
			"tuned", // what it is
		)
	}
}

func each(vmis []*v1.VirtualMachineInstance, do func(*v1.VirtualMachineInstance)) {
	for _, vmi := range vmis {
		do(vmi)
	}
}

func count(_ *v1.VirtualMachineInstance) {}

func countAll(vmis []*v1.VirtualMachineInstance) {
	each(vmis, count)
}

func hum(vmi *v1.VirtualMachineInstance) {}

func humAll(vmis []*v1.VirtualMachineInstance) {
	for _, vmi := range vmis {
		hum(vmi)
	}
}
