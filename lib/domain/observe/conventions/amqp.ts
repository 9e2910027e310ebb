import type { HeaderIndex } from "../../message/headers.ts";
import type { MessageConvention } from "./convention.ts";

const [MESSAGE_ID, CORRELATION_ID, TYPE] = ["amqp.message_id", "amqp.correlation_id", "amqp.type"];
const [APP_ID, USER_ID] = ["amqp.app_id", "amqp.user_id"];
/** The user that every RabbitMQ has: it names nobody. */
const ANYBODY = "guest";

/** The properties of AMQP 0-9-1, which a broker's adapter hands over as headers. */
export const amqp: MessageConvention = {
  name: "amqp",
  markers: [MESSAGE_ID, CORRELATION_ID, TYPE, APP_ID, USER_ID],
  read(headers: HeaderIndex) {
    const user = headers.name(USER_ID);
    return {
      messageId: headers.id(MESSAGE_ID),
      conversation: headers.id(CORRELATION_ID),
      eventType: headers.name(TYPE),
      service: headers.name(APP_ID) ?? (user === ANYBODY ? null : user),
    };
  },
};
