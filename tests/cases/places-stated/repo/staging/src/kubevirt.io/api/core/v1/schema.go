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

// DomainSpec is the machine itself.
type DomainSpec struct {
	// Devices of the machine.
	Devices Devices `json:"devices"`
}

// Devices of a machine.
type Devices struct {
	// Sound card of the machine.
	// +optional
	Sound *SoundDevice `json:"sound,omitempty"`
}

// SoundDevice is a sound card.
type SoundDevice struct {
	Name string `json:"name"`
}

// FanMode is how a fan turns.
type FanMode string

const (
	// FanModeOn turns it on.
	FanModeOn FanMode = "on"
	// FanModeOff turns it off.
	FanModeOff FanMode = "off"
)

const (
	// FanLabel marks what has a fan.
	FanLabel string = "fan.kubevirt.io/fan"

	// BladeLabel marks what has blades.
	BladeLabel string = "fan.kubevirt.io/blade"
)

// Fan cools a machine.
type Fan struct {
	// Mode of the fan.
	Mode FanMode `json:"mode"`

	// Blades of the fan.
	// +optional
	Blades *int32 `json:"blades,omitempty"`

	// Noise of the fan.
	// +optional
	Noise *int32 `json:"noise,omitempty"`
}

// FanStatus is what a fan does.
type FanStatus struct {
	Rpm    int32  `json:"rpm"`
	Rising bool   `json:"rising"`
	Name   string `json:"name"`
}
