// Go's side of the benchmark: channels, select and goroutines.
//
//	go CELL     measures one cell, prints nanoseconds/operation
//	go --cells  prints the names of the cells
//
// The same program under the name go-goroutines has the cells in which a
// goroutine stands for an OS thread.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"sync"
	"time"
)

// A cell measures once and returns nanoseconds per operation. Each file's init
// adds its own: to cells those of the driver go, to goroutineCells those of
// go-goroutines.
var (
	cells          = map[string]func() float64{}
	goroutineCells = map[string]func() float64{}
)

const notHere = 77 // the exit status for a cell that this driver does not have

func main() {
	if len(os.Args) != 2 {
		fail("usage: %s CELL | --cells", os.Args[0])
	}
	table := cells
	if filepath.Base(os.Args[0]) == "go-goroutines" {
		table = goroutineCells
	}
	if os.Args[1] == "--cells" {
		printNames(table)
		return
	}
	cell, found := table[os.Args[1]]
	if !found {
		os.Exit(notHere)
	}
	fmt.Printf("%.2f\n", cell())
}

func printNames(table map[string]func() float64) {
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Println(name)
	}
}

// together runs each job in a goroutine of its own, and returns the time from
// the moment at which all are let go until the last is done.
func together(jobs ...func()) time.Duration {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for _, job := range jobs {
		job := job
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
			job()
		}()
	}
	ready.Wait()
	begin := time.Now()
	close(start)
	done.Wait()
	return time.Since(begin)
}

// inThread is the job in an OS thread of its own.
func inThread(job func()) func() {
	return func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		job()
	}
}

// measured warms up with a tenth of the operations, and then measures.
func measured(operations int64, run func(int64) time.Duration) float64 {
	run(operations / 10)
	runtime.GC() // the warm-up's rubbish is not ours
	return float64(run(operations).Nanoseconds()) / float64(operations)
}

// sumUpTo is 1 + 2 + ... + n, the sum of what one sender sends.
func sumUpTo(n int64) int64 {
	return n * (n + 1) / 2
}

func check(what string, got, expected int64) {
	if got != expected {
		fail("%s: got %d, expected %d", what, got, expected)
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
