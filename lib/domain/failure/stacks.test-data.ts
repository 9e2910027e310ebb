/** Stack traces as runtimes print them. */

export const springStack = (
  line: number,
  message: string,
): string => `org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed
\tat org.springframework.kafka.listener.KafkaMessageListenerContainer.decorate(KafkaMessageListenerContainer.java:3000)
\tat java.base/java.lang.Thread.run(Thread.java:833)
\tSuppressed: com.acme.Ignored: not this
\t\tat com.acme.Ignored.me(Ignored.java:1)
Caused by: java.lang.IllegalStateException: wrapped
\tat com.acme.orders.Listener$$SpringCGLIB$$0.onOrder(<generated>)
\t... 12 more
Caused by: com.acme.payments.PaymentRefused: ${message}
\tat java.base/java.util.Optional.orElseThrow(Optional.java:403)
\tat com.acme.payments.Gateway.lambda$charge$3(Gateway.java:${line})
\tat com.acme.payments.Gateway.charge(Gateway.java:40)
\t... 20 more`;

export const DOTNET_STACK = `System.InvalidOperationException: outer
 ---> Acme.PaymentRefused: card 4711 refused
   at Npgsql.NpgsqlConnection.Open()
   at Acme.Payments.Gateway.<ChargeAsync>d__3.MoveNext() in /src/Gateway.cs:line 42
   --- End of inner exception stack trace ---
   at Acme.Orders.Handler.Handle(OrderPlaced message, IMessageHandlerContext context) in /src/Handler.cs:line 17`;

export const NODE_STACK = `TypeError: Cannot read properties of undefined (reading 'id')
    at node:internal/process/task_queues:95:5
    at Array.map (<anonymous>)
    at Consumer.run (/app/node_modules/kafkajs/src/consumer/runner.js:10:2)
    at async PaymentHandler.charge (file:///app/src/payments.js:42:13)
    at /app/src/index.js:1:1`;

export const NODE_CAUSE_STACK = `Error: outer
    at run (/app/src/run.js:1:1) {
  [cause]: RangeError: too much
      at deep (/app/src/deep.js:9:9)
}`;

export const PYTHON_STACK = `Traceback (most recent call last):
  File "/app/orders/gateway.py", line 12, in charge
    raise PaymentRefused("card 4711")
  File "/usr/lib/python3.12/site-packages/requests/api.py", line 1, in get
    x()
orders.errors.PaymentRefused: card 4711

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/orders/consumer.py", line 99, in handle
    charge()
RuntimeError: wrapped`;

/** What the JVM puts between own frames: its names change from process to process. */
export const lambdaStack = (lambda: string, proxy: string, accessor: string): string => `com.acme.Boom: no
\tat java.base/java.util.Objects.requireNonNull(Objects.java:259)
\tat com.acme.orders.Handler$$Lambda${lambda}.accept(Unknown Source)
\tat java.base/java.util.ArrayList.forEach(ArrayList.java:1596)
\tat com.acme.orders.${proxy}.onOrder(<generated>)
\tat ${accessor}.invoke(Unknown Source)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)
\tat org.springframework.messaging.handler.invocation.InvocableHandlerMethod.doInvoke(InvocableHandlerMethod.java:169)
\tat java.base/java.lang.Thread.run(Thread.java:1583)`;

/** A trace of .NET in one of its languages: its words for "at" and "end of inner exception", and for the source. */
export const localDotnetStack = (at: string, end: string, inFile: string): string =>
  [
    "System.InvalidOperationException: outer ---> Acme.Boom: inner",
    `   ${at} System.Net.Http.HttpClient.<SendAsync>d__3.MoveNext()`,
    `   ${at} Acme.Payments.Gateway.Charge(String card, Int32 cents) ${inFile}`,
    "--- " + end + " (thrown again) ---",
    `   ${at} Acme.Payments.Gateway.Run()`,
    `   --- ${end} ---`,
    `   ${at} Acme.Orders.Handler.Handle(OrderPlaced message) ${inFile}`,
    `   ${at} NServiceBus.InvokeHandlerTerminator.Terminate(IInvokeHandlerContext context)`,
  ].join("\n");
