package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	"forlop/store"
)

// maxBatch bounds how many jobs share a commit, so that the first one does not
// wait for ever under load.
const maxBatch = 256

// errClosed is what a closed store answers.
var errClosed = errors.New("store/sqlite: the store is closed")

// writer is the one goroutine that writes. There is no delay to gather more: what
// waits when a commit ends shares the next one.
type writer struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	queue chan *job
	// wrote says that the job that runs has changed something.
	wrote bool

	closing chan struct{}
	ended   chan struct{}
}

// job is one caller's change.
type job struct {
	// run makes the change. What it refuses it should refuse before it writes
	// anything: a refusal then costs nobody else. It may run a second time,
	// alone, when the batch it was in had to be given up: it must set its
	// results anew each time.
	run func(tx) error
	// alone asks for a transaction of its own.
	alone bool
	// after runs outside any transaction once the change is committed.
	after func(tx) error

	state atomic.Int32
	err   error
	done  chan struct{}
}

// The states of a job.
const (
	waiting int32 = iota
	taken
	givenUp
)

func newWriter(conn *sql.Conn) *writer {
	w := &writer{
		conn: conn, stmts: map[string]*sql.Stmt{}, queue: make(chan *job, maxBatch),
		closing: make(chan struct{}), ended: make(chan struct{}),
	}
	go w.loop()
	return w
}

// do waits for the job's commit. A caller that gives up while its job is being
// written cannot know the outcome: ErrUnknown. A job that has not begun is
// dropped.
func (w *writer) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.done = make(chan struct{})
	select {
	case <-w.closing:
		return errClosed
	default:
	}
	select {
	case w.queue <- j:
	case <-w.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-j.done:
		return j.err
	case <-w.ended:
		select {
		case <-j.done:
			return j.err
		default:
			return errClosed
		}
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, givenUp) {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %w", store.ErrUnknown, ctx.Err())
	}
}

// close lets the waiting jobs finish and ends the goroutine.
func (w *writer) close() error {
	close(w.closing)
	<-w.ended
	var errs []error
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	clear(w.stmts)
	return errors.Join(append(errs, w.conn.Close())...)
}

func (w *writer) loop() {
	defer close(w.ended)
	var next *job // taken from the queue, but wants to be alone
	for {
		var batch []*job
		first := next
		next = nil
		if first == nil {
			select {
			case first = <-w.queue:
			case <-w.closing:
				select {
				case first = <-w.queue:
				default:
					return
				}
			}
		}
		if first.state.CompareAndSwap(waiting, taken) {
			batch = append(batch, first)
		}
		if !first.alone {
			batch, next = w.gather(batch)
		}
		w.write(batch)
	}
}

// gather takes what waits in the queue now, up to a job that wants to be alone.
func (w *writer) gather(batch []*job) (_ []*job, next *job) {
	for len(batch) < maxBatch {
		select {
		case j := <-w.queue:
			if j.alone {
				return batch, j
			}
			if j.state.CompareAndSwap(waiting, taken) {
				batch = append(batch, j)
			}
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// write commits a batch and answers everybody in it. When a job fails after it
// has written, the transaction is given up and each job gets one of its own:
// what one person asked shall not fail because of another's attachment.
//
// A savepoint for each job would not do: SQLite may end the whole transaction,
// savepoints and all, when the disk is full. So this way is needed, and is the
// only one.
func (w *writer) write(batch []*job) {
	if len(batch) == 0 || w.try(batch) {
		return
	}
	for _, j := range batch {
		w.try([]*job{j})
	}
}

// try runs a batch in one transaction. It reports false, with nobody answered,
// when the transaction was given up and the batch had more than one job.
func (w *writer) try(batch []*job) (answered bool) {
	t := tx{w}
	if err := t.raw("begin immediate"); err != nil {
		answer(batch, unwritable(err))
		return true
	}
	for _, j := range batch {
		w.wrote = false
		if j.err = unwritable(j.run(t)); j.err == nil || !w.wrote {
			continue
		}
		t.rollback()
		if len(batch) > 1 {
			return false
		}
		answer(batch, j.err)
		return true
	}
	if err := t.raw("commit"); err != nil {
		t.rollback()
		err = uncommitted(err)
		for _, j := range batch {
			if j.err == nil {
				j.err = err
			}
			close(j.done)
		}
		return true
	}
	for _, j := range batch {
		if j.err == nil && j.after != nil {
			j.err = j.after(t)
		}
		close(j.done)
	}
	return true
}

func answer(batch []*job, err error) {
	for _, j := range batch {
		j.err = err
		close(j.done)
	}
}
