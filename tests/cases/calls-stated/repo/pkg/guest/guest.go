/*
 * This file is part of the KubeVirt project
 */

package guest

import (
	virtv1 "kubevirt.io/api/core/v1"
)

type keeper struct {
	held map[string]bool
}

func (k *keeper) add(obj interface{}) {
	k.enqueue(obj)
}

func (k *keeper) remove(obj interface{}) {
	k.enqueue(obj)
}

func (k *keeper) update(_, curr interface{}) {
	k.enqueue(curr)
}

func (k *keeper) enqueue(obj interface{}) {
	k.note(obj.(*virtv1.VirtualMachineInstance))
}

func (k *keeper) note(vmi *virtv1.VirtualMachineInstance) {
	k.held[vmi.Name] = true
}

// keep brings the status of a VMI up to date.
func (k *keeper) keep(vmi *virtv1.VirtualMachineInstance) error {
	k.note(vmi)

	vmiCopy := vmi.DeepCopy()
	vmiCopy, err := k.name(vmiCopy)
	if err != nil {
		return err
	}

	k.count(vmiCopy)
	if err := k.check(vmiCopy); err != nil {
		k.note(vmi)
		return err
	}

	k.tidy()
	k.sort()
	if vmi.Name != "" {
		k.publish(vmiCopy)
	}
	return nil
}

func (k *keeper) name(vmi *virtv1.VirtualMachineInstance) (*virtv1.VirtualMachineInstance, error) {
	return vmi, nil
}

func (k *keeper) count(_ *virtv1.VirtualMachineInstance) {}

func (k *keeper) check(_ *virtv1.VirtualMachineInstance) error {
	return nil
}

func (k *keeper) tidy() {}

func (k *keeper) sort() {}

func (k *keeper) publish(_ *virtv1.VirtualMachineInstance) {}
