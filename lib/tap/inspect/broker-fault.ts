/** The broker did not answer as it should; what is remembered stays good. */
export class BrokerFault extends Error {
  override readonly name = "BrokerFault";
}
