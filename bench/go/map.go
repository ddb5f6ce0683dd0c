package main

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A mutex is the faster lock but where several threads only read. Under other
// names is what the other lock, and a sync.Map, come to. The maps hold the very
// strings that are asked for, as is usual here: nothing is copied.
func init() {
	for name, threads := range map[string]int{"1": 1, "2": 2} {
		newMap := newMutexMap
		if threads > 1 {
			newMap = newRWMutexMap
		}
		cells["map-get-uniform-"+name] = uniform(newMap, threads, 0)
		cells["map-get-zipf-"+name] = zipf(newMap, threads, 0)
		cells["map-set-uniform-"+name] = uniform(newMutexMap, threads, 100)
		cells["map-set-zipf-"+name] = zipf(newMutexMap, threads, 100)
	}
	for name, threads := range map[string]int{"2": 2, "4": 4} {
		cells["map-95/5-"+name] = uniform(newMutexMap, threads, 5)
		cells["map-50/50-"+name] = uniform(newMutexMap, threads, 50)
	}
	cells["map-insert-1"] = func() float64 { return mapInserts(newMutexMap) }
	cells["memory-map-entry"] = func() float64 { return mapMemory(newMutexMap) }
	mapSizes(newMutexMap)
	otherMaps("-mutex", newMutexMap)
	otherMaps("-rwmutex", newRWMutexMap)
	otherMaps("-syncmap", newSyncMap)
}

func mapSizes(newMap func() intMap) {
	for name, size := range map[string]int{
		"10": 10, "100": 100, "1000": 1_000, "10000": 10_000,
		"100000": 100_000, "1000000": 1_000_000, "10000000": 10_000_000,
	} {
		size := size
		operations := int64(1_000_000)
		if size <= 10_000 {
			operations = 5_000_000
		}
		cells["map-get-"+name] = func() float64 {
			return mapCell(newMap, operations, mapLoad{
				keys: loadKeys(size), threads: 1,
			})
		}
	}
}

func otherMaps(suffix string, newMap func() intMap) {
	cells["map-get-uniform-1"+suffix] = uniform(newMap, 1, 0)
	cells["map-get-uniform-2"+suffix] = uniform(newMap, 2, 0)
	cells["map-set-uniform-2"+suffix] = uniform(newMap, 2, 100)
	cells["map-95/5-2"+suffix] = uniform(newMap, 2, 5)
	cells["map-50/50-2"+suffix] = uniform(newMap, 2, 50)
}

// intMap is a map that goroutines share. get returns -1 when there is no such
// key.
type intMap interface {
	get(key string) int64
	set(key string, value int64)
}

type mutexMap struct {
	mutex  sync.Mutex
	values map[string]int64
}

func newMutexMap() intMap {
	return &mutexMap{values: make(map[string]int64)}
}

func (m *mutexMap) get(key string) int64 {
	m.mutex.Lock()
	value, found := m.values[key]
	m.mutex.Unlock()
	if !found {
		return -1
	}
	return value
}

func (m *mutexMap) set(key string, value int64) {
	m.mutex.Lock()
	m.values[key] = value
	m.mutex.Unlock()
}

type rwMutexMap struct {
	mutex  sync.RWMutex
	values map[string]int64
}

func newRWMutexMap() intMap {
	return &rwMutexMap{values: make(map[string]int64)}
}

func (m *rwMutexMap) get(key string) int64 {
	m.mutex.RLock()
	value, found := m.values[key]
	m.mutex.RUnlock()
	if !found {
		return -1
	}
	return value
}

func (m *rwMutexMap) set(key string, value int64) {
	m.mutex.Lock()
	m.values[key] = value
	m.mutex.Unlock()
}

// syncMap holds pointers to atomic integers, so that a key that is there is set
// in place.
type syncMap struct {
	values sync.Map
}

func newSyncMap() intMap {
	return &syncMap{}
}

func (m *syncMap) get(key string) int64 {
	value, found := m.values.Load(key)
	if !found {
		return -1
	}
	return value.(*atomic.Int64).Load()
}

