package shop.own;

import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.cli.ConnectStandalone;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.apache.kafka.connect.storage.StringConverter;

/** A standalone Connect worker with one sink connector that tolerates errors and keeps what it cannot use. */
final class WarehouseWorker {
  static final String CONNECTOR = "warehouse";

  private WarehouseWorker() {}

  static Connect<StandaloneHerder> start(String brokers) throws Exception {
    var offsets = Files.createTempFile("connect-offsets", ".dat");
    offsets.toFile().deleteOnExit();
    var worker = Map.of(
        "bootstrap.servers", brokers,
        "key.converter", StringConverter.class.getName(),
        "value.converter", JsonConverter.class.getName(),
        "value.converter.schemas.enable", "false",
        "offset.storage.file.filename", offsets.toString(),
        "offset.flush.interval.ms", "500",
        "plugin.discovery", "service_load",
        "listeners", "http://127.0.0.1:0");
    var connect = new ConnectStandalone().startConnect(worker);
    var connector = Map.ofEntries(
        Map.entry("name", CONNECTOR),
        Map.entry("connector.class", Warehouse.class.getName()),
        Map.entry("topics", "stock"),
        Map.entry("transforms", "parcel"),
        Map.entry("transforms.parcel.type", Parcel.class.getName()),
        Map.entry("errors.tolerance", "all"),
        Map.entry("errors.deadletterqueue.topic.name", "warehouse-rejects"),
        Map.entry("errors.deadletterqueue.topic.replication.factor", "1"),
        Map.entry("errors.deadletterqueue.context.headers.enable", "true"),
        Map.entry("consumer.override.auto.offset.reset", "earliest"));
    var created = new CompletableFuture<Void>();
    connect.herder().putConnectorConfig(CONNECTOR, connector, false, (error, info) -> {
      if (error == null) created.complete(null);
      else created.completeExceptionally(error);
    });
    created.get(30, TimeUnit.SECONDS);
    return connect;
  }
}
