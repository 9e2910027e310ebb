package batches;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records with whatever a producer may put into them. */
final class RandomRecords {
  private static final String[] NAMES = {"traceparent", "ce_id", "", "ünïcode-名", "__proto__", "1", "a".repeat(300)};

  private final Random random;

  RandomRecords(Random random) {
    this.random = random;
  }

  ProducerRecord<byte[], byte[]> next(String topic, int partition, byte[] key) {
    return new ProducerRecord<>(topic, partition, time(), key, value(), headers());
  }

  /** Four zero bytes are how the key of an abort marker begins. */
  byte[] key() {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> new byte[4];
      default -> bytes(1 + random.nextInt(40));
    };
  }

  private byte[] value() {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> new byte[random.nextInt(20_000)];
      case 3 -> "{\"orderId\":\"o-1\"}".repeat(1 + random.nextInt(50)).getBytes(StandardCharsets.UTF_8);
      default -> bytes(random.nextInt(2000));
    };
  }

  private Long time() {
    return switch (random.nextInt(10)) {
      case 0 -> 0L;
      case 1 -> (long) random.nextInt(Integer.MAX_VALUE);
      case 2 -> System.currentTimeMillis() - random.nextInt(Integer.MAX_VALUE);
      default -> null;
    };
  }

  private List<Header> headers() {
    var headers = new ArrayList<Header>();
    for (int left = random.nextInt(4) * random.nextInt(4); left > 0; left--)
      headers.add(new RecordHeader(NAMES[random.nextInt(NAMES.length)], random.nextInt(4) == 0 ? null : bytes(random.nextInt(30))));
    return headers;
  }

  byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
