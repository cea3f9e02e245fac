package bell

import (
	"github.com/spf13/cobra"
)

const (
	TONE_FLAG = "--tone"
	LOUD_FLAG = "--loud"

	NAME = "bell"
)

var (
	// Flags
	tone string
	loud bool
)

func NewBellCommand() *cobra.Command {
	cmd := &cobra.Command{Use: NAME}
	cmd.Flags().StringVar(&tone, "tone", "", "The tone of the bell")
	cmd.Flags().BoolVar(&loud, "loud", false, "Ring so that all hear it")
	return cmd
}
