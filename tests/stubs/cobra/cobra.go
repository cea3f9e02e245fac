// Package cobra has the names of Cobra that scaffolded code uses.
package cobra

import "github.com/spf13/pflag"

type Command struct {
	Use     string
	Short   string
	Long    string
	Example string
	Args    any
	RunE    func(cmd *Command, args []string) error
	Run     func(cmd *Command, args []string)
}

func (*Command) Flags() *pflag.FlagSet           { return nil }
func (*Command) AddCommand(commands ...*Command) {}

func ExactArgs(n int) any { return n }
