package tests_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"

	_ "kubevirt.io/kubevirt/tests/compute"
	_ "kubevirt.io/kubevirt/tests/network"
)

func TestTests(t *testing.T) {
	RunSpecs(t, "KubeVirt Tests Suite")
}
