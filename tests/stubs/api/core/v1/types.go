// Package v1 stands in for k8s.io/api/core/v1.
package v1

// Pod is a pod.
type Pod struct{}

// Volume is a volume of a pod.
type Volume struct{}
