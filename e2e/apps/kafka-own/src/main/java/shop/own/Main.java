package shop.own;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Usage: shop.own.Main BROKERS. Says "port N" (Connect's REST port) once the connector and the stream run. Work comes in by topics only. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      var topics = List.of("stock", "clicks", "click-counts", "click-graveyard");
      admin.createTopics(topics.stream().map(name -> new NewTopic(name, Optional.of(2), Optional.of((short) 1))).toList()).all().get();
    }
    var counter = ClickCounter.start(brokers);
    var warehouse = WarehouseWorker.start(brokers);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      counter.close();
      warehouse.stop();
    }));
    while (!counter.state().isRunningOrRebalancing() || !warehouse.herder().connectorStatus(WarehouseWorker.CONNECTOR).connector().state().equals("RUNNING")) Thread.sleep(50);
    System.out.println("port " + warehouse.rest().advertisedUrl().getPort());
  }
}
