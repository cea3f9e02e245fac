package virthandler

import (
	"fmt"
)

func (c *VirtualMachineController) readClock() error {
	return fmt.Errorf("filled in by hand")
}
