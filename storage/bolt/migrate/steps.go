package migrate

// Steps lists the steps there are, oldest first: Steps()[0] leads from the schema
// First to the next.
func Steps() []Step {
	return []Step{}
}
