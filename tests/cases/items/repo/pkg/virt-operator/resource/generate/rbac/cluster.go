package rbac

import (
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	subresourceGroup = "subresources.kubevirt.io"
	apiVMStart       = "virtualmachines/start"
	apiVMRestart     = "virtualmachines/restart"
)

func newAdminClusterRole() *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{
			Name: "kubevirt.io:admin",
		},
		Rules: []rbacv1.PolicyRule{
			{
				APIGroups: []string{
					subresourceGroup,
				},
				Resources: []string{
					apiVMStart,
					apiVMRestart,
				},
				Verbs: []string{
					"update",
				},
			},
		},
	}
}

func newViewClusterRole() *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{
			Name: "kubevirt.io:view",
		},
		Rules: []rbacv1.PolicyRule{},
	}
}
