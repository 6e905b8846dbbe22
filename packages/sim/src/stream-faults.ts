import type { Clock } from '@groundcrew/ground';
import { ConnectionReset } from './connection-reset.ts';
import type { FaultReply } from './faults.ts';

/** The size of the pieces in which a slow body comes. */
const PIECE = 64 * 1024;

interface StreamFault {
  /** The bytes after which the connection is reset. */
  readonly cut: number;
  /** The offset of the byte that is another; -1: of none. */
  readonly wrong: number;
  readonly waitMs: number;
}

/** The bytes of an answer, as the scripts that apply to it have them: broken off, wrong, slow. */
export function faultyStream(
  body: ReadableStream<Uint8Array>,
  struck: readonly FaultReply[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): ReadableStream<Uint8Array> {
  const fault = { cut: Number.POSITIVE_INFINITY, wrong: -1, waitMs: 0 };
  for (const reply of struck) {
    if (reply.kind === 'truncate') fault.cut = reply.bytes;
    if (reply.kind === 'corrupt') fault.wrong = reply.offset;
    if (reply.kind === 'slow') fault.waitMs += reply.waitMs;
  }
  if (fault.cut === Number.POSITIVE_INFINITY && fault.wrong === -1 && fault.waitMs === 0) return body;
  const wait = (): Promise<void> => clock.sleep(fault.waitMs, signal);
  return ReadableStream.from(changed(body, fault, wait));
}

async function* changed(
  body: AsyncIterable<Uint8Array>,
  { cut, wrong, waitMs }: StreamFault,
  wait: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of waitMs === 0 ? body : pieces(body)) {
    if (waitMs > 0) await wait();
    const sent = piece.subarray(0, Math.max(0, Math.min(piece.byteLength, cut - at)));
    if (sent.byteLength > 0) yield wrongAt(sent, wrong - at);
    at += piece.byteLength;
    if (at > cut) throw new ConnectionReset();
  }
}

async function* pieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.byteLength; at += PIECE) yield chunk.subarray(at, at + PIECE);
  }
}

/** Turns all bits of one byte around, in a copy: the bytes are those of the store. */
function wrongAt(piece: Uint8Array, index: number): Uint8Array {
  const byte = piece[index];
  if (byte === undefined) return piece;
  const copy = piece.slice();
  copy[index] = byte ^ 0xff;
  return copy;
}
