package virtconfig

import "kubevirt.io/kubevirt/pkg/virt-config/deprecation"

const (
	QuietBootGate = "QuietBoot"
)

func (config *ClusterConfig) isFeatureGateEnabled(gate string) bool {
	return false
}

func (config *ClusterConfig) QuietBootEnabled() bool {
	return config.isFeatureGateEnabled(QuietBootGate)
}

func (config *ClusterConfig) SlowClockEnabled() bool {
	return config.isFeatureGateEnabled(deprecation.SlowClock)
}
