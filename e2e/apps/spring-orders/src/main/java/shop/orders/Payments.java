package shop.orders;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.DltHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.stereotype.Component;

/** A payment is "id;cents". It is tried again over payments-retry, and then goes to payments-dlt. */
@Component
class Payments {
  private final Gateway gateway;
  private final AtomicInteger handled = new AtomicInteger();

  Payments(Gateway gateway) {
    this.gateway = gateway;
  }

  @RetryableTopic(attempts = "2", backOff = @BackOff(delay = 200), kafkaTemplate = "template", listenerContainerFactory = "overTopics")
  @KafkaListener(topics = "payments", groupId = "spring-payments", containerFactory = "overTopics")
  void handle(String payment) {
    var fields = payment.split(";");
    gateway.settle(fields[0], Integer.parseInt(fields[1]));
    handled.incrementAndGet();
  }

  /** The default handler of dead letters wants a manual acknowledgement, fails, and each failure would be a dead letter again. */
  @DltHandler
  void givenUp(String payment) {}

  int handled() {
    return handled.get();
  }
}
