module github.com/rhobs/operator-observability-toolkit

go 1.24
