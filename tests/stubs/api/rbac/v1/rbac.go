// Package v1 has the names of Kubernetes' access rules that scaffolded code uses.
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

type PolicyRule struct {
	APIGroups     []string
	Resources     []string
	ResourceNames []string
	Verbs         []string
}

type Role struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Rules []PolicyRule
}

type ClusterRole struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Rules []PolicyRule
}
