package shop.orders;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;

/**
 * Usage: shop.orders.Main BROKERS. Says "port N" once its consumers are connected. POST /fix deploys the fix: what was broken works from then
 * on. GET /handled says how many events each listener has worked through.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    System.setProperty("shop.brokers", args[0]);
    var context = new AnnotationConfigApplicationContext(KafkaSetup.class, Orders.class, Payments.class, Gateway.class);
    context.registerShutdownHook();
    var gateway = context.getBean(Gateway.class);
    var registry = context.getBean(KafkaListenerEndpointRegistry.class);

    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/fix", exchange -> {
      gateway.fix();
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    server.createContext("/handled", exchange -> {
      var body = "{\"orders\":%d,\"payments\":%d}".formatted(context.getBean(Orders.class).handled(), context.getBean(Payments.class).handled()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    while (registry.getListenerContainers().stream().anyMatch(container -> container.getAssignedPartitions() == null || container.getAssignedPartitions().isEmpty())) Thread.sleep(50);
    server.start();
    System.out.println("port " + server.getAddress().getPort());
  }
}
