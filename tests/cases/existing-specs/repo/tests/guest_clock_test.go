package tests_test

import (
	. "github.com/onsi/ginkgo/v2"

	"kubevirt.io/kubevirt/tests/decorators"
)

var _ = Describe("[sig-compute]Guest clock", decorators.SigCompute, func() {
	Context("clock", func() {
		It("clock is right after a pause", func() {
			By("filling in what the stub left open")
		})
	})
})
