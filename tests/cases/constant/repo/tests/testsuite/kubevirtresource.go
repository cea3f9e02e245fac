package testsuite

import (
	"kubevirt.io/kubevirt/pkg/virt-config/featuregate"
)

// AdjustKubeVirtResource sets KubeVirt up for the specs.
func AdjustKubeVirtResource() {
	for _, gate := range []string{
		featuregate.Root,
		featuregate.DiskMirroring,
	} {
		enable(gate)
	}
	disable(
		featuregate.GuestPulse,
	)
}

func enable(gate string) {}

func disable(gates ...string) {}
