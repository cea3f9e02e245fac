package virthandler

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Oven", func() {
	Context("when it is hot", func() {
		It("should glow", func() {
			Expect(heat("a")).To(Equal(true))
		})
	})

	Context("twice", func() {
		It("should heat", func() {
			Expect(heat("a")).To(Equal(true))
		})
	})

	When("the door is open", func() {
		Context("twice", func() {
			It("should cool down", func() {
				Expect(cool("")).To(Equal(true))
			})
		})
	})
})
