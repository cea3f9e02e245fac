package carillon

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Carillon", func() {
	// A bell without a name is none.
	It("knows a bell", func() {
		Expect(IsTuned("tenor")).To(Equal(true))
	})
})
