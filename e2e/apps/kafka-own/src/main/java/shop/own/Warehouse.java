package shop.own;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** A sink that reports what it cannot store, as JDBC's and Elasticsearch's do. */
public final class Warehouse extends SinkConnector {
  @Override
  public void start(Map<String, String> props) {}

  @Override
  public Class<? extends Task> taskClass() {
    return Shelf.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(1, Map.of());
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return new ConfigDef();
  }

  @Override
  public String version() {
    return "1";
  }

  /** Holds nothing heavier than a ton. */
  public static final class Shelf extends SinkTask {
    @Override
    public void start(Map<String, String> props) {}

    @Override
    public void put(Collection<SinkRecord> records) {
      for (var record : records) {
        try {
          store((Map<?, ?>) record.value());
        } catch (IllegalStateException fault) {
          context.errantRecordReporter().report(record, fault);
        }
      }
    }

    private static void store(Map<?, ?> parcel) {
      if ((long) parcel.get("grams") > 1_000_000) throw new IllegalStateException("no shelf carries item " + parcel.get("item"));
    }

    @Override
    public void stop() {}

    @Override
    public String version() {
      return "1";
    }
  }
}
