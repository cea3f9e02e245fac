/*
 * This file is part of the KubeVirt project
 */

package guest

// Heartbeat is a sign of life.
type Heartbeat struct {
	Seconds int64
}
