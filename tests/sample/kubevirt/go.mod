module kubevirt.io/kubevirt

go 1.24

require (
	github.com/onsi/ginkgo/v2 v2.0.0
	github.com/onsi/gomega v1.0.0
	github.com/rhobs/operator-observability-toolkit v0.0.1
	k8s.io/apimachinery v0.0.1
	kubevirt.io/api v0.0.1
	kubevirt.io/client-go v0.0.1
)

replace (
	kubevirt.io/api => ./staging/src/kubevirt.io/api
	kubevirt.io/client-go => ./staging/src/kubevirt.io/client-go
)
