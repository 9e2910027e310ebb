package shop.orders;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Where the bugs are, until they are fixed. */
@Component
class Gateway {
  private static final Map<String, BigDecimal> RATES = Map.of("EUR", BigDecimal.ONE, "USD", new BigDecimal("0.9"));
  private final Map<String, String> cities = new ConcurrentHashMap<>(Map.of("10115", "Berlin"));
  private volatile boolean fixed;

  void fix() {
    fixed = true;
  }

  /** Breaks on a zip code nobody knows. */
  void label(String order, String zip) {
    var city = fixed ? cities.getOrDefault(zip, "unknown") : cities.get(zip);
    if (city.isEmpty()) throw new IllegalArgumentException("order " + order + " goes nowhere");
  }

  /** Breaks on a currency without a rate, and on amounts over a limit. */
  void charge(String order, String currency, int cents) {
    try {
      convert(order, currency, cents);
    } catch (UnknownCurrency unknown) {
      throw new ChargeFailed("order " + order + " could not be charged", unknown);
    }
    if (cents > 100_000 && !fixed) throw new IllegalStateException("card of order " + order + " refused: " + cents + " cents are over its limit");
  }

  void settle(String payment, int cents) {
    if (cents < 0 && !fixed) throw new ArithmeticException("payment " + payment + " is negative: " + cents);
  }

  private void convert(String order, String currency, int cents) {
    var rate = RATES.get(currency);
    if (rate == null && !fixed) throw new UnknownCurrency("no rate for " + currency + " of order " + order + ", " + cents + " cents");
  }

  static final class UnknownCurrency extends RuntimeException {
    UnknownCurrency(String message) {
      super(message);
    }
  }

  static final class ChargeFailed extends RuntimeException {
    ChargeFailed(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
