// Package v1 has the names of Kubernetes' meta API that scaffolded code uses.
package v1

import "k8s.io/apimachinery/pkg/runtime/schema"

type CauseType string

const (
	CauseTypeFieldValueInvalid      CauseType = "FieldValueInvalid"
	CauseTypeFieldValueNotSupported CauseType = "FieldValueNotSupported"
	CauseTypeFieldValueRequired     CauseType = "FieldValueRequired"
	CauseTypeFieldValueDuplicate    CauseType = "FieldValueDuplicate"
)

type StatusCause struct {
	Type    CauseType
	Message string
	Field   string
}

type TypeMeta struct {
	Kind       string
	APIVersion string
}

type ObjectMeta struct {
	Name      string
	Namespace string
	Labels    map[string]string
}

type ListMeta struct{}

type GroupVersionResource struct {
	Group    string
	Version  string
	Resource string
}

func AddToGroupVersion(scheme any, version schema.GroupVersion) {}

// Duration is a duration.
type Duration struct{}
