package virthandler

import virtconfig "kubevirt.io/kubevirt/pkg/virt-config"

func mirrors(config *virtconfig.ClusterConfig) bool {
	return config.DiskMirroringEnabled()
}

var _ = mirrors
