package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

func init() {
	cells["memory-port"] = memoryPort
	cells["memory-future"] = memoryFuture
	cells["memory-idle-worker"] = func() float64 {
		return memoryIdleWorker(100, inThread)
	}
	goroutineCells["memory-future"] = memoryFutureGoroutine
	goroutineCells["memory-idle-worker"] = func() float64 {
		return memoryIdleWorker(10_000, inGoroutine)
	}
}

// resident is how many bytes of this process lie in memory now.
func resident() int64 {
	runtime.GC()
	debug.FreeOSMemory()
	rollup, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		os.Exit(notHere)
	}
	var kilobytes int64
	_, after, _ := bytes.Cut(rollup, []byte("Rss:"))
	if _, err := fmt.Sscan(string(after), &kilobytes); err != nil {
		fail("smaps_rollup: %v", err)
	}
	return kilobytes * 1024
}

// memoryOf makes so many of what create makes, keeps them, and returns the
// bytes that each takes.
func memoryOf[T any](count int, create func(n int64) T) float64 {
	kept := make([]T, count)
	for i := range kept {
		kept[i] = *new(T) // so that the slice itself lies in memory
	}
	before := resident()
	for i := range kept {
		kept[i] = create(int64(i))
	}
	bytes := resident() - before
	runtime.KeepAlive(kept)
	return float64(bytes) / float64(count)
}

func memoryPort() float64 {
	return memoryOf(10_000, func(int64) chan string {
		return make(chan string, capacity)
	})
}

// A pool's job, as in futurePool, before a goroutine of the pool takes it.
func memoryFuture() float64 {
	type job struct {
		run    func()
		result <-chan int64
	}
	return memoryOf(100_000, func(n int64) job {
		result := make(chan int64, 1)
		return job{func() { result <- task(n) }, result}
	})
}

func memoryFutureGoroutine() float64 {
	begin := make(chan struct{})
	defer close(begin)
	return memoryOf(100_000, func(n int64) <-chan int64 {
		result := make(chan int64, 1)
		go func() {
			<-begin
			result <- task(n)
		}()
		return result
	})
}

// memoryIdleWorker is for workers that each wait at a channel of their own.
func memoryIdleWorker(count int, in func(func()) func()) float64 {
	answers := make(chan string)
	start := func(int64) chan<- string {
		messages := make(chan string, capacity)
		go in(func() {
			for message := range messages {
				answers <- message
			}
		})()
		messages <- text
		check("length", int64(len(<-answers)), int64(len(text)))
		return messages
	}
	start(0) // what only the first one needs
	return memoryOf(count, start)
}
