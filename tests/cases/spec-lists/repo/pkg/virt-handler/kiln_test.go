package virthandler

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Kiln", func() {
	Context("with a shelf", func() {
		It("should fire a cup", func() {
			Expect(fire("small")).To(Equal(true))
		})

		DescribeTable("should", func(kiln string) {
			Expect(fire(kiln)).To(Equal(true))
		},
			Entry("hold a big kiln", "big"),
		)
	})
})
