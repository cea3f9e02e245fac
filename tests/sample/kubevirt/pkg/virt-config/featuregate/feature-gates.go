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

package featuregate

import (
	"slices"

	v1 "kubevirt.io/api/core/v1"
)

// State is how far a feature has come.
type State string

const (
	// Alpha features are off until somebody switches them on.
	Alpha State = "Alpha"
	// Beta features are on until somebody switches them off.
	Beta State = "Beta"
	// GA features are always on.
	GA State = "General Availability"
	// Deprecated features will be gone soon.
	Deprecated State = "Deprecated"
	// Discontinued features are gone.
	Discontinued State = "Discontinued"
)

// FeatureGate is a feature with a switch.
type FeatureGate struct {
	Name    string
	State   State
	Message string
}

var featureGates = map[string]FeatureGate{}

// RegisterFeatureGate makes a gate known.
func RegisterFeatureGate(fg FeatureGate) {
	featureGates[fg.Name] = fg
}

// FeatureGateInfo returns a gate, or nil if there is none of that name.
func FeatureGateInfo(name string) *FeatureGate {
	if fg, exists := featureGates[name]; exists {
		return &fg
	}
	return nil
}

// IsEnabled tells whether a gate is on.
func IsEnabled(name string, config *v1.DeveloperConfiguration) bool {
	fg := FeatureGateInfo(name)
	if fg == nil {
		return false
	}
	if fg.State == GA || config != nil && slices.Contains(config.FeatureGates, name) {
		return true
	}
	if config != nil && slices.Contains(config.DisabledFeatureGates, name) {
		return false
	}
	return fg.State == Beta
}
