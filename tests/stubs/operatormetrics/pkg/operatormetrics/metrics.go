// Package operatormetrics has the names of the toolkit that scaffolded metrics use.
package operatormetrics

type Metric interface {
	GetOpts() MetricOpts
}

type MetricOpts struct {
	Name string
	Help string
}

type Gauge struct{ opts MetricOpts }

func (g *Gauge) GetOpts() MetricOpts { return g.opts }
func (g *Gauge) Set(float64)         {}

type GaugeVec struct{ Gauge }

func (g *GaugeVec) WithLabelValues(...string) *Gauge { return &g.Gauge }

func NewGauge(opts MetricOpts) *Gauge                          { return &Gauge{opts} }
func NewGaugeVec(opts MetricOpts, labels []string) *GaugeVec   { return &GaugeVec{Gauge{opts}} }
func NewCounter(opts MetricOpts) *Gauge                        { return &Gauge{opts} }
func NewCounterVec(opts MetricOpts, labels []string) *GaugeVec { return &GaugeVec{Gauge{opts}} }
func RegisterMetrics(lists ...[]Metric) error                  { return nil }

type Collector struct {
	Metrics         []Metric
	CollectCallback func() []CollectorResult
}

type CollectorResult struct {
	Metric Metric
	Labels []string
	Value  float64
}

func RegisterCollector(collectors ...Collector) error { return nil }
