package main

import (
	virthandler "kubevirt.io/kubevirt/pkg/virt-handler"
)

func run(_ *virthandler.VirtualMachineController) {
}
