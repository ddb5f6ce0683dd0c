package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

const capacity = 1024

const text = "twenty characters..." // the same in every language

func init() {
	for _, pairs := range []int{1, 2, 4, 8} {
		pairs := pairs
		cells[fmt.Sprintf("queue-%d:%d", pairs, pairs)] = func() float64 {
			return queue(capacity, pairs, 3_200_000)
		}
	}
	cells["queue-unbuffered"] = func() float64 { return queue(0, 1, 800_000) }
	cells["queue-solo"] = queueSolo
	cells["queue-select"] = queueSelect
	cells["port-text"] = portText
	cells["port-number"] = portNumber

	cells["pingpong"] = func() float64 {
		return pingpong(1, 5_000, inThread)
	}
	cells["pingpong-unbuffered"] = func() float64 {
		return pingpong(0, 5_000, inThread)
	}
	goroutineCells["pingpong"] = func() float64 {
		return pingpong(1, 500_000, inGoroutine)
	}
	goroutineCells["pingpong-unbuffered"] = func() float64 {
		return pingpong(0, 500_000, inGoroutine)
	}
}

// queue has so many senders and as many receivers share one channel.
func queue(capacity, pairs int, items int64) float64 {
	return measured(items, func(items int64) time.Duration {
		each := items / int64(pairs)
		channel := make(chan int64, capacity)
		sending := int64(pairs)
		var sum int64
		var jobs []func()
		for i := 0; i < pairs; i++ {
			jobs = append(jobs, func() {
				send(channel, each)
				if atomic.AddInt64(&sending, -1) == 0 {
					close(channel)
				}
			}, func() {
				atomic.AddInt64(&sum, receiveAll(channel))
			})
		}
		elapsed := together(jobs...)
		check("sum", sum, sumUpTo(each)*int64(pairs))
		return elapsed
	})
}

func send(channel chan<- int64, items int64) {
	for i := int64(1); i <= items; i++ {
		channel <- i
	}
}

func receiveAll(channel <-chan int64) (sum int64) {
	for item := range channel {
		sum += item
	}
	return sum
}

func queueSolo() float64 {
	return measured(4_000_000, func(pairs int64) time.Duration {
		channel := make(chan int64, capacity)
		var sum int64
		begin := time.Now()
		for i := int64(1); i <= pairs; i++ {
			channel <- i
			sum += <-channel
		}
		elapsed := time.Since(begin)
		check("sum", sum, sumUpTo(pairs))
		return elapsed
	})
}

func queueSelect() float64 {
	return measured(2_000_000, func(items int64) time.Duration {
		one := make(chan int64, capacity)
		two := make(chan int64, capacity)
		var sum int64
		elapsed := together(
			func() { send(one, items/2) },
			func() { send(two, items/2) },
			func() {
				for i := int64(0); i < items; i++ {
					select {
					case item := <-one:
						sum += item
					case item := <-two:
						sum += item
					}
				}
			})
		check("sum", sum, 2*sumUpTo(items/2))
		return elapsed
	})
}

func inGoroutine(job func()) func() {
	return job
}

func pingpong(capacity int, trips int64, in func(func()) func()) float64 {
	return measured(trips, func(trips int64) time.Duration {
		there := make(chan int64, capacity)
		back := make(chan int64, capacity)
		var sum int64
		elapsed := together(
			in(func() {
				for i := int64(1); i <= trips; i++ {
					there <- i
					sum += <-back
				}
				close(there)
			}),
			in(func() {
				for item := range there {
					back <- item
				}
			}))
		check("sum", sum, sumUpTo(trips))
		return elapsed
	})
}

func portText() float64 {
	return port(3_000_000, func(int64) string { return text })
}

func portNumber() float64 {
	return port(1_000_000, func(i int64) string {
		return fmt.Sprintf("message %d", i)
	})
}

// port sends texts one way; what is checked is the sum of their lengths.
func port(items int64, form func(i int64) string) float64 {
	return measured(items, func(items int64) time.Duration {
		channel := make(chan string, capacity)
		var sent, received int64
		elapsed := together(
			func() {
				for i := int64(1); i <= items; i++ {
					message := form(i)
					sent += int64(len(message))
					channel <- message
				}
				close(channel)
			},
			func() {
				for message := range channel {
					received += int64(len(message))
				}
			})
		check("lengths", received, sent)
		return elapsed
	})
}
