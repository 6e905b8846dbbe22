import { type Reply, replyOf } from '../test/reply.ts';
import type { Cloud, ConnectOptions } from '@groundcrew/core';
import { onTestFinished } from 'vitest';
import type { ParityCloud } from './parity-clouds.ts';

/** A request as it is written: path, body and headers, with the token of a client of ours. */
export type Ask = (
  method: string,
  service: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

export async function raw(
  connected: (parityCloud: ParityCloud, more?: ConnectOptions) => Promise<Cloud>,
  parityCloud: ParityCloud,
): Promise<Ask> {
  let token = '';
  const cloud = await connected(parityCloud, {
    fetch: (input, init) => {
      token = new Request(input, init).headers.get('X-Auth-Token') ?? token;
      return fetch(input, init);
    },
  });
  onTestFinished(async () => cloud[Symbol.asyncDispose]());
  await Array.fromAsync(cloud.compute.flavors.list());
  return async (method, service, path, body, headers) => {
    const base = (await cloud.endpoint(service)).replace(/\/$/, '');
    const bytes = body instanceof Uint8Array;
    const response = await fetch(`${base}/${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'X-Auth-Token': token,
        ...(body === undefined
          ? {}
          : { 'Content-Type': bytes ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    return replyOf(response);
  };
}
