/*
 * This file is part of the KubeVirt project
 */

package tuner_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	v1 "kubevirt.io/api/core/v1"

	"kubevirt.io/kubevirt/pkg/tuner"
)

var _ = Describe("Tuner", func() {
	It("should plan", func() {
		Expect(tuner.NewTuner(1).Plan(&v1.VirtualMachineInstance{})).To(Equal(4))
		Expect(tuner.NewTuner(
			2,
		).Plan(&v1.VirtualMachineInstance{})).To(Equal(5))
	})
})
