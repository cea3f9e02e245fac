// Package ginkgo has the names of Ginkgo that scaffolded specs use.
package ginkgo

import (
	"testing"
)

type (
	Labels     []string
	TableEntry struct{}
	serial     bool
)

const (
	Serial  = serial(true)
	Ordered = serial(true)
)

func Label(labels ...string) Labels                  { return labels }
func Describe(text string, args ...any) bool         { return text != "" && len(args) > 0 }
func When(text string, args ...any) bool             { return text != "" && len(args) > 0 }
func Context(text string, args ...any) bool          { return text != "" && len(args) > 0 }
func It(text string, args ...any) bool               { return text != "" && len(args) > 0 }
func DescribeTable(text string, args ...any) bool    { return text != "" && len(args) > 0 }
func Entry(description any, args ...any) TableEntry  { return TableEntry{} }
func BeforeEach(args ...any) bool                    { return len(args) > 0 }
func By(text string, callback ...func())             {}
func Fail(message string, callerSkip ...int)         {}
func RunSpecs(t *testing.T, description string) bool { return description != "" }
