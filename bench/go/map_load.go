package main

import (
	"math"
	"sort"
)

// The load is the same in every language. Key number n holds the value n. Who
// sets it puts n in the lower 32 bits and anything but 0 above: so the lower 32
// bits of the sum of all that was read do not depend on who came first.
const (
	mapKeys    = 100_000 // of all cells but those that say otherwise
	mapDraws   = 1 << 20 // prepared, for Zipf's law
	mapThreads = 4       // at most
)

// mapLoad is what one cell does to a map.
type mapLoad struct {
	keys    []string
	sets    uint64   // of a hundred operations; the others are gets
	zipf    []uint32 // mapDraws key numbers; nil: all equally likely
	threads int
}

// scramble permutes each block of mapKeys numbers, so that neither the order of
// the keys' digits nor their popularity follows their place in memory.
func scramble(number int) int {
	place := number % mapKeys
	return number - place + place*48271%mapKeys
}

// loadKeys makes so many keys: "user:" and 3 to 11 digits.
func loadKeys(count int) []string {
	text := make([]byte, 0, 16*count)
	ends := make([]int, count)
	for i := range ends {
		text = appendKey(text, i)
		ends[i] = len(text)
	}
	all, begin := string(text), 0
	keys := make([]string, count)
	for i, end := range ends {
		keys[i] = all[begin:end]
		begin = end
	}
	return keys
}

func appendKey(text []byte, number int) []byte {
	var digits [11]byte
	first, width := len(digits), 3+number%9
	for rest := scramble(number); rest > 0 || width > 0; rest /= 10 {
		first--
		width--
		digits[first] = byte('0' + rest%10)
	}
	text = append(text, "user:"...)
	return append(text, digits[first:]...)
}

// random is the next number after the last one (xorshift64*): the state to
// go on with, and the number.
func random(state uint64) (uint64, uint64) {
	state ^= state >> 12
	state ^= state << 25
	state ^= state >> 27
	return state, state * 0x2545F4914F6CDD1D
}

// loadZipf draws among mapKeys by Zipf's law: the key of rank r comes in
// proportion to 1 / r^0.99.
func loadZipf() []uint32 {
	scale := make([]float64, mapKeys)
	sum := 0.0
	for i := range scale {
		sum += math.Pow(float64(i+1), -0.99)
		scale[i] = sum
	}
	draws := make([]uint32, mapDraws)
	state, number := uint64(1), uint64(0)
	for i := range draws {
		state, number = random(state)
		point := float64(number>>11) * 0x1p-53 * sum
		rank := sort.Search(mapKeys-1, func(k int) bool {
			return scale[k] > point
		})
		draws[i] = uint32(scramble(rank))
	}
	return draws
}

// draws are so many operations of a thread, in their order.
func (load *mapLoad) draws(thread int, count int64) []mapDraw {
	draws := make([]mapDraw, count)
	state, number := 0x9E3779B97F4A7C15*uint64(thread+1), uint64(0)
	for i := range draws {
		if load.zipf != nil {
			next := thread*(mapDraws/mapThreads) + i
			draws[i] = newMapDraw(load.zipf[next%mapDraws], load.sets > 0)
			continue
		}
		// The upper half of the number chooses the key, the lower half
		// whether to set it.
		state, number = random(state)
		key := (number >> 32) * uint64(len(load.keys)) >> 32
		isSet := uint64(uint32(number))*100>>32 < load.sets
		draws[i] = newMapDraw(uint32(key), isSet)
	}
	return draws
}

// A mapDraw is the number of a key, and whether to set it: the lowest bit.
type mapDraw uint32

func newMapDraw(key uint32, isSet bool) mapDraw {
	if isSet {
		return mapDraw(key<<1 | 1)
	}
	return mapDraw(key << 1)
}

func (draw mapDraw) key() uint32 { return uint32(draw) >> 1 }
func (draw mapDraw) isSet() bool { return draw&1 != 0 }
