package batches;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Producers of every codec and kind that write to the same partitions in any order. */
final class Transactions {
  private final Random random;
  private final RandomRecords records;
  private final String topic;
  private final int partitions;
  private final List<KafkaProducer<byte[], byte[]>> plain = new ArrayList<>();
  private final List<KafkaProducer<byte[], byte[]>> transactional = new ArrayList<>();
  private final boolean[] open;

  Transactions(String brokers, Random random, String topic, int partitions) {
    this.random = random;
    this.records = new RandomRecords(random);
    this.topic = topic;
    this.partitions = partitions;
    for (var codec : Producers.CODECS) {
      int batchBytes = new int[] {1, 1000, 16_384, 1_000_000}[random.nextInt(4)];
      plain.add(Producers.open(brokers, codec, batchBytes, Map.of("enable.idempotence", random.nextBoolean())));
      transactional.add(Producers.open(brokers, codec, batchBytes, Map.of("transactional.id", topic + "-" + codec)));
    }
    open = new boolean[transactional.size()];
    transactional.parallelStream().forEach(KafkaProducer::initTransactions);
  }

  void run(int steps) {
    for (int step = 0; step < steps; step++) {
      int which = random.nextInt(open.length);
      if (random.nextInt(3) == 0) send(plain.get(which));
      else if (!open[which]) begin(which);
      else if (random.nextInt(3) > 0) send(transactional.get(which));
      else end(which);
    }
    for (int which = 0; which < open.length; which++) if (open[which]) end(which);
    plain.forEach(KafkaProducer::close);
    transactional.forEach(KafkaProducer::close);
  }

  private void begin(int which) {
    transactional.get(which).beginTransaction();
    open[which] = true;
  }

  private void send(KafkaProducer<byte[], byte[]> producer) {
    int partition = random.nextInt(partitions);
    for (int left = 1 + random.nextInt(25); left > 0; left--) producer.send(records.next(topic, partition, records.key()));
    if (random.nextInt(3) > 0) producer.flush();
  }

  private void end(int which) {
    var producer = transactional.get(which);
    open[which] = false;
    if (random.nextInt(5) < 3) {
      producer.commitTransaction();
      return;
    }
    // What is not flushed is never written.
    producer.flush();
    producer.abortTransaction();
  }
}
