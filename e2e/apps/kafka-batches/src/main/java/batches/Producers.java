package batches;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

final class Producers {
  static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
  static final int MAX_BYTES = 64 * 1024 * 1024;

  private Producers() {}

  /** Keeps records until it is flushed, or a batch is full. */
  static KafkaProducer<byte[], byte[]> open(String brokers, String codec, int batchBytes, Map<String, Object> more) {
    var settings = new HashMap<String, Object>(more);
    settings.put("bootstrap.servers", brokers);
    settings.put("compression.type", codec);
    settings.put("batch.size", batchBytes);
    settings.putIfAbsent("linger.ms", 20);
    settings.put("buffer.memory", 2L * MAX_BYTES);
    settings.put("max.request.size", MAX_BYTES);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
