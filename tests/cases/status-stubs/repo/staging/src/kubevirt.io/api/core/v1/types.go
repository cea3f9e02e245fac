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

package v1

// VirtualMachineInstance is a machine that runs.
type VirtualMachineInstance struct {
	// Name of the machine.
	Name string `json:"name"`
	// Spec of the machine.
	Spec VirtualMachineInstanceSpec `json:"spec"`
}

// VirtualMachineInstanceSpec is what a machine is made of.
type VirtualMachineInstanceSpec struct {
	// Domain is the machine itself.
	Domain DomainSpec `json:"domain"`
	// Architecture of the guest.
	// +optional
	Architecture string `json:"architecture,omitempty"`
	// ServiceAccountName is the identity of the machine's pod.
	// +optional
	ServiceAccountName string `json:"serviceAccountName,omitempty"`
	// Volumes that disks are made from.
	// +listType=atomic
	// +optional
	Volumes []Volume `json:"volumes,omitempty"`
	// Networks that interfaces are attached to.
	// +listType=atomic
	// +optional
	Networks []Network `json:"networks,omitempty"`
	// GuestClock configures it.
	// +optional
	GuestClock *GuestClock `json:"guestClock,omitempty"`
}

// Volume is something that a disk is made from.
type Volume struct {
	Name string `json:"name"`
}

// Network is something that an interface is attached to.
type Network struct {
	Name string `json:"name"`
}

// KubeVirt is an installation of KubeVirt.
type KubeVirt struct {
	Spec KubeVirtSpec `json:"spec"`
}

// KubeVirtSpec is what the installation should be like.
type KubeVirtSpec struct {
	Configuration KubeVirtConfiguration `json:"configuration"`
}

// KubeVirtConfiguration is what the cluster's administrator decided.
type KubeVirtConfiguration struct {
	DeveloperConfiguration *DeveloperConfiguration `json:"developerConfiguration,omitempty"`
}

// DeveloperConfiguration holds the feature gates.
type DeveloperConfiguration struct {
	FeatureGates         []string `json:"featureGates,omitempty"`
	DisabledFeatureGates []string `json:"disabledFeatureGates,omitempty"`
}

// GuestClock configures it.
type GuestClock struct{}
