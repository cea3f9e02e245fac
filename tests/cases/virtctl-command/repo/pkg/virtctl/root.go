package virtctl

import (
	"github.com/spf13/cobra"

	"kubevirt.io/kubevirt/pkg/virtctl/vm"
)

// NewVirtctlCommand makes the root command.
func NewVirtctlCommand() *cobra.Command {
	hidden := &cobra.Command{Use: "hidden"}
	root := &cobra.Command{Use: "virtctl"}
	root.AddCommand(
		vm.NewStartCommand(),
		vm.NewStopCommand(),
		hidden,
	)
	return root
}
