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

package converter

import (
	v1 "kubevirt.io/api/core/v1"

	"kubevirt.io/kubevirt/pkg/virt-launcher/virtwrap/api"
	"kubevirt.io/kubevirt/pkg/virt-launcher/virtwrap/converter/compute"
	"kubevirt.io/kubevirt/pkg/virt-launcher/virtwrap/converter/types"
)

// Convert writes a machine as libvirt describes it.
func Convert(vmi *v1.VirtualMachineInstance, domain *api.Domain, c *types.ConverterContext) error {
	architecture := c.Architecture
	configurators := []types.Configurator{
		compute.NameDomainConfigurator{},
		compute.NewConsoleDomainConfigurator(
			architecture,
			c.SerialLog,
		),
	}
	for _, configurator := range configurators {
		if err := configurator.Configure(vmi, domain); err != nil {
			return err
		}
	}
	return nil
}
