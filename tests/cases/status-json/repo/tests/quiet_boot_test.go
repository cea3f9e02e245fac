package tests_test

import (
	. "github.com/onsi/ginkgo/v2"
)

var _ = Describe("Quiet Boot", func() {
	Context("Spec", func() {
		It("it boots quietly", func() {
			Fail("T002: not implemented")
		})
		It("it boots loudly", func() {
		})
	})
})
