package messages

type LaunchMessage struct {
	Name  string
	Quick bool
}
