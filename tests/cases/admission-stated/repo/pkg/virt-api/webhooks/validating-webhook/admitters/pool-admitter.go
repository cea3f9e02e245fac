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

package admitters

import (
	"context"
	"encoding/json"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	k8sfield "k8s.io/apimachinery/pkg/util/validation/field"

	v1 "kubevirt.io/api/core/v1"

	webhookutils "kubevirt.io/kubevirt/pkg/util/webhooks"
	virtconfig "kubevirt.io/kubevirt/pkg/virt-config"
)

// PoolAdmitter validates pools of machines.
type PoolAdmitter struct {
	clusterConfig *virtconfig.ClusterConfig
}

// Admit validates an AdmissionReview.
func (admitter *PoolAdmitter) Admit(_ context.Context, ar *admissionv1.AdmissionReview) *admissionv1.AdmissionResponse {
	pool := &v1.VirtualMachineInstance{}
	if err := json.Unmarshal(ar.Request.Object.Raw, pool); err != nil {
		return webhookutils.ToAdmissionResponseError(err)
	}

	var causes []metav1.StatusCause

	path := k8sfield.NewPath("spec")
	for idx, volume := range pool.Spec.Volumes {
		causes = append(causes, validateVolumeName(path, idx, volume)...)
	}

	if len(causes) > 0 {
		return webhookutils.ToAdmissionResponse(causes)
	}

	return &admissionv1.AdmissionResponse{Allowed: true}
}

func validateVolumeName(field *k8sfield.Path, idx int, volume v1.Volume) []metav1.StatusCause {
	if volume.Name != "" {
		return nil
	}
	return []metav1.StatusCause{{
		Type:    metav1.CauseTypeFieldValueRequired,
		Message: "every volume has a name",
		Field:   field.Child("volumes").Index(idx).Child("name").String(),
	}}
}
