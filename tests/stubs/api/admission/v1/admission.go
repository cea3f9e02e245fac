// Package v1 has the names of Kubernetes' admission API that scaffolded code uses.
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

type Operation string

const (
	Create Operation = "CREATE"
	Update Operation = "UPDATE"
)

type AdmissionReview struct {
	Request *AdmissionRequest
}

type AdmissionRequest struct {
	Resource  metav1.GroupVersionResource
	Operation Operation
	Object    runtime.RawExtension
	OldObject runtime.RawExtension
}

type AdmissionResponse struct {
	Allowed bool
}
