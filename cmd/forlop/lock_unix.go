//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lockFile keeps a second process out as long as the file is open.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errors.New("another process has it open; give each process its own with --reserve")
	}
	return err
}