func (m *syncMap) set(key string, value int64) {
	there, found := m.values.Load(key)
	if !found {
		there, _ = m.values.LoadOrStore(key, new(atomic.Int64))
	}
	there.(*atomic.Int64).Store(value)
}

// uniform is a cell in which all keys are equally likely.
func uniform(newMap func() intMap, threads int, sets uint64) func() float64 {
	return func() float64 {
		return mapCell(newMap, 1_000_000, mapLoad{
			keys: loadKeys(mapKeys), threads: threads, sets: sets,
		})
	}
}

// zipf is a cell in which they come by Zipf's law.
func zipf(newMap func() intMap, threads int, sets uint64) func() float64 {
	return func() float64 {
		return mapCell(newMap, 2_000_000, mapLoad{
			keys: loadKeys(mapKeys), threads: threads, sets: sets,
			zipf: loadZipf(),
		})
	}
}

func mapCell(newMap func() intMap, operations int64, load mapLoad) float64 {
	m := newMap()
	for i, key := range load.keys {
		m.set(strings.Clone(key), int64(i))
	}
	return measured(operations, func(operations int64) time.Duration {
		return load.run(m, operations/int64(load.threads))
	})
}

// run has each thread do so many operations, and checks what it came to.
func (load *mapLoad) run(m intMap, each int64) time.Duration {
	draws := make([][]mapDraw, load.threads)
	sums := make([]uint32, load.threads)
	jobs := make([]func(), load.threads)
	for thread := range jobs {
		thread := thread
		draws[thread] = load.draws(thread, each)
		jobs[thread] = func() {
			sums[thread] = useMap(m, load.keys, draws[thread])
		}
	}
	elapsed := together(jobs...)
	load.checkSum(draws, sums)
	load.checkValues(m, draws)
	return elapsed
}

// useMap is the measured loop. It returns the sum of what it has read.
func useMap(m intMap, keys []string, draws []mapDraw) uint32 {
	var sum uint32
	for i, draw := range draws {
		key := draw.key()
		if draw.isSet() {
			m.set(keys[key], int64(key)+(int64(i)&0x3fff+1)<<32)
		} else {
			sum += uint32(m.get(keys[key]))
		}
	}
	return sum
}

func (load *mapLoad) checkSum(draws [][]mapDraw, sums []uint32) {
	var sum, expected uint32
	for thread := range draws {
		sum += sums[thread]
		for _, draw := range draws[thread] {
			if !draw.isSet() {
				expected += draw.key()
			}
		}
	}
	check("sum", int64(sum), int64(expected))
}

// checkValues finds that every key still has its own value, and that what was
// set was set.
func (load *mapLoad) checkValues(m intMap, draws [][]mapDraw) {
	if load.sets == 0 {
		return
	}
	isSet := make([]bool, len(load.keys))
	for _, draws := range draws {
		for _, draw := range draws {
			isSet[draw.key()] = isSet[draw.key()] || draw.isSet()
		}
	}
	for i, key := range load.keys {
		value := m.get(key)
		check(key, int64(uint32(value)), int64(i))
		if isSet[i] && value>>32 == 0 {
			fail("%s was not set", key)
		}
	}
}

// mapInserts makes maps, fills them and leaves them to the collector.
func mapInserts(newMap func() intMap) float64 {
	keys := loadKeys(mapKeys)
	return measured(10*mapKeys, func(operations int64) time.Duration {
		begin := time.Now()
		for n := int64(0); n < operations; n += mapKeys {
			m := newMap()
			for i, key := range keys {
				m.set(key, int64(i))
			}
			last := m.get(keys[0]) + m.get(keys[mapKeys-1])
			check("sum", last, mapKeys-1)
		}
		return time.Since(begin)
	})
}

// mapMemory counts the keys too, which nobody but the map has.
func mapMemory(newMap func() intMap) float64 {
	keys := loadKeys(mapKeys)
	before := resident()
	m := newMap()
	for i, key := range keys {
		m.set(strings.Clone(key), int64(i))
	}
	bytes := resident() - before
	check(keys[1], m.get(keys[1]), 1)
	return float64(bytes) / mapKeys
}
