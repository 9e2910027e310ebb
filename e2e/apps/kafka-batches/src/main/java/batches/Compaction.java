package batches;

import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Has the broker take records out of batches, and leave batches without any. */
final class Compaction {
  private static final int WAVES = 8;
  private static final int KEYS = 12;

  private final String brokers;
  private final Random random;
  private final Admin admin;

  Compaction(String brokers, Random random, Admin admin) {
    this.brokers = brokers;
    this.random = random;
    this.admin = admin;
  }

  void run(String topic, int partitions) throws Exception {
    var records = new RandomRecords(random);
    for (int wave = 0; wave < WAVES; wave++) {
      // A producer for each: the last batch of an idempotent one is kept, if need be empty.
      var codec = Producers.CODECS.get(random.nextInt(Producers.CODECS.size()));
      boolean transacts = wave % 2 == 1;
      try (var producer = Producers.open(brokers, codec, 4000, transacts ? Map.of("transactional.id", topic + "-" + wave) : Map.of())) {
        if (transacts) producer.initTransactions();
        for (int round = 0; round < 6; round++) {
          if (transacts) producer.beginTransaction();
          for (int i = 0; i < 15; i++)
            producer.send(records.next(topic, random.nextInt(partitions), new byte[] {(byte) random.nextInt(KEYS)}));
          end(producer, transacts);
        }
      }
      Thread.sleep(150); // the next wave begins a segment
    }
    untilCleaned(topic);
    Topics.set(admin, topic, "cleanup.policy", "delete");
  }

  private void end(KafkaProducer<byte[], byte[]> producer, boolean transacts) {
    producer.flush();
    if (transacts && random.nextInt(3) == 0) producer.abortTransaction();
    else if (transacts) producer.commitTransaction();
  }

  /** Until what is left has not changed for a while, and is less than there was. */
  private void untilCleaned(String topic) throws Exception {
    long before = -1;
    for (int same = 0, tries = 0; same < 3; tries++) {
      if (tries > 300) throw new IllegalStateException("the broker does not clean " + topic);
      long left = CommittedRecords.count(brokers, topic);
      same = left == before && left < WAVES * 6 * 15 / 2 ? same + 1 : 0;
      before = left;
      Thread.sleep(200);
    }
  }
}
