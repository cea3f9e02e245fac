// Package schema has the names of Kubernetes' groups and versions that scaffolded code uses.
package schema

type GroupVersion struct {
	Group   string
	Version string
}

type GroupVersionKind struct{}

type GroupKind struct{}

type GroupResource struct{}

func (v GroupVersion) WithKind(kind string) GroupVersionKind { return GroupVersionKind{} }
func (v GroupVersion) WithResource(resource string) GroupVersionResource {
	return GroupVersionResource{}
}

type GroupVersionResource struct{}

func (GroupVersionKind) GroupKind() GroupKind             { return GroupKind{} }
func (GroupVersionResource) GroupResource() GroupResource { return GroupResource{} }
