/** The failures of the payment gateway, with stack traces as a JVM prints them. */
import { chanceOf } from "../kit/chance.ts";
import type { JvmFailure } from "../kit/dead-letter.ts";

const CONTAINER = "KafkaMessageListenerContainer";
const inContainer = (method: string, line: number): string =>
  `\tat org.springframework.kafka.listener.${CONTAINER}$ListenerConsumer.${method}(${CONTAINER}.java:${line})`;
const LISTENER_FRAMES = [
  inContainer("decorateException", 2996),
  inContainer("doInvokeOnMessage", 2903),
  inContainer("doInvokeRecordListener", 2778),
  "\tat java.base/java.util.concurrent.CompletableFuture$AsyncRun.run(CompletableFuture.java:1804)",
  "\tat java.base/java.lang.Thread.run(Thread.java:840)",
];

type Root = (orderId: string) => { rootClass: string; rootMessage: string; wrapper: string; frames: string[] };

const ROOTS: readonly Root[] = [
  (orderId) => ({
    rootClass: "java.net.SocketTimeoutException",
    rootMessage: "Read timed out",
    wrapper:
      "com.acme.payments.gateway.GatewayUnavailableException: " +
      `POST https://gateway.acme.example/charges for ${orderId} gave no answer in 3000 ms`,
    frames: [
      "\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:288)",
      "\tat java.base/java.net.Socket$SocketInputStream.read(Socket.java:966)",
      "\tat com.acme.payments.gateway.HttpGateway.charge(HttpGateway.java:88)",
      "\tat com.acme.payments.ChargeService.charge(ChargeService.java:52)",
    ],
  }),
  (orderId) => ({
    rootClass: "org.postgresql.util.PSQLException",
    rootMessage: deadlockMessage(orderId),
    wrapper:
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
    wrapper: `com.acme.payments.fraud.FraudCheckException: no decision for order ${orderId}`,
    frames: [
      "\tat com.acme.payments.fraud.FraudCheck.decide(FraudCheck.java:34)",
      "\tat com.acme.payments.ChargeService.charge(ChargeService.java:45)",
    ],
  }),
];

function deadlockMessage(orderId: string): string {
  const process = 4000 + Math.floor(chanceOf(orderId) * 900);
  const transaction = Math.floor(chanceOf(`${orderId}/tx`) * 1e6);
  return `ERROR: deadlock detected\n  Detail: Process ${process} waits for ShareLock on transaction ${transaction}.`;
}

/** The failure of an order; always the same one for the same order. */
export function gatewayFailureOf(orderId: string): JvmFailure {
  const share = chanceOf(`${orderId}/root`);
  const root = ROOTS[share < 0.55 ? 0 : share < 0.85 ? 1 : 2] as Root;
  const { rootClass, rootMessage, wrapper, frames } = root(orderId);
  const method = "public void com.acme.payments.OrderListener.onOrderPlaced(com.acme.orders.OrderPlaced)";
  const outerMessage = `Listener method '${method}' threw exception`;
  const outerClass = "org.springframework.kafka.listener.ListenerExecutionFailedException";
  return {
    outerClass,
    outerMessage,
    rootClass,
    rootMessage,
    stack: [
      `${outerClass}: ${outerMessage}`,
      ...LISTENER_FRAMES,
      `Caused by: ${wrapper}`,
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
