/** The ways the payment gateway fails when it does, as the JVM behind it tells them. */
import { chanceOf } from "../kit/chance.ts";
import type { JvmFailure } from "../kit/dead-letter.ts";

const LISTENER_FRAMES = [
  "\tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer.decorateException(KafkaMessageListenerContainer.java:2996)",
  "\tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer.doInvokeOnMessage(KafkaMessageListenerContainer.java:2903)",
  "\tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer.doInvokeRecordListener(KafkaMessageListenerContainer.java:2778)",
  "\tat java.base/java.util.concurrent.CompletableFuture$AsyncRun.run(CompletableFuture.java:1804)",
  "\tat java.base/java.lang.Thread.run(Thread.java:840)",
];

type Root = (orderId: string) => { rootClass: string; rootMessage: string; middle: string; frames: string[] };

const ROOTS: readonly Root[] = [
  (orderId) => ({
    rootClass: "java.net.SocketTimeoutException",
    rootMessage: "Read timed out",
    middle: `com.acme.payments.gateway.GatewayUnavailableException: POST https://gateway.acme.example/charges for ${orderId} gave no answer in 3000 ms`,
    frames: [
      "\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:288)",
      "\tat java.base/java.net.Socket$SocketInputStream.read(Socket.java:966)",
      "\tat com.acme.payments.gateway.HttpGateway.charge(HttpGateway.java:88)",
      "\tat com.acme.payments.ChargeService.charge(ChargeService.java:52)",
    ],
  }),
  (orderId) => ({
    rootClass: "org.postgresql.util.PSQLException",
    rootMessage: `ERROR: deadlock detected\n  Detail: Process ${4000 + Math.floor(chanceOf(orderId) * 900)} waits for ShareLock on transaction ${Math.floor(chanceOf(`${orderId}/tx`) * 1e6)}.`,
    middle:
      "org.springframework.dao.CannotAcquireLockException: could not execute statement [insert into ledger_entry]",
    frames: [
      "\tat org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2725)",
      "\tat org.postgresql.jdbc.PgPreparedStatement.executeUpdate(PgPreparedStatement.java:152)",
      "\tat com.acme.payments.ledger.LedgerRepository.append(LedgerRepository.java:41)",
      "\tat com.acme.payments.ChargeService.record(ChargeService.java:77)",
    ],
  }),
  (orderId) => ({
    rootClass: "java.lang.NullPointerException",
    rootMessage: 'Cannot invoke "com.acme.payments.fraud.Score.value()" because "score" is null',
    middle: `com.acme.payments.fraud.FraudCheckException: no decision for order ${orderId}`,
    frames: [
      "\tat com.acme.payments.fraud.FraudCheck.decide(FraudCheck.java:34)",
      "\tat com.acme.payments.ChargeService.charge(ChargeService.java:45)",
    ],
  }),
];

/** Always the same failure for the same order. */
export function gatewayFailureOf(orderId: string): JvmFailure {
  const share = chanceOf(`${orderId}/root`);
  const root = ROOTS[share < 0.55 ? 0 : share < 0.85 ? 1 : 2] as Root;
  const { rootClass, rootMessage, middle, frames } = root(orderId);
  const outerMessage =
    "Listener method 'public void com.acme.payments.OrderListener.onOrderPlaced(com.acme.orders.OrderPlaced)' threw exception";
  const outerClass = "org.springframework.kafka.listener.ListenerExecutionFailedException";
  return {
    outerClass,
    outerMessage,
    rootClass,
    rootMessage,
    stack: [
      `${outerClass}: ${outerMessage}`,
      ...LISTENER_FRAMES,
      `Caused by: ${middle}`,
      "\tat com.acme.payments.OrderListener.onOrderPlaced(OrderListener.java:29)",
      "\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)",
      "\t... 12 more",
      `Caused by: ${rootClass}: ${rootMessage}`,
      ...frames,
      "\t... 15 more",
      "",
    ].join("\n"),
  };
}
