// Package v1 has the names of Kubernetes' meta API that scaffolded code uses.
package v1

type CauseType string

const (
	CauseTypeFieldValueInvalid      CauseType = "FieldValueInvalid"
	CauseTypeFieldValueNotSupported CauseType = "FieldValueNotSupported"
)

type StatusCause struct {
	Type    CauseType
	Message string
	Field   string
}
