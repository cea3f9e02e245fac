// Package v1 has the names of Kubernetes' custom resources that scaffolded code uses.
package v1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

const NoneConverter = "None"

type CustomResourceDefinition struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Spec CustomResourceDefinitionSpec
}

type CustomResourceDefinitionSpec struct {
	Group      string
	Versions   []CustomResourceDefinitionVersion
	Scope      string
	Conversion *CustomResourceConversion
	Names      CustomResourceDefinitionNames
}

type CustomResourceDefinitionVersion struct {
	Name         string
	Served       bool
	Storage      bool
	Subresources *CustomResourceSubresources
}

type CustomResourceSubresources struct {
	Status *CustomResourceSubresourceStatus
}

type CustomResourceSubresourceStatus struct{}

type CustomResourceConversion struct {
	Strategy string
}

type CustomResourceDefinitionNames struct {
	Plural     string
	Singular   string
	Kind       string
	ShortNames []string
	Categories []string
}
