package deprecation

type State string

const (
	GA           = "General Availability"
	Deprecated   = "Deprecated"
	Discontinued = "Discontinued"
)

const (
	SlowClock = "SlowClock"
	LoudClock = "LoudClock"
)

type FeatureGate struct {
	Name  string
	State State
}

var featureGates = [...]FeatureGate{
	{Name: SlowClock, State: GA},
	{Name: LoudClock, State: Discontinued},
}
