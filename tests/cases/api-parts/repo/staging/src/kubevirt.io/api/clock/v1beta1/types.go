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

package v1beta1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Clock is a clock that the guest can read.
type Clock struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec ClockSpec `json:"spec"`

	// +optional
	Status *ClockStatus `json:"status,omitempty"`
}

// ClockSpec is what the clock shall do.
type ClockSpec struct {
	// +optional
	Offset *int32 `json:"offset,omitempty"`
}

// ClockStatus is what the clock does.
type ClockStatus struct {
	// +optional
	Phase ClockPhase `json:"phase,omitempty"`
}

// ClockPhase says whether the clock runs.
type ClockPhase string

const (
	// ClockRunning is the phase of a clock that runs.
	ClockRunning ClockPhase = "Running"
	// ClockStopped is the phase of a clock that stands.
	ClockStopped ClockPhase = "Stopped"
)
