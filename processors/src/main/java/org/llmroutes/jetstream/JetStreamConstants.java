package org.llmroutes.jetstream;

import org.apache.camel.spi.Metadata;

/**
 * Headers and properties of {@code nats-jetstream} exchanges. None of them can come from outside.
 */
public final class JetStreamConstants {
  @Metadata(
      label = "consumer",
      description = "Subject the message was published on",
      javaType = "String")
  public static final String SUBJECT = "NatsSubject";

  @Metadata(label = "consumer", description = "Stream the message comes from", javaType = "String")
  public static final String STREAM = "NatsStream";

  @Metadata(
      label = "consumer",
      description = "Sequence of the message in its stream",
      javaType = "long")
  public static final String STREAM_SEQUENCE = "NatsStreamSequence";

  @Metadata(
      label = "consumer",
      description = "How often the message was delivered, this time included",
      javaType = "long")
  public static final String DELIVERY_COUNT = "NatsDeliveryCount";

  @Metadata(
      label = "consumer",
      description = "When the stream stored the message",
      javaType = "java.time.Instant")
  public static final String TIMESTAMP = "NatsTimestamp";

  @Metadata(
      label = "consumer",
      description = "Whether a failure now is final: maxDeliver deliveries are used up",
      javaType = "boolean")
  public static final String LAST_DELIVERY = "NatsLastDelivery";

  @Metadata(
      label = "producer",
      description = "Subject to publish on, where the endpoint names none",
      javaType = "String")
  public static final String PUBLISH_SUBJECT = "NatsPublishSubject";

  @Metadata(
      label = "producer",
      description =
          "Subject on which the body is published once more, without being stored, after the stream has it",
      javaType = "String")
  public static final String COPY_SUBJECT = "NatsCopySubject";

  @Metadata(
      label = "producer",
      description = "Message id by which the stream drops copies",
      javaType = "String")
  public static final String MESSAGE_ID = "NatsMessageId";

  /**
   * Exchange property with a {@link Settlement} in lower case, where the outcome of the exchange
   * shall not decide.
   */
  public static final String SETTLEMENT = "NatsSettlement";

  /**
   * Exchange property with a {@link Runnable} for when the message is settled, whatever the
   * outcome. (Completions of the exchange's unit of work will not do: inside a Kamelet they run at
   * the end of that step.)
   */
  public static final String ON_DONE = "NatsOnDone";

  private JetStreamConstants() {}
}
