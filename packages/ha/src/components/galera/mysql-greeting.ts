import { connect, type Socket } from 'node:net';
import { UnreadError } from '../../probing/ask.ts';

/**
 * The beginning of the first packet: three bytes of length, a number which is 0, then the version of the protocol, or an
 * error.
 */
const PROTOCOL = 10;
const ERROR = 0xff;

/**
 * A paused socket on which a MySQL server has greeted; the greeting is still to be read. What is no such server is turned away
 * here, since the driver would wait for the rest of a packet that never comes, and print a warning.
 *
 * @throws UnreadError
 */
export function greeted(
  address: { readonly host: string; readonly port: number } | { readonly path: string },
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    const refuse = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    let start = Buffer.alloc(0);
    const read = (piece: Buffer): void => {
      start = Buffer.concat([start, piece]);
      if (start.length < 5) return;
      socket.off('data', read);
      if (start[3] !== 0 || (start[4] !== PROTOCOL && start[4] !== ERROR)) {
        refuse(new UnreadError('failed', 'it is no MariaDB: it greets otherwise'));
        return;
      }
      socket.pause();
      socket.unshift(start);
      socket.off('error', refuse);
      socket.off('close', gone);
      resolve(socket);
    };
    const gone = (): void => refuse(new UnreadError('failed', 'hung up without a greeting'));
    socket.on('data', read);
    socket.on('error', refuse);
    socket.on('close', gone);
    // Between this and the driver, and after it, an error must not end the process.
    socket.on('error', () => undefined);
  });
}
