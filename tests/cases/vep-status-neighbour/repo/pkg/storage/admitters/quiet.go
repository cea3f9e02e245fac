package admitters

type switches interface {
	QuietBootEnabled() bool
}
