// Package pflag has the names of pflag that scaffolded code uses.
package pflag

import "time"

type FlagSet struct{}

func (*FlagSet) BoolVar(p *bool, name string, value bool, usage string)                       {}
func (*FlagSet) StringVar(p *string, name, value, usage string)                               {}
func (*FlagSet) IntVar(p *int, name string, value int, usage string)                          {}
func (*FlagSet) DurationVar(p *time.Duration, name string, value time.Duration, usage string) {}
func (*FlagSet) StringSliceVar(p *[]string, name string, value []string, usage string)        {}

func (*FlagSet) BoolVarP(p *bool, name, shorthand string, value bool, usage string) {}
func (*FlagSet) StringVarP(p *string, name, shorthand, value, usage string)         {}
func (*FlagSet) IntVarP(p *int, name, shorthand string, value int, usage string)    {}

func Bool(name string, value bool, usage string) *bool                       { return &value }
func String(name, value, usage string) *string                               { return &value }
func Int(name string, value int, usage string) *int                          { return &value }
func Uint(name string, value uint, usage string) *uint                       { return &value }
func Duration(name string, value time.Duration, usage string) *time.Duration { return &value }
func Parse()                                                                 {}

func BoolVar(p *bool, name string, value bool, usage string)                       {}
func StringVar(p *string, name, value, usage string)                               {}
func IntVar(p *int, name string, value int, usage string)                          {}
func DurationVar(p *time.Duration, name string, value time.Duration, usage string) {}
func StringSliceVar(p *[]string, name string, value []string, usage string)        {}
func UintVar(p *uint, name string, value uint, usage string)                       {}
