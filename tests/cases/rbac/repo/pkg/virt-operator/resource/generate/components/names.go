package components

const (
	ControllerServiceAccountName = "kubevirt-controller"
	HandlerServiceAccountName    = "kubevirt-handler"
)
