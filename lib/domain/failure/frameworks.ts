/** Packages of the JVM and namespaces of .NET that belong to runtimes, frameworks and libraries. */
const JVM = `
  akka antlr arrow bitronix brave cats ch.qos clojure com.amazonaws com.auth0 com.azure com.clickhouse com.codahale
  com.couchbase com.datadog com.datastax com.esotericsoftware com.fasterxml com.google com.hazelcast com.jayway
  com.launchdarkly com.lightbend com.mchange com.microsoft com.mongodb com.mysql com.networknt com.newrelic
  com.nimbusds com.rabbitmq com.sendgrid com.squareup com.stripe com.sun com.twilio com.typesafe com.zaxxer
  dev.failsafe feign freemarker fs2 groovy io.agroal io.apicurio io.cloudevents io.confluent io.dapr io.debezium
  io.dropwizard io.eventuate io.fabric8 io.grpc io.helidon io.jaegertracing io.jsonwebtoken io.ktor io.kubernetes
  io.lettuce io.micrometer io.micronaut io.minio io.mockk io.netty io.opentelemetry io.opentracing
  io.projectreactor io.prometheus io.quarkus io.r2dbc io.reactivex io.sentry io.smallrye io.strimzi io.swagger
  io.undertow io.vavr io.vertx jakarta java javassist javax jdk kotlin kotlinx lombok net.bytebuddy net.javacrumbs
  net.jodah net.logstash net.minidev net.openhft net.sf net.snowflake ognl okhttp3 okio oracle org.apache
  org.aspectj org.asynchttpclient org.awaitility org.axonframework org.camunda org.codehaus org.eclipse
  org.elasticsearch org.flywaydb org.glassfish org.h2 org.hibernate org.http4k org.infinispan org.javassist
  org.jboss org.jetbrains org.jooq org.json org.junit org.liquibase org.mapstruct org.mariadb org.mockito
  org.mongodb org.mybatis org.objectweb org.opensearch org.postgresql org.quartz org.reactivestreams org.redisson
  org.scalatest org.slf4j org.springframework org.sqlite org.testcontainers org.typelevel org.wildfly org.xerial
  org.yaml reactor redis.clients retrofit2 rx scala slick software.amazon sun zio zipkin2`;

const DOTNET = `
  Akka Amazon AutoMapper Autofac Avro Azure Castle CloudNative Confluent Dapper Dapr DotNetCore DynamicClass
  EasyNetQ Elastic Elasticsearch EventStore FluentValidation Giraffe Google Grpc Hangfire JasperFx KafkaFlow
  LaunchDarkly LinqToDB Marten MassTransit MediatR Microsoft MongoDB Moq MySql MySqlConnector NLog NServiceBus
  NSubstitute NUnit Newtonsoft NodaTime Npgsql OpenTelemetry Oracle Orleans Polly Quartz RabbitMQ Rebus Refit
  RestSharp SendGrid Sentry Serilog Silverback SlimMessageBus StackExchange Stripe System Twilio Wolverine Xunit`;

const KNOWN: ReadonlySet<string> = new Set(`${JVM} ${DOTNET}`.split(/\s+/).filter((word) => word !== ""));

/** Whether a class or method is of a known runtime, framework or library. */
export function isFramework(name: string): boolean {
  const first = name.indexOf(".");
  if (first < 0) return false;
  const second = name.indexOf(".", first + 1);
  return KNOWN.has(name.slice(0, first)) || (second > 0 && KNOWN.has(name.slice(0, second)));
}
