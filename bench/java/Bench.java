import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Java's side of the benchmark.
 *
 * <pre>
 *     java Bench CELL     measures one cell, prints nanoseconds/operation
 *     java Bench --cells  prints the names of the cells
 * </pre>
 *
 * <p>With -Dpool=executor it has only the cells of a pool, on a fixed
 * ThreadPoolExecutor in place of the ForkJoinPool.
 */
final class Bench {
    /** Measures one cell; returns nanoseconds per operation. */
    interface Cell {
        double measure() throws Exception;
    }

    /** Does so many operations and returns how many nanoseconds it took. */
    interface Run {
        long run(int operations) throws Exception;
    }

    /** How long the threads of together took, and the sum of their results. */
    record Outcome(long nanoseconds, long sum) {}

    private static final int NOT_HERE = 77; // we do not have that cell

    private static final long WARM_UP = 300_000_000; // nanoseconds

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            fail("usage: java Bench CELL | --cells");
        }
        Map<String, Cell> cells = cells();
        if (args[0].equals("--cells")) {
            cells.keySet().forEach(System.out::println);
            return;
        }
        Cell cell = cells.get(args[0]);
        if (cell == null) {
            System.exit(NOT_HERE);
        }
        System.out.printf(Locale.ROOT, "%.2f%n", cell.measure());
        System.exit(0); // whatever threads a pool still has
    }

    private static Map<String, Cell> cells() {
        Map<String, Cell> cells = new TreeMap<>();
        if (System.getProperty("pool", "").equals("executor")) {
            cells.putAll(Futures.executorCells());
            return cells;
        }
        cells.putAll(Queues.cells());
        cells.putAll(Futures.cells());
        cells.putAll(Maps.cells());
        return cells;
    }

    /**
     * Warms up until the compiler has had time for everything, with a tenth of
     * the operations again and again, and then measures.
     */
    static double measured(int operations, Run run) throws Exception {
        long begin = System.nanoTime();
        do {
            run.run(operations / 10);
        } while (System.nanoTime() - begin < WARM_UP);
        return (double) run.run(operations) / operations;
    }

    /**
     * Runs each job in a thread of its own; all are let go together. What they
     * return is summed.
     */
    static Outcome together(List<Callable<Long>> jobs)
            throws InterruptedException, ExecutionException {
        CountDownLatch ready = new CountDownLatch(jobs.size());
        CountDownLatch start = new CountDownLatch(1);
        List<FutureTask<Long>> threads = new ArrayList<>();
        for (Callable<Long> job : jobs) {
            FutureTask<Long> thread = new FutureTask<>(() -> {
                ready.countDown();
                start.await();
                return job.call();
            });
            threads.add(thread);
            new Thread(thread).start();
        }
        ready.await();
        long begin = System.nanoTime();
        start.countDown();
        long sum = 0;
        for (FutureTask<Long> thread : threads) {
            sum += thread.get();
        }
        return new Outcome(System.nanoTime() - begin, sum);
    }

    /** 1 + 2 + ... + n, the sum of what one sender sends. */
    static long sumUpTo(long n) {
        return n * (n + 1) / 2;
    }

    static void check(String what, long got, long expected) {
        if (got != expected) {
            fail(what + ": got " + got + ", expected " + expected);
        }
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    private Bench() {}
}
