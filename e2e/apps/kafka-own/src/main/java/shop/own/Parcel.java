package shop.own;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** Works out what a delivery weighs; one with a weight that is no number cannot go on. */
public final class Parcel implements Transformation<SinkRecord> {
  @Override
  public SinkRecord apply(SinkRecord record) {
    var item = (Map<?, ?>) record.value();
    return record.newRecord(record.topic(), record.kafkaPartition(), record.keySchema(), record.key(), null, Map.of("item", item.get("item"), "grams", grams(item)), record.timestamp());
  }

  private static long grams(Map<?, ?> item) {
    try {
      return Long.parseLong(String.valueOf(item.get("grams")));
    } catch (NumberFormatException fault) {
      throw new DataException("weight of item " + item.get("item") + " is no number", fault);
    }
  }

  @Override
  public ConfigDef config() {
    return new ConfigDef();
  }

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public void close() {}
}
