import type { Host } from '@groundcrew/runbook';
import { haproxyProxies, type HaproxyServer } from '../components/haproxy/haproxy-stat.ts';

export interface SocketOptions {
  readonly signal?: AbortSignal | undefined;
  readonly sudo?: boolean | string | undefined;
}

/**
 * One command to the runtime API of HAProxy, on its own host, through socat: the socket is a file there.
 *
 * @throws what `host.run` throws; of a frozen HAProxy, after 5 s
 */
export async function tellHaproxy(
  host: Host,
  socket: string,
  command: string,
  { signal, sudo }: SocketOptions = {},
): Promise<string> {
  const { stdout } = await host.run(['timeout', '5', 'socat', '-t', '5', '-', `UNIX-CONNECT:${socket}`], {
    stdin: `${command}\n`,
    timeout: '10s',
    keep: 8 * 1024 * 1024,
    signal,
    sudo,
  });
  return stdout;
}

/** All servers of all backends, as HAProxy believes them to be. */
export async function serversOn(
  host: Host,
  socket: string,
  options: SocketOptions = {},
): Promise<readonly HaproxyServer[]> {
  const proxies = haproxyProxies(await tellHaproxy(host, socket, 'show stat', options));
  return proxies.flatMap((proxy) => proxy.servers);
}
