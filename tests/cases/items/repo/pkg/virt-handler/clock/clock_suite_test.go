package clock

import (
	"testing"

	"kubevirt.io/client-go/testutils"
)

func TestClock(t *testing.T) {
	testutils.KubeVirtTestSuiteSetup(t)
}
