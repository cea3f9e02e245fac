package v1

// DeepCopy copies a machine.
func (in *VirtualMachineInstance) DeepCopy() *VirtualMachineInstance {
	out := *in
	return &out
}
