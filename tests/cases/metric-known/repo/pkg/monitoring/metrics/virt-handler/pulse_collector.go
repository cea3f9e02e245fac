package virthandler

import (
	"github.com/rhobs/operator-observability-toolkit/pkg/operatormetrics"
)

var (
	pulseCollector = operatormetrics.Collector{
		Metrics: []operatormetrics.Metric{
			pulseInfo,
		},
		CollectCallback: pulseCallback,
	}

	pulseInfo = operatormetrics.NewGauge(
		operatormetrics.MetricOpts{
			Name: "kubevirt_pulse_info",
			Help: "Information about the pulse.",
		},
	)
)

func pulseCallback() []operatormetrics.CollectorResult {
	return []operatormetrics.CollectorResult{{Metric: pulseInfo, Value: 1}}
}
