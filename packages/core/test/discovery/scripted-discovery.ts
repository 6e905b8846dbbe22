import { EventEmitter } from 'eventemitter3';
import { Discovery, type DiscoveryOptions } from '../../src/discovery/discovery.ts';
import type { CloudEvents } from '../../src/telemetry/events.ts';
import { createExchange } from '../../src/wire/retry.ts';
import { createSend } from '../../src/wire/transport.ts';
import { reply, type Script, type Seen } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';

/** Answers by path; what has no answer is a web page. */
export const paths =
  (answers: Record<string, Script>): Script =>
  (response, seen) =>
    (answers[seen.url] ?? page)(response, seen);
export const page = reply(404, '<html><body>Not Found</body></html>', { 'content-type': 'text/html' });

export function discovery(parts: Partial<DiscoveryOptions> = {}) {
  const clock = new TestClock();
  const events = new EventEmitter<CloudEvents>();
  const exchange = createExchange({
    send: createSend(),
    clock,
    random: () => 1,
    events,
    timeout: 5_000,
    deadline: 60_000,
    retries: 1,
    maxBody: 1024 * 1024,
  });
  return { clock, discovery: new Discovery({ exchange, clock, ...parts }) };
}

export const compute = { name: 'compute', type: 'compute', major: '2.1' };
export const volume = { name: 'blockStorage', type: 'block-storage', major: '3' };
export const image = { name: 'image', type: 'image', major: '2' };
export const network = { name: 'network', type: 'network', major: '2.0' };
export const placement = { name: 'placement', type: 'placement', major: '1' };

export const version = (id: string, href: unknown, parts: object = {}): object => ({
  id,
  status: 'CURRENT',
  links: [{ rel: 'self', href }],
  ...parts,
});
export const novaRange = { version: '2.93', min_version: '2.1' };
export const nova = (host: string): Script =>
  reply(200, {
    versions: [
      version('v2.0', `${host}/v2/`, { status: 'SUPPORTED', version: '', min_version: '' }),
      version('v2.1', `${host}/v2.1/`, novaRange),
    ],
  });

export const asked = (seen: readonly Seen[]): string[] => seen.map(({ url }) => url);
