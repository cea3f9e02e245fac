package v1

// Pod is a pod.
type Pod struct{}

// Volume is a volume of a pod.
type Volume struct{}
