// Package field has the names of Kubernetes' field paths that scaffolded code uses.
package field

type Path struct{}

func NewPath(name string, more ...string) *Path         { return &Path{} }
func (p *Path) Child(name string, more ...string) *Path { return p }
func (p *Path) String() string                          { return "" }

func (p *Path) Index(index int) *Path { return p }
func (p *Path) Key(key string) *Path  { return p }
