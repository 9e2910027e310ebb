package batches;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;

/** Usage: batches.Main BROKERS SEED FOLDER. Writes every topic, then reads each and puts a line a record into FOLDER/TOPIC. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    var brokers = args[0];
    var random = new Random(Long.parseLong(args[1]));
    try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      var topics = new Topics(admin);
      topics.create("mixed", 3, Map.of());
      topics.create("append-time", 1, Map.of("message.timestamp.type", "LogAppendTime"));
      topics.create("compacted", 2, Topics.COMPACTED);
      topics.create("odd", 1, Map.of());
      topics.create("tiny", Producers.CODECS.size(), Map.of());

      new Transactions(brokers, random, "mixed", 3).run(400);
      new Transactions(brokers, random, "append-time", 1).run(60);
      OddRecords.write(brokers, random, "odd");
      OddRecords.writeTiny(brokers, "tiny");
      new Compaction(brokers, random, admin).run("compacted", 2);
    }
    for (var topic : List.of("mixed", "append-time", "compacted", "odd", "tiny"))
      CommittedRecords.write(brokers, topic, Path.of(args[2], topic));
  }
}
