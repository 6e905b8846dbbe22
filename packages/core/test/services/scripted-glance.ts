import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type Cloud, connect } from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

/** What a scripted Glance does with one request for data; without a step left it does as Glance does. */
export type Step = (request: IncomingMessage, response: ServerResponse, glance: Glance) => void;

export const CONTENT = Uint8Array.from(
  { length: 1_000_000 },
  (_, index) => (index * 31 + (index >> 8)) & 255,
);
export const hashOf = (bytes: Uint8Array, algorithm = 'sha512'): string =>
  createHash(algorithm).update(bytes).digest('hex');

/** A Glance with one image, `i`. */
export class Glance {
  readonly steps: Step[] = [];
  /** Every request for data: method, range and token. */
  readonly seen: string[] = [];
  stored: Uint8Array | undefined;
  /** Fields in which what it says of the image is not true. */
  lies: Record<string, unknown> = {};

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/image/v2/images/i') {
      json(response, 200, this.#image());
      return;
    }
    const { range = '', 'x-auth-token': token } = request.headers;
    this.seen.push([request.method, range, token].filter((part) => part !== '').join(' '));
    const step = this.steps.shift() ?? (request.method === 'PUT' ? store : send);
    step(request, response, this);
  };

  #image(): object {
    const { stored } = this;
    const data = stored && {
      size: stored.length,
      checksum: hashOf(stored, 'md5'),
      os_hash_algo: 'sha512',
      os_hash_value: hashOf(stored),
    };
    const none = { size: null, checksum: null, os_hash_algo: null, os_hash_value: null };
    return {
      id: 'i',
      name: null,
      status: stored ? 'active' : 'queued',
      visibility: 'shared',
      protected: false,
      disk_format: 'raw',
      container_format: 'bare',
      min_disk: 0,
      min_ram: 0,
      tags: [],
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      ...(data ?? none),
      ...this.lies,
    };
  }
}

export const store: Step = (request, response, glance) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (glance.stored !== undefined) {
      response.writeHead(409).end('<html><h1>409 Conflict</h1></html>');
      return;
    }
    glance.stored = new Uint8Array(Buffer.concat(chunks));
    response.writeHead(204).end();
  });
};
const send: Step = (request, response, { stored = new Uint8Array() }) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (stored.length === 0) response.writeHead(204).end();
  else if (from === 0) response.writeHead(200, { 'content-length': stored.length }).end(stored);
  else response.writeHead(206, { 'content-length': stored.length - from }).end(stored.subarray(from));
};
export const answer =
  (status: number): Step =>
  (request, response) => {
    request.once('data', () => response.writeHead(status).end());
    request.on('end', () => undefined).resume();
  };
export const resetAfterFirst: Step = (request) => {
  request.once('data', () => request.socket.resetAndDestroy());
};
/** Sends so many bytes from where it was asked to, and breaks the connection. */
export const breakAfter =
  (bytes: number): Step =>
  (request, response, { stored = new Uint8Array() }) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': stored.length - from });
    response.write(
      stored.subarray(from, from + bytes),
      () => void setImmediate().then(() => response.destroy()),
    );
  };

/** A source that counts how often it was opened. */
export function source(content = CONTENT) {
  const opened = { times: 0 };
  const open = async function* (): AsyncGenerator<Uint8Array> {
    opened.times += 1;
    for (let at = 0; at < content.length; at += 50_000) yield content.subarray(at, at + 50_000);
  };
  return { open, opened, stream: () => ReadableStream.from(open()) as ReadableStream<Uint8Array> };
}
export const caught = (error: unknown): unknown => error;
export const read = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(Buffer.concat(await Array.fromAsync(chunks)));
/** A cloud whose only service is that Glance. */
export interface GlanceSite {
  readonly glance: Glance;
  readonly clock: TestClock;
  readonly cloud: Cloud;
  readonly http: Server;
  readonly close: () => Promise<void>;
}

export async function siteWithGlance(): Promise<GlanceSite> {
  const glance = new Glance();
  const clock = new TestClock();
  const http = createServer(cloudListener(glance.listener));
  const server = await listening(http);
  const cloud = connect({ ...credentials(`http://127.0.0.1:${server.port}/v3`), clock, random: () => 1 });
  return { glance, clock, cloud, http, close: async () => server[Symbol.asyncDispose]() };
}
