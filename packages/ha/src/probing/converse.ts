import { connect } from 'node:net';
import { type Address } from './address.ts';
import { UnreadError } from './ask.ts';

/** Longest answer that is read: what is longer is no answer of such a protocol. */
const LONGEST = 32 * 1024 * 1024;
/** Bytes at the end of what was heard that `done` gets to see. */
const LAST = 64;

/**
 * Says something to a text protocol and listens until `done` is satisfied with its last bytes or the other side hangs up. The socket is
 * gone when this settles, and when the signal fires.
 *
 * @throws UnreadError if the other side hangs up before `done`, or talks without end; an error with a `code` if there is
 *   no connection
 */
export function converse(
  address: Address,
  say: string,
  { done, signal }: { readonly done: (last: string) => boolean; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect('socket' in address ? { path: address.socket } : { ...address });
    const pieces: Buffer[] = [];
    let length = 0;
    let last = '';
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    const abort = (): void => end(() => reject(signal.reason));
    const heard = (): string => Buffer.concat(pieces).toString('utf8');
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => socket.write(say));
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      // Looking at all of it for each piece would be quadratic.
      last = (last + piece.toString('latin1')).slice(-LAST);
      if (length > LONGEST)
        end(() => reject(new UnreadError('cut', `an answer of more than ${LONGEST} bytes`)));
      else if (done(last)) end(() => resolve(heard()));
    });
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('close', () => {
      end(() => {
        if (done(last)) resolve(heard());
        else if (length === 0) reject(new UnreadError('failed', 'hung up without an answer'));
        else reject(new UnreadError('cut', `hung up in the middle of its answer, after ${length} bytes`));
      });
    });
  });
}
