package virtconfig

const (
	Root          = "Root"
	DiskMirroring = "DiskMirroring"
	// QuietBootGate hides the firmware's messages from the console.
	QuietBootGate = "QuietBoot"
)

func (config *ClusterConfig) isFeatureGateEnabled(name string) bool {
	for _, gate := range config.GetConfig().DeveloperConfiguration.FeatureGates {
		if gate == name {
			return true
		}
	}
	return false
}

func (config *ClusterConfig) RootEnabled() bool {
	return config.isFeatureGateEnabled(Root)
}

func (config *ClusterConfig) DiskMirroringEnabled() bool {
	return config.isFeatureGateEnabled(DiskMirroring)
}
