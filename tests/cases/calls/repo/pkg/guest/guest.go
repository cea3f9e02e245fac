/*
 * This file is part of the KubeVirt project
 */

package guest

import (
	virtv1 "kubevirt.io/api/core/v1"
)

type applier struct {
	prefix string
}

// Apply brings a VMI into its final form.
func (a *applier) Apply(
	vmi *virtv1.VirtualMachineInstance,
	annotations map[string]string,
) {
	if vmi == nil {
		return
	}

	applyName(vmi, annotations)
	a.applyPrefix(annotations)
}

func applyName(vmi *virtv1.VirtualMachineInstance, annotations map[string]string) {
	annotations["name"] = vmi.Name
}

func (a *applier) applyPrefix(annotations map[string]string) {
	annotations["prefix"] = a.prefix
}

// Check finds the first thing that is wrong with a VMI.
func Check(vmi *virtv1.VirtualMachineInstance) (bool, error) {
	if err := checkName(vmi); err != nil {
		return false, err
	}
	if err := checkVolumes(vmi); err != nil {
		return false, err
	}
	return true, nil
}

func checkName(_ *virtv1.VirtualMachineInstance) error {
	return nil
}

func checkVolumes(_ *virtv1.VirtualMachineInstance) error {
	return nil
}

func validateVolumes(spec *virtv1.VirtualMachineInstanceSpec) []string {
	var causes []string
	for idx, volume := range spec.Volumes {
		causes = append(causes, validateVolumeName(idx, volume)...)
	}
	return causes
}

func validateVolumeName(_ int, volume virtv1.Volume) []string {
	if volume.Name == "" {
		return []string{"a volume needs a name"}
	}
	return nil
}

// Refresh brings a VMI up to date.
func Refresh(vmi *virtv1.VirtualMachineInstance) error {
	copied := clone(vmi)
	if copied.Name == "" {
		return nil
	}
	return nil
}

func clone(vmi *virtv1.VirtualMachineInstance) *virtv1.VirtualMachineInstance {
	return &virtv1.VirtualMachineInstance{Name: vmi.Name}
}

type reader struct{}

// Close ends it.
func (r *reader) Close() {
}

type writer struct{}

// Close ends it.
func (w *writer) Close() {
}

type machine struct {
	started bool
}

func (m *machine) Execute() {
	m.initCPUController()
	m.initMemoryController()

	m.started = true
}

func (m *machine) initCPUController() {
}

func (m *machine) initMemoryController() {
}

type alarm struct {
	rings int
}

func (a *alarm) ring(vmi *virtv1.VirtualMachineInstance) {
	if vmi == nil {
		return
	}
	a.rings++
}

func (a *alarm) quiet(vmi *virtv1.VirtualMachineInstance) {
	if vmi == nil {
		return
	}
	a.rings = 0
}
