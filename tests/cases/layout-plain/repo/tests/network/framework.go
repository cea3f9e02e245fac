package network

import (
	. "github.com/onsi/ginkgo/v2"

	"kubevirt.io/kubevirt/tests/decorators"
)

func SIGDescribe(text string, args ...any) bool {
	return Describe("[sig-network] "+text, append([]any{decorators.SigNetwork}, args...)...)
}
