import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Tasks in threads of their own, in the ForkJoinPool and in an executor. */
final class Futures {
    private interface Start {
        /** Starts task(number). */
        Future<Long> start(long number);
    }

    static Map<String, Bench.Cell> cells() {
        return Map.of(
                "future-thread",
                () -> batches(1_500, 1, Futures::inThread),
                "future-1000-threads",
                () -> batches(2_000, 1_000, Futures::inThread),
                "future-pool",
                () -> batches(400_000, 1, Futures::inForkJoinPool),
                "future-10000",
                () -> batches(1_000_000, 10_000, Futures::inForkJoinPool));
    }

    /** The same pool cells with a thread pool in which nobody helps. */
    static Map<String, Bench.Cell> executorCells() {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService executor = Executors.newFixedThreadPool(cores);
        Start start = number -> executor.submit(() -> task(number));
        return Map.of(
                "future-pool", () -> batches(10_000, 1, start),
                "future-10000", () -> batches(500_000, 10_000, start));
    }

    private static long task(long number) {
        return number + 1;
    }

    private static Future<Long> inThread(long number) {
        FutureTask<Long> future = new FutureTask<>(() -> task(number));
        new Thread(future).start();
        return future;
    }

    private static Future<Long> inForkJoinPool(long number) {
        return ForkJoinTask.adapt(() -> task(number)).fork();
    }

    /** Starts so many tasks, then waits for them all, again and again. */
    private static double batches(int operations, int size, Start start)
            throws Exception {
        return Bench.measured(operations, tasks -> {
            int batches = Math.max(1, tasks / size);
            long sum = 0;
            long begin = System.nanoTime();
            for (int i = 0; i < batches; i++) {
                sum += batch(size, start);
            }
            long nanoseconds = System.nanoTime() - begin;
            long expected = batches * (Bench.sumUpTo(size) + size);
            Bench.check("sum", sum, expected);
            return nanoseconds;
        });
    }

    private static long batch(int size, Start start) throws Exception {
        List<Future<Long>> futures = new ArrayList<>(size);
        for (int n = 1; n <= size; n++) {
            futures.add(start.start(n));
        }
        long sum = 0;
        // From the last, as invokeAll does: the pool takes them from the first.
        for (int n = size - 1; n >= 0; n--) {
            sum += futures.get(n).get();
        }
        return sum;
    }

    private Futures() {}
}
