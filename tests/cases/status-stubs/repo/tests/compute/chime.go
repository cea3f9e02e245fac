package compute

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe(SIG("Chime", func() {
	It("it chimes", func() {
		Expect(chime()).To(Equal(12))
	})

	PIt("it is silent at night", func() {
		Expect(chime()).To(Equal(0))
	})
}))
