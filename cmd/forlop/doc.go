// Command forlop is the one binary: the service, its demo, and the tools of those
// who write pathways and run the service.
//
// It is the only place that reads flags, environment and files of settings, and
// that wires the parts together. There is one file for each command.
package main
