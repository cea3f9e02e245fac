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

package virtconfig

import (
	"kubevirt.io/kubevirt/pkg/virt-config/featuregate"
)

func (config *ClusterConfig) isFeatureGateEnabled(name string) bool {
	return featuregate.IsEnabled(name, config.GetConfig().DeveloperConfiguration)
}

func (config *ClusterConfig) RootEnabled() bool {
	return config.isFeatureGateEnabled(featuregate.Rooted)
}

func (config *ClusterConfig) DiskMirroringEnabled() bool {
	return config.isFeatureGateEnabled(featuregate.DiskMirroring)
}

func (config *ClusterConfig) BootsQuietly() bool {
	return config.isFeatureGateEnabled(featuregate.QuietBootGate)
}
