package lamp

import "testing"

func TestTrimWick(t *testing.T) {
	trimWick()
}
