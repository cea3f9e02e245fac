package guest_test

import (
	v1 "kubevirt.io/api/core/v1"

	"kubevirt.io/kubevirt/pkg/guest"
)

type clockStub struct{}

func (clockStub) Name() string {
	return "stub"
}

func (clockStub) Read(_ *v1.VirtualMachineInstance) (guest.Time, error) {
	return guest.Time{}, nil
}

var _ guest.Clock = clockStub{}
