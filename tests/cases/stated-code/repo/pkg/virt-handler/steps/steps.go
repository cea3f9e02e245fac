package steps

func NewFirstStep() string { return "first" }

func NewNextStep() string { return "next" }

func NewLastStep() string { return "last" }

func NewEndStep() string { return "end" }

func NewTuneStep() string { return "tune" }

func NewTune() string { return "tune" }
