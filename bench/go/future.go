package main

import (
	"runtime"
	"sync"
	"time"
)

func init() {
	cells["future-thread"] = futureThread
	cells["future-1000-threads"] = future1000Threads
	cells["future-pool"] = futurePool
	cells["future-10000"] = future10000
	goroutineCells["future-pool"] = futureGoroutine
	goroutineCells["future-10000"] = future10000Goroutines
}

// task is what every future runs.
func task(n int64) int64 {
	return n + 1
}

// taskSum is the sum of the results of task(1), ... task(n).
func taskSum(n int64) int64 {
	return sumUpTo(n) + n
}

// startInThread runs the task in a thread that is used for nothing else: a
// goroutine that ends locked takes its thread with it.
func startInThread(n int64) <-chan int64 {
	result := make(chan int64, 1)
	go func() {
		runtime.LockOSThread()
		result <- task(n)
	}()
	return result
}

func startInGoroutine(n int64) <-chan int64 {
	result := make(chan int64, 1)
	go func() { result <- task(n) }()
	return result
}

func futureThread() float64 {
	return oneByOne(4_000, startInThread)
}

func futureGoroutine() float64 {
	return oneByOne(400_000, startInGoroutine)
}

func futurePool() float64 {
	jobs := startPool()
	defer close(jobs)
	return oneByOne(400_000, func(n int64) <-chan int64 {
		result := make(chan int64, 1)
		jobs <- func() { result <- task(n) }
		return result
	})
}

// startPool starts a goroutine for each core. They end when jobs is closed.
func startPool() chan<- func() {
	jobs := make(chan func(), capacity)
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		go func() {
			for job := range jobs {
				job()
			}
		}()
	}
	return jobs
}

func oneByOne(tasks int64, start func(n int64) <-chan int64) float64 {
	return measured(tasks, func(tasks int64) time.Duration {
		var sum int64
		begin := time.Now()
		for n := int64(1); n <= tasks; n++ {
			sum += <-start(n)
		}
		elapsed := time.Since(begin)
		check("sum", sum, taskSum(tasks))
		return elapsed
	})
}

func future1000Threads() float64 {
	const threads = 1_000
	return inBatches(4_000, threads, func() (sum int64) {
		results := make([]<-chan int64, threads)
		for n := range results {
			results[n] = startInThread(int64(n + 1))
		}
		for _, result := range results {
			sum += <-result
		}
		return sum
	})
}

func future10000() float64 {
	jobs := startPool()
	defer close(jobs)
	return tenThousand(func(job func()) { jobs <- job })
}

func future10000Goroutines() float64 {
	return tenThousand(func(job func()) { go job() })
}

// tenThousand starts its tasks, each with a place for its result, and then
// waits for all of them at once.
func tenThousand(start func(job func())) float64 {
	const tasks = 10_000
	return inBatches(1_000_000, tasks, func() (sum int64) {
		var running sync.WaitGroup
		results := make([]int64, tasks)
		running.Add(tasks)
		for n := range results {
			n := n
			start(func() {
				results[n] = task(int64(n + 1))
				running.Done()
			})
		}
		running.Wait()
		for _, result := range results {
			sum += result
		}
		return sum
	})
}

// inBatches runs batches of so many tasks; each returns its results' sum.
func inBatches(tasks, size int64, batch func() int64) float64 {
	return measured(tasks, func(tasks int64) time.Duration {
		batches := (tasks + size - 1) / size
		var sum int64
		begin := time.Now()
		for i := int64(0); i < batches; i++ {
			sum += batch()
		}
		elapsed := time.Since(begin)
		check("sum", sum, batches*taskSum(size))
		return elapsed
	})
}
