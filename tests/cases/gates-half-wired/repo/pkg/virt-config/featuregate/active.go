package featuregate

const (
	Root = "Root"
	// ObjectGraph was merged and never registered.
	ObjectGraph = "ObjectGraph"
	QuietBootGate = "QuietBoot"
	DiskMirroring = "DiskMirroring"
	DiskCopies = "DiskMirroring"
)

func init() {
	RegisterFeatureGate(FeatureGate{Name: Root, State: Alpha})
	RegisterFeatureGate(FeatureGate{Name: DiskMirroring, State: Alpha})
	RegisterFeatureGate(FeatureGate{Name: DiskCopies, State: Alpha})
	RegisterFeatureGate(FeatureGate{Name: QuietBootGate, State: Beta})
	RegisterFeatureGate(FeatureGate{Name: QuietBootGate, State: Alpha})
}
