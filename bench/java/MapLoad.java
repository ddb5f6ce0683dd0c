import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What one cell does to a map, the same in every language.
 *
 * <p>Key number n holds the value n. Who sets it puts n in the lower 32 bits
 * and anything but 0 above: so the lower 32 bits of the sum of all that was
 * read do not depend on who came first.
 *
 * @param sets of a hundred operations; the others are gets
 * @param zipf DRAWS key numbers; null: all keys are equally likely
 */
record MapLoad(String[] keys, int sets, int[] zipf, int threads) {
    static final int KEYS = 100_000; // of all cells but the sized ones

    private static final int DRAWS = 1 << 20; // prepared, for Zipf's law

    private static final int MOST_THREADS = 4;

    /** The first so many keys: "user:" and 3 to 11 digits. */
    static String[] keys(int count) {
        String[] keys = new String[count];
        Arrays.setAll(keys, MapLoad::key);
        return keys;
    }

    static String key(int number) {
        byte[] text = "user:00000000000".getBytes(StandardCharsets.US_ASCII);
        int digits = 0;
        int width = 3 + number % 9;
        int rest = scramble(number);
        for (int i = rest; i > 0; i /= 10) {
            digits++;
        }
        int length = 5 + Math.max(digits, width);
        for (int at = length; rest > 0; rest /= 10) {
            text[--at] = (byte) ('0' + rest % 10);
        }
        return new String(text, 0, length, StandardCharsets.US_ASCII);
    }

    /**
     * A permutation of each block of KEYS numbers, so that neither the order
     * of the keys' digits nor their popularity follows their place in memory.
     */
    private static int scramble(int number) {
        int place = number % KEYS;
        return number - place + (int) (place * 48271L % KEYS);
    }

    /**
     * Draws among KEYS by Zipf's law: the key of rank r comes in proportion to
     * 1 / r^0.99.
     */
    static int[] zipfDraws() {
        double[] scale = new double[KEYS];
        double sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += Math.pow(i + 1, -0.99);
            scale[i] = sum;
        }
        int[] draws = new int[DRAWS];
        long state = 1;
        for (int i = 0; i < DRAWS; i++) {
            state = next(state);
            double point = (random(state) >>> 11) * 0x1p-53 * sum;
            int rank = Arrays.binarySearch(scale, point);
            // That is where it is, or -1 - where it would be.
            draws[i] = scramble(rank >= 0 ? rank + 1 : -1 - rank);
        }
        return draws;
    }

    /**
     * So many operations of a thread, in their order. The lowest bit says
     * whether to set a key, the others are its number.
     */
    int[] draws(int thread, int count) {
        int[] draws = new int[count];
        int first = thread * (DRAWS / MOST_THREADS);
        long state = 0x9E3779B97F4A7C15L * (thread + 1);
        for (int i = 0; i < count; i++) {
            if (zipf != null) {
                int key = zipf[(first + i) % DRAWS];
                draws[i] = key << 1 | (sets > 0 ? 1 : 0);
                continue;
            }
            // The upper half of the number chooses the key, the lower half
            // whether to set it.
            state = next(state);
            long number = random(state);
            int key = (int) ((number >>> 32) * keys.length >>> 32);
            boolean isSet = (number & 0xffffffffL) * 100 >>> 32 < sets;
            draws[i] = key << 1 | (isSet ? 1 : 0);
        }
        return draws;
    }

    // xorshift64*
    private static long next(long state) {
        state ^= state >>> 12;
        state ^= state << 25;
        return state ^ state >>> 27;
    }

    private static long random(long state) {
        return state * 0x2545F4914F6CDD1DL;
    }
}
