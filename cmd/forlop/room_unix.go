//go:build linux || darwin

package main

import "syscall"

// roomAt is how many bytes whoever runs the program can still write where a folder
// is; false where the system does not say.
func roomAt(dir string) (int64, bool, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false, err
	}
	return int64(s.Bavail) * int64(s.Bsize), true, nil //nolint:unconvert // not an int64 on every system
}
