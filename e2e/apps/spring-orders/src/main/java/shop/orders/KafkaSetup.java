package shop.orders;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafkaRetryTopic;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.backoff.FixedBackOff;

/** What Spring Boot would set up by itself, and the error handler of Spring Kafka's own guide. */
@Configuration
@EnableKafkaRetryTopic
class KafkaSetup {
  private static final String BROKERS = System.getProperty("shop.brokers");

  @Bean
  KafkaAdmin admin() {
    return new KafkaAdmin(Map.of("bootstrap.servers", BROKERS));
  }

  @Bean
  KafkaAdmin.NewTopics topics() {
    return new KafkaAdmin.NewTopics(
        TopicBuilder.name("orders").partitions(3).build(),
        TopicBuilder.name("orders-dlt").partitions(3).build(),
        TopicBuilder.name("payments").partitions(1).build());
  }

  @Bean
  ConsumerFactory<String, String> consumers() {
    return new DefaultKafkaConsumerFactory<>(Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, BROKERS,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class));
  }

  @Bean
  KafkaTemplate<String, String> template() {
    return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, BROKERS,
        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class)));
  }

  /** For the listener that retries in place and then gives up. */
  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> inPlace(ConsumerFactory<String, String> consumers, KafkaTemplate<String, String> template) {
    var recoverer = new DeadLetterPublishingRecoverer(template, (event, exception) -> new TopicPartition(event.topic() + "-dlt", event.partition()));
    var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
    factory.setConsumerFactory(consumers);
    factory.setConcurrency(3);
    var errors = new DefaultErrorHandler(recoverer, new FixedBackOff(0, 1));
    errors.setSeekAfterError(false);
    factory.setCommonErrorHandler(errors);
    // Between two tries; the 100 ms it is by itself make many failures slow.
    factory.getContainerProperties().setPollTimeoutWhilePaused(Duration.ofMillis(2));
    return factory;
  }

  /** For the listener that retries over topics. */
  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> overTopics(ConsumerFactory<String, String> consumers) {
    var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
    factory.setConsumerFactory(consumers);
    return factory;
  }

  @Bean
  TaskScheduler scheduler() {
    return new ThreadPoolTaskScheduler();
  }
}
