package config

import _ "embed"

// Template is the commented file that init writes.
//
//go:embed coranto.yaml
var Template string
