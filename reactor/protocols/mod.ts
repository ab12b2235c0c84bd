/**
 * Protocols that split the stream into messages.
 * @module
 */

export { BufferingProtocol } from "./buffering_protocol.ts";
export type { ByteBuffer } from "./byte_buffer.ts";
export {
  Int16StringReceiver,
  Int32StringReceiver,
  Int8StringReceiver,
  IntNStringReceiver,
  NetstringReceiver,
  StringTooLongError,
} from "./string_receivers.ts";
export { LineOnlyReceiver, LineReceiver } from "./line_receiver.ts";
