package batches;

import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Few records that are large in one respect, and many that are small in every respect. */
final class OddRecords {
  private static final int MEGABYTE = 1_000_000;

  private OddRecords() {}

  static void write(String brokers, Random random, String topic) {
    var records = new RandomRecords(random);
    for (var codec : Producers.CODECS)
      try (var producer = Producers.open(brokers, codec, Producers.MAX_BYTES / 4, Map.of())) {
        var names = new ArrayList<Header>();
        for (int i = 0; i < 8000; i++) names.add(new RecordHeader("header-" + i, i % 7 == 0 ? null : records.bytes(3)));
        var again = new ArrayList<Header>();
        for (int i = 0; i < 20_000; i++) again.add(new RecordHeader("again", records.bytes(i % 3)));
        producer.send(new ProducerRecord<>(topic, 0, null, null, new byte[0], names));
        producer.send(new ProducerRecord<>(topic, 0, null, new byte[0], null, again));
        producer.flush();
        for (int i = 0; i < 3; i++) producer.send(new ProducerRecord<>(topic, 0, null, records.bytes(MEGABYTE)));
        producer.send(new ProducerRecord<>(topic, 0, records.bytes(MEGABYTE), new byte[5 * MEGABYTE]));
        producer.send(new ProducerRecord<>(topic, 0, null, null));
      }
  }

  /** To a partition for each codec one batch: nothing is sent before the flush. */
  static void writeTiny(String brokers, String topic) {
    for (int codec = 0; codec < Producers.CODECS.size(); codec++) {
      // The accumulator has a batch's whole size ready from the first record on.
      try (var producer = Producers.open(brokers, Producers.CODECS.get(codec), 8 * MEGABYTE, Map.of("linger.ms", 60_000))) {
        for (int i = 0; i < 200_000; i++) producer.send(new ProducerRecord<>(topic, codec, null, new byte[] {(byte) ('0' + i % 10)}));
        producer.flush();
      }
    }
  }
}
