import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** The blocking queues of java.util.concurrent. There is no select in Java. */
final class Queues {
    private static final int CAPACITY = 1024;

    // The same in every language.
    private static final String TEXT = "twenty characters...";

    static Map<String, Bench.Cell> cells() {
        Map<String, Bench.Cell> cells = new TreeMap<>();
        for (int pairs : new int[] {1, 2, 4, 8}) {
            cells.put("queue-" + pairs + ":" + pairs,
                    () -> queue(Queues::buffered, pairs, 1_600_000));
        }
        cells.put("queue-unbuffered",
                () -> queue(SynchronousQueue::new, 1, 40_000));
        cells.put("queue-solo", Queues::solo);
        cells.put("pingpong",
                () -> pingpong(() -> new ArrayBlockingQueue<>(1), 3_000));
        cells.put("pingpong-unbuffered",
                () -> pingpong(SynchronousQueue::new, 12_000));
        cells.put("port-text", () -> port(1_600_000, i -> TEXT));
        cells.put("port-number", () -> port(1_600_000, i -> "message " + i));
        cells.put("memory-idle-worker", Queues::memoryIdleWorker);
        return cells;
    }

    private static <T> BlockingQueue<T> buffered() {
        return new ArrayBlockingQueue<>(CAPACITY);
    }

    /** So many senders and as many receivers share one queue. */
    private static double queue(Supplier<BlockingQueue<Long>> make, int pairs,
            int operations) throws Exception {
        return Bench.measured(operations, items -> {
            BlockingQueue<Long> queue = make.get();
            int each = items / pairs;
            List<Callable<Long>> jobs = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                jobs.add(() -> send(queue, each));
                jobs.add(() -> receive(queue, each));
            }
            Bench.Outcome outcome = Bench.together(jobs);
            Bench.check("sum", outcome.sum(), pairs * Bench.sumUpTo(each));
            return outcome.nanoseconds();
        });
    }

    private static long send(BlockingQueue<Long> queue, int items)
            throws InterruptedException {
        for (long i = 1; i <= items; i++) {
            queue.put(i);
        }
        return 0;
    }

    private static long receive(BlockingQueue<Long> queue, int items)
            throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < items; i++) {
            sum += queue.take();
        }
        return sum;
    }

    private static double solo() throws Exception {
        return Bench.measured(4_000_000, pairs -> {
            BlockingQueue<Long> queue = buffered();
            long sum = 0;
            long begin = System.nanoTime();
            for (long i = 1; i <= pairs; i++) {
                queue.put(i);
                sum += queue.take();
            }
            long nanoseconds = System.nanoTime() - begin;
            Bench.check("sum", sum, Bench.sumUpTo(pairs));
            return nanoseconds;
        });
    }

    private static double pingpong(Supplier<BlockingQueue<Long>> make,
            int operations) throws Exception {
        return Bench.measured(operations, trips -> {
            BlockingQueue<Long> there = make.get();
            BlockingQueue<Long> back = make.get();
            Bench.Outcome outcome = Bench.together(List.of(
                    () -> ask(there, back, trips),
                    () -> answer(there, back, trips)));
            Bench.check("sum", outcome.sum(), Bench.sumUpTo(trips));
            return outcome.nanoseconds();
        });
    }

    private static long ask(BlockingQueue<Long> there, BlockingQueue<Long> back,
            int trips) throws InterruptedException {
        long sum = 0;
        for (long i = 1; i <= trips; i++) {
            there.put(i);
            sum += back.take();
        }
        return sum;
    }

    private static long answer(BlockingQueue<Long> there,
            BlockingQueue<Long> back, int trips) throws InterruptedException {
        for (int i = 0; i < trips; i++) {
            back.put(there.take());
        }
        return 0;
    }

    /** Texts, one way; what is checked is the sum of their lengths. */
    private static double port(int operations, LongFunction<String> form)
            throws Exception {
        return Bench.measured(operations, items -> {
            BlockingQueue<String> queue = buffered();
            Bench.Outcome outcome = Bench.together(List.of(
                    () -> -post(queue, form, items),
                    () -> lengths(queue, items)));
            Bench.check("received less sent", outcome.sum(), 0);
            return outcome.nanoseconds();
        });
    }

    private static long post(BlockingQueue<String> queue,
            LongFunction<String> form, int items) throws InterruptedException {
        long length = 0;
        for (long i = 1; i <= items; i++) {
            String message = form.apply(i);
            length += message.length();
            queue.put(message);
        }
        return length;
    }

    private static long lengths(BlockingQueue<String> queue, int items)
            throws InterruptedException {
        long length = 0;
        for (int i = 0; i < items; i++) {
            length += queue.take().length();
        }
        return length;
    }

    private static double memoryIdleWorker() throws Exception {
        final int count = 100;
        startWorker(); // what only the first one needs
        long before = resident();
        for (int i = 0; i < count; i++) {
            startWorker();
        }
        return (double) (resident() - before) / count;
    }

    /** A thread that waits for messages, and has answered one. */
    private static void startWorker() throws InterruptedException {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        Thread worker = new Thread(() -> {
            try {
                while (true) {
                    answers.put(messages.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.setDaemon(true);
        worker.start();
        messages.put(TEXT);
        Bench.check("length", answers.take().length(), TEXT.length());
    }

    /** How many bytes of this process lie in memory now. */
    private static long resident() throws IOException {
        System.gc();
        for (String line :
                Files.readAllLines(Path.of("/proc/self/smaps_rollup"))) {
            if (line.startsWith("Rss:")) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("smaps_rollup has no Rss");
    }

    private Queues() {}
}
