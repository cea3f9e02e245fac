package v1

// GroupName is the API group of KubeVirt.
const GroupName = "kubevirt.io"
