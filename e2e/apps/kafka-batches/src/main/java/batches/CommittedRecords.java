package batches;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a consumer with isolation level read_committed is given. */
final class CommittedRecords {
  /** Flowtap keeps no more headers of a record. */
  private static final int MAX_HEADERS = 10_000;

  private CommittedRecords() {}

  static long count(String brokers, String topic) {
    var count = new long[1];
    read(brokers, topic, record -> count[0]++);
    return count[0];
  }

  static void write(String brokers, String topic, Path file) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      read(brokers, topic, record -> {
        try {
          out.write(record.partition() + " " + record.offset() + " " + record.timestamp() + " " + checksum(record) + "\n");
        } catch (IOException error) {
          throw new IllegalStateException(error);
        }
      });
    }
  }

  private static void read(String brokers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> take) {
    var settings = new HashMap<String, Object>();
    settings.put("bootstrap.servers", brokers);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", false);
    settings.put("max.poll.records", 10_000);
    try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions = consumer.partitionsFor(topic).stream().map(at -> new TopicPartition(topic, at.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) consumer.poll(Duration.ofMillis(100)).forEach(take);
    }
  }

  /** Of key, value, and the names and values of the headers in their order, each behind its length; -1: null. */
  private static long checksum(ConsumerRecord<byte[], byte[]> record) {
    var crc = new CRC32();
    add(crc, record.key());
    add(crc, record.value());
    int headers = 0;
    for (var header : record.headers()) {
      if (headers++ >= MAX_HEADERS) continue;
      add(crc, header.key().getBytes(StandardCharsets.UTF_8));
      add(crc, header.value());
    }
    crc.update(ByteBuffer.allocate(4).putInt(0, headers));
    return crc.getValue();
  }

  private static void add(CRC32 crc, byte[] bytes) {
    crc.update(ByteBuffer.allocate(4).putInt(0, bytes == null ? -1 : bytes.length));
    if (bytes != null) crc.update(bytes);
  }
}
