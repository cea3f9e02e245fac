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

package chime

import (
	"github.com/spf13/cobra"
)

const (
	VolumeFlag = "volume"
	PitchFlag  = "pitch"
)

type chime struct {
	volume int
	pitch  int
}

var ringers = map[string]func(*chime) error{
	VolumeFlag: withVolume,
	PitchFlag:  withPitch,
}

var flags = []string{
	VolumeFlag,
	PitchFlag,
}

func newChime() chime {
	return chime{volume: 1}
}

func NewCommand() *cobra.Command {
	c := newChime()
	cmd := &cobra.Command{Use: "chime"}
	cmd.Flags().IntVar(&c.volume, VolumeFlag, c.volume, "How loud it is.")
	cmd.Flags().IntVar(&c.pitch, PitchFlag, c.pitch, "How high it is.")
	return cmd
}

func withVolume(c *chime) error {
	return nil
}

func withPitch(c *chime) error {
	return nil
}
