// Package runtime has the names of Kubernetes' schemes that scaffolded code uses.
package runtime

import "k8s.io/apimachinery/pkg/runtime/schema"

type Scheme struct{}

type Object any

type RawExtension struct {
	Raw []byte
}

func (*Scheme) AddKnownTypes(version schema.GroupVersion, types ...Object) {}

type SchemeBuilder []func(*Scheme) error

func NewSchemeBuilder(functions ...func(*Scheme) error) SchemeBuilder { return functions }
func (SchemeBuilder) AddToScheme(*Scheme) error                       { return nil }
