package tests_test

import (
	. "github.com/onsi/ginkgo/v2"

	"kubevirt.io/kubevirt/tests/decorators"
)

var _ = Describe("[sig-compute]Chime", decorators.SigCompute, func() {
	It("chimes", func() {
	})
})
