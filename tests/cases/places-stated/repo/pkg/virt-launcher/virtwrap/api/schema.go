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

package api

import "encoding/xml"

// Domain is a machine as libvirt describes it.
type Domain struct {
	Spec DomainSpec
}

// DomainSpec is what the machine is made of.
type DomainSpec struct {
	XMLName xml.Name `xml:"domain"`
	Name    string   `xml:"name"`
	Devices Devices  `xml:"devices"` // of all kinds
}

// Devices are what a machine is connected to.
type Devices struct {
	Disks []Disk `xml:"disk"`
}

// Disk is a disk.
type Disk struct {
	Type string `xml:"type,attr"`

	// Alias is how libvirt calls it.
	Alias string `xml:"alias,omitempty"`
}
