package ring

import (
	v1 "k8s.io/api/core/v1"
)

// Pods are pods.
type Pods []v1.Pod
