package clock

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Guest clock", func() {
	var setter *Setter

	BeforeEach(func() {
		setter = &Setter{}
	})

	Context("when setClock is called", func() {
		It("accepts zero", func() {
			Expect(setter.setClock(0)).To(Succeed())
		})
	})

	When("the read clock is late", func() {
		It("is read", func() {
			Expect(readClock()).To(BeNumerically(">", 0))
		})
	})

	Context("alarms", Ordered, func() {
		It("rings", func() {
			chime()
		})
	})
})
