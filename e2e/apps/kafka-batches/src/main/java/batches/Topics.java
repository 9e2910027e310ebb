package batches;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;

final class Topics {
  /** A segment an instant, cleaned as soon as the next one is begun. */
  static final Map<String, String> COMPACTED =
      Map.of("cleanup.policy", "compact", "segment.ms", "100", "min.cleanable.dirty.ratio", "0.0001", "delete.retention.ms", "0");

  private final Admin admin;

  Topics(Admin admin) {
    this.admin = admin;
  }

  void create(String name, int partitions, Map<String, String> settings) throws Exception {
    var all = new TreeMap<>(settings);
    all.put("max.message.bytes", "" + Producers.MAX_BYTES);
    all.put("retention.ms", "-1"); // the times in the records are of any age
    admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.of((short) 1)).configs(all))).all().get();
  }

  static void set(Admin admin, String topic, String setting, String value) throws Exception {
    var change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change))).all().get();
  }
}
