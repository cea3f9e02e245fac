package tower

// Tower holds the bells.
type Tower struct {
	height int
}
