package libvmi

import (
	kvirtv1 "kubevirt.io/api/core/v1"
)

// NetworkOption is an action that changes a network.
type NetworkOption func(network *kvirtv1.Network)

// WithNetworkName sets the name.
func WithNetworkName(name string) NetworkOption {
	return func(n *kvirtv1.Network) {
		n.Name = name
	}
}

// WithNetworks sets the networks.
func WithNetworks(networks ...kvirtv1.Network) Option {
	return func(vmi *kvirtv1.VirtualMachineInstance) {
		vmi.Spec.Networks = networks
	}
}
