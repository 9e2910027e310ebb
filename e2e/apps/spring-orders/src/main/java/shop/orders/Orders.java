package shop.orders;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** An order is "id;zip;currency;cents". What cannot be handled goes to orders-dlt after one more try. */
@Component
class Orders {
  private final Gateway gateway;
  private final AtomicInteger handled = new AtomicInteger();

  Orders(Gateway gateway) {
    this.gateway = gateway;
  }

  @KafkaListener(topics = "orders", groupId = "spring-orders", containerFactory = "inPlace")
  void handle(String order) {
    var fields = order.split(";");
    gateway.label(fields[0], fields[1]);
    gateway.charge(fields[0], fields[2], Integer.parseInt(fields[3]));
    handled.incrementAndGet();
  }

  int handled() {
    return handled.get();
  }
}
