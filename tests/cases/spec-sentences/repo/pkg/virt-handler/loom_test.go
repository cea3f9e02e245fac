package virthandler

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Loom", func() {
	DescribeTable("should weave", func(threads int) {
		Expect(threads).To(BeNumerically(">", 0))
	},
		Entry("with one thread", 1),
	)

	Context("GetThread", func() {
		It("should be blue", func() {
			Expect("blue").To(Equal("blue"))
		})
	})
})
