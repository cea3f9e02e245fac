package compute

import (
	. "github.com/onsi/ginkgo/v2"

	"kubevirt.io/kubevirt/pkg/virt-config/featuregate"
	"kubevirt.io/kubevirt/tests/libkubevirt/config"
)

var _ = Describe(SIG("Quiet boot", func() {
	BeforeEach(func() {
		config.EnableFeatureGate(featuregate.QuietBootGate)
	})

	It("hides the messages", func() {})
}))
