package shop.own;

import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** A Streams application that keeps what it can neither read nor work on in a dead-letter topic (KIP-1034). */
final class ClickCounter {
  private static final int SEATS = 100;

  private ClickCounter() {}

  static KafkaStreams start(String brokers) {
    var settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "click-counter");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.LongSerde.class);
    settings.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
    settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueProcessingExceptionHandler.class);
    settings.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, "click-graveyard");
    var builder = new StreamsBuilder();
    builder.stream("clicks", Consumed.with(Serdes.String(), Serdes.serdeFrom(Serdes.Long().serializer(), clicks())))
        .mapValues(ClickCounter::perSeat)
        .to("click-counts", Produced.with(Serdes.String(), Serdes.Long()));
    var streams = new KafkaStreams(builder.build(), settings);
    streams.start();
    return streams;
  }

  private static Deserializer<Long> clicks() {
    return (topic, bytes) -> read(bytes);
  }

  private static Long read(byte[] bytes) {
    try {
      return Long.parseLong(new String(bytes, StandardCharsets.UTF_8));
    } catch (NumberFormatException fault) {
      throw new SerializationException("clicks are no number", fault);
    }
  }

  private static Long perSeat(Long clicks) {
    return SEATS / clicks;
  }
}
