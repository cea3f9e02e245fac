/*
 * This file is part of the KubeVirt project
 */

package virthandler

import (
	"fmt"

	v1 "kubevirt.io/api/core/v1"

	"kubevirt.io/kubevirt/pkg/virt-handler/steps"
)

type launchSettings struct {
	Quick          bool
	Retries        int
	SilentConsole  bool
	TuningEnabled  bool
	UsesLongNames  bool
	FirstNodeIndex int
}

type launchResult struct {
	Quick bool
	Text  string
}

func newStep(name string) string { return name }

func newLateStep(name string) string { return name }

func (c *VirtualMachineController) launchOptions(vmi *v1.VirtualMachineInstance) (*launchSettings, *launchResult) {
	retries := c.retries
	options := &launchSettings{
		Quick:   true,
		Retries: retries,

		// The console is silent where nobody listens.
		SilentConsole: len(vmi.Name) > 0,
	}
	return options, &launchResult{
		Quick: true,
		Text:  fmt.Sprint(retries),
	}
}

func (c *VirtualMachineController) launchCommand(vmi *v1.VirtualMachineInstance) []string {
	args := []string{"--name", vmi.Name}
	if c.clusterConfig.RootEnabled() {
		args = append(args, "--root")
	}
	if c.clusterConfig.RootEnabled() {
		args = append(args, "--as-root")
	}
	if vmi.Name == "" {
		args = append(args, "--nameless")
	}
	return args
}

func (c *VirtualMachineController) launchSteps(vmi *v1.VirtualMachineInstance) []string {
	if vmi == nil {
		return nil
	}
	c.prepare(vmi)
	if err := c.sync(vmi); err != nil {
		return nil
	}
	vmi.Spec.Architecture = "amd64"
	vmi.Spec.ServiceAccountName = "launched"
	return []string{
		newStep("prepare"),
		newStep("launch"),
	}
}

func (c *VirtualMachineController) prepare(_ *v1.VirtualMachineInstance) {
	c.retries = 0
}

func newOnlyStep(name string) func() string { return func() string { return name } }

func (c *VirtualMachineController) launchLists(vmi *v1.VirtualMachineInstance) []string {
	all := []func() string{
		steps.NewFirstStep, steps.NewNextStep,
		steps.NewLastStep,
	}
	late := []func() string{
		newOnlyStep("late"),
		newOnlyName,
	}
	var names []string
	for _, step := range append(all, late...) {
		names = append(names, step())
	}
	names = append(names, vmi.Name)
	if len(names) > c.retries {
		names = append(names, "retried")
	}
	return names
}

func newOnlyName() string { return "name" }
