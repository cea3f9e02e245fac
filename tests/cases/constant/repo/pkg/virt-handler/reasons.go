package virthandler

const (
	syncedReason = "Synced"
	failedReason = "SyncFailed"
)

const (
	hostLabel = "kubevirt.io/host"

	// nodeLabel names a node.
	nodeLabel = "kubevirt.io/node"
)

const (
	small = 1
	large = 2
)
