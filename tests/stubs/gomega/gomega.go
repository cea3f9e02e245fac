// Package gomega has the names of Gomega that scaffolded specs use.
package gomega

type Matcher interface {
	Match(actual any) (bool, error)
}

type Assertion interface {
	To(matcher Matcher, description ...any) bool
	ToNot(matcher Matcher, description ...any) bool
}

func Expect(actual any, extra ...any) Assertion          { return nil }
func Equal(expected any) Matcher                         { return nil }
func BeNil() Matcher                                     { return nil }
func BeEmpty() Matcher                                   { return nil }
func BeFalse() Matcher                                   { return nil }
func Succeed() Matcher                                   { return nil }
func BeNumerically(comparator string, to ...any) Matcher { return nil }
func HaveOccurred() Matcher                              { return nil }
func ConsistOf(elements ...any) Matcher                  { return nil }
func HaveField(field string, expected any) Matcher       { return nil }
func ContainSubstring(text string, args ...any) Matcher  { return nil }
