/*
 * This file is part of the KubeVirt project
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 *
 * Copyright The KubeVirt Authors.
 *
 */

package components

import (
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	virtv1 "kubevirt.io/api/core/v1"
)

var (
	VIRTUALMACHINE = "virtualmachines." + virtv1.GroupName
	KUBEVIRT       = "kubevirts." + virtv1.GroupName
)

func newBlankCrd() *extv1.CustomResourceDefinition {
	return &extv1.CustomResourceDefinition{}
}

func patchValidationForAllVersions(crd *extv1.CustomResourceDefinition) error {
	return nil
}

func NewVirtualMachineCrd() (*extv1.CustomResourceDefinition, error) {
	crd := newBlankCrd()
	crd.Name = VIRTUALMACHINE
	return crd, patchValidationForAllVersions(crd)
}

func NewKubeVirtCrd() (*extv1.CustomResourceDefinition, error) {
	crd := newBlankCrd()
	crd.Name = KUBEVIRT
	return crd, patchValidationForAllVersions(crd)
}
