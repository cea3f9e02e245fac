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

package webhooks

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "kubevirt.io/api/core/v1"
)

// KubeVirtUpdateAdmitter validates changes of the KubeVirt resource.
type KubeVirtUpdateAdmitter struct {
	strict bool
}

// Response is the answer to an admission review.
type Response struct {
	Causes   []metav1.StatusCause
	Warnings []string
}

// Admit finds everything that is wrong with the new KubeVirt resource.
func (admitter *KubeVirtUpdateAdmitter) Admit(newKV *v1.KubeVirt) *Response {
	// A comment comes first, and the warnings last.
	var results []metav1.StatusCause

	results = append(results, validateGates(&newKV.Spec.Configuration)...)

	if admitter.strict {
		results = append(results, validateGates(&newKV.Spec.Configuration)...)
	}

	response := &Response{Causes: results}

	response.Warnings = append(response.Warnings, "nothing is ever perfect")

	return response
}

func validateGates(config *v1.KubeVirtConfiguration) []metav1.StatusCause {
	if config.DeveloperConfiguration != nil {
		return nil
	}
	return []metav1.StatusCause{{
		Type:    metav1.CauseTypeFieldValueInvalid,
		Message: "there is no developer configuration",
		Field:   "spec.configuration.developerConfiguration",
	}}
}
