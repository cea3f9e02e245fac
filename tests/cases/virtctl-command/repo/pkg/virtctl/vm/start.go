package vm

import (
	"github.com/spf13/cobra"
)

// NewStartCommand starts.
func NewStartCommand() *cobra.Command {
	return &cobra.Command{Use: "start"}
}

// NewStopCommand stops.
func NewStopCommand() *cobra.Command {
	return &cobra.Command{Use: "stop"}
}
