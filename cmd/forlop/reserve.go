package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"forlop/casework"
)

// reserve is a file whose room was written out when it was made, so that adding
// to it needs none. It takes entries of the access log while the database cannot
// be written.
//
// It begins with a head of 64 bytes: what it is, and random bytes that are new
// each time it is cleared. Then come records: four bytes of length, a SHA-256
// over the one before and the record, the record. Whatever does not give its sum
// is room.
type reserve struct {
	f    *os.File
	size int64
	// end is where the next record goes, sum that of the last; records are what
	// lies between.
	end     int64
	sum     [sha256.Size]byte
	records [][]byte
}

var _ casework.Reserve = (*reserve)(nil)

const (
	reserveMark = "forlop reserve/1\n"
	reserveHead = 64
	recordHead  = 4 + sha256.Size
	// leastReserve is room for some entries at all.
	leastReserve = 4096
)

// openReserve opens the file at a path, or makes it with room for so many bytes.
// Another process that has it open is refused.
func openReserve(path string, size int64) (_ *reserve, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("the room for the access log at %s: %w", path, err)
		}
	}()
	if size < leastReserve {
		return nil, fmt.Errorf("%d bytes are too few; set aside %d at least", size, leastReserve)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeReserve(path, size); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	r := &reserve{f: f}
	if err := errors.Join(lockFile(f), r.read()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// makeReserve writes every byte, so that each has its place on the disk, and
// gives the file its name when that is done.
func makeReserve(path string, size int64) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	r := &reserve{f: f, size: size}
	_, err = io.CopyN(f, zeros{}, size)
	if err == nil {
		err = r.Clear()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path+".new"))
	}
	return os.Rename(path+".new", path)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// read finds what lies in the file.
func (r *reserve) read() error {
	all, err := io.ReadAll(r.f)
	if err != nil {
		return err
	}
	if len(all) < reserveHead || !bytes.HasPrefix(all, []byte(reserveMark)) {
		return errors.New("it is not a file that this program made; name another")
	}
	r.size = int64(len(all))
	r.sum, r.end, r.records = sha256.Sum256(all[:reserveHead]), reserveHead, nil
	for rest := all[reserveHead:]; len(rest) >= recordHead; rest = all[r.end:] {
		n := int64(binary.BigEndian.Uint32(rest))
		if n == 0 || n > int64(len(rest)-recordHead) {
			break
		}
		record := rest[recordHead : recordHead+n]
		sum := r.next(record)
		if !bytes.Equal(sum[:], rest[4:recordHead]) {
			break
		}
		r.records = append(r.records, bytes.Clone(record))
		r.sum, r.end = sum, r.end+recordHead+n
	}
	return nil
}

func (r *reserve) next(record []byte) [sha256.Size]byte {
	return sha256.Sum256(append(bytes.Clone(r.sum[:]), record...))
}

// Put adds a record and syncs it.
func (r *reserve) Put(record []byte) error {
	if r.end+recordHead+int64(len(record)) > r.size {
		return casework.ErrReserveFull
	}
	sum := r.next(record)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(record)))
	b = append(append(b, sum[:]...), record...)
	if _, err := r.f.WriteAt(b, r.end); err != nil {
		return err
	}
	if err := r.f.Sync(); err != nil {
		return err
	}
	r.records = append(r.records, bytes.Clone(record))
	r.sum, r.end = sum, r.end+int64(len(b))
	return nil
}

// Records are what lies in the file.
func (r *reserve) Records() ([][]byte, error) { return r.records, nil }

// Clear makes all room free: with a new head no record gives its sum.
func (r *reserve) Clear() error {
	head := make([]byte, reserveHead)
	if _, err := io.ReadFull(rand.Reader, head[copy(head, reserveMark):]); err != nil {
		return err
	}
	if _, err := r.f.WriteAt(head, 0); err != nil {
		return err
	}
	if err := r.f.Sync(); err != nil {
		return err
	}
	r.sum, r.end, r.records = sha256.Sum256(head), reserveHead, nil
	return nil
}

// Close lets the file go; what lies in it is found at the next start.
func (r *reserve) Close() error { return r.f.Close() }
