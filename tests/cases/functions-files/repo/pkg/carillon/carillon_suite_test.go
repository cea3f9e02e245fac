package carillon

import (
	"testing"

	"kubevirt.io/client-go/testutils"
)

func TestCarillon(t *testing.T) {
	testutils.KubeVirtTestSuiteSetup(t)
}
