import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * ConcurrentHashMap. A String that is asked for again knows its hash; and a
 * Long is an object.
 */
final class Maps {
    static Map<String, Bench.Cell> cells() {
        Map<String, Bench.Cell> cells = new TreeMap<>();
        for (int threads : new int[] {1, 2}) {
            cells.put("map-get-uniform-" + threads, () -> uniform(threads, 0));
            cells.put("map-get-zipf-" + threads, () -> zipf(threads, 0));
            cells.put("map-set-uniform-" + threads,
                    () -> uniform(threads, 100));
            cells.put("map-set-zipf-" + threads, () -> zipf(threads, 100));
        }
        for (int threads : new int[] {2, 4}) {
            cells.put("map-95/5-" + threads, () -> uniform(threads, 5));
            cells.put("map-50/50-" + threads, () -> uniform(threads, 50));
        }
        cells.put("map-insert-1", Maps::inserts);
        cells.put("memory-map-entry", Maps::memory);
        // Ten million strings take Java longer to make than a run may take.
        for (int size = 10; size <= 1_000_000; size *= 10) {
            int keys = size;
            cells.put("map-get-" + keys, () -> sized(keys));
        }
        return cells;
    }

    /** All keys equally likely; so many of a hundred operations are sets. */
    private static double uniform(int threads, int sets) throws Exception {
        String[] keys = MapLoad.keys(MapLoad.KEYS);
        return measure(3_000_000, new MapLoad(keys, sets, null, threads));
    }

    /** By Zipf's law; sets is 0 or 100. */
    private static double zipf(int threads, int sets) throws Exception {
        String[] keys = MapLoad.keys(MapLoad.KEYS);
        return measure(3_000_000,
                new MapLoad(keys, sets, MapLoad.zipfDraws(), threads));
    }

    private static double sized(int count) throws Exception {
        int operations = count <= 10_000 ? 12_000_000 : 2_000_000;
        return measure(operations,
                new MapLoad(MapLoad.keys(count), 0, null, 1));
    }

    private static double measure(int operations, MapLoad load)
            throws Exception {
        Map<String, Long> map = new ConcurrentHashMap<>();
        fill(map, load.keys());
        return Bench.measured(operations,
                count -> run(load, map, count / load.threads()));
    }

    /**
     * With copies: who looks a key up in a map that threads share has it from
     * elsewhere, as a rule, and not the very String that the map holds.
     */
    private static void fill(Map<String, Long> map, String[] keys) {
        for (int i = 0; i < keys.length; i++) {
            map.put(new String(keys[i].toCharArray()), (long) i);
        }
    }

    /** Each thread does so many operations; checks what it came to. */
    private static long run(MapLoad load, Map<String, Long> map, int each)
            throws Exception {
        List<int[]> draws = new ArrayList<>();
        List<Callable<Long>> jobs = new ArrayList<>();
        for (int thread = 0; thread < load.threads(); thread++) {
            int[] its = load.draws(thread, each);
            draws.add(its);
            jobs.add(() -> use(map, load.keys(), its));
        }
        Bench.Outcome outcome = Bench.together(jobs);
        Bench.check("sum", outcome.sum() & 0xffffffffL, sum(draws));
        if (load.sets() > 0) {
            checkValues(load, map, draws);
        }
        return outcome.nanoseconds();
    }

    /** The measured loop. Returns the sum of what it has read. */
    private static long use(Map<String, Long> map, String[] keys,
            int[] draws) {
        long sum = 0;
        for (int i = 0; i < draws.length; i++) {
            int key = draws[i] >> 1;
            if ((draws[i] & 1) != 0) {
                map.put(keys[key], key + ((i & 0x3fffL) + 1 << 32));
            } else {
                sum += map.get(keys[key]);
            }
        }
        return sum;
    }

    /** The lower 32 bits of the sum of all that the threads read. */
    private static long sum(List<int[]> draws) {
        long sum = 0;
        for (int[] its : draws) {
            for (int draw : its) {
                sum += (draw & 1) != 0 ? 0 : draw >> 1;
            }
        }
        return sum & 0xffffffffL;
    }

    /** Every key still has its own value, and what was set was set. */
    private static void checkValues(MapLoad load, Map<String, Long> map,
            List<int[]> draws) {
        boolean[] isSet = new boolean[load.keys().length];
        for (int[] its : draws) {
            for (int draw : its) {
                isSet[draw >> 1] |= (draw & 1) != 0;
            }
        }
        for (int i = 0; i < isSet.length; i++) {
            long value = map.get(load.keys()[i]);
            Bench.check(load.keys()[i], value & 0xffffffffL, i);
            if (isSet[i] && value >> 32 == 0) {
                Bench.fail(load.keys()[i] + " was not set");
            }
        }
    }

    /** Makes maps, fills them and leaves them to the collector. */
    private static double inserts() throws Exception {
        String[] keys = MapLoad.keys(MapLoad.KEYS);
        return Bench.measured(20 * MapLoad.KEYS, operations -> {
            long begin = System.nanoTime();
            for (int n = 0; n < operations; n += keys.length) {
                Map<String, Long> map = new ConcurrentHashMap<>();
                fill(map, keys);
                Bench.check("size", map.size(), keys.length);
            }
            return System.nanoTime() - begin;
        });
    }

    /** Bytes of the heap; the keys count too, which only the map has. */
    private static double memory() {
        long before = used();
        Map<String, Long> map = new ConcurrentHashMap<>();
        for (int i = 0; i < MapLoad.KEYS; i++) {
            map.put(MapLoad.key(i), (long) i);
        }
        long bytes = used() - before;
        Bench.check("size", map.size(), MapLoad.KEYS);
        return (double) bytes / MapLoad.KEYS;
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private Maps() {}
}
