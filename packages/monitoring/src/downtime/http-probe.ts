import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { aFunction, InputError, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Probe, ProbeAnswer } from './sample.ts';

export interface HttpProbeOptions {
  /** @default 'GET' */
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as it is, with its length. @default nothing */
  readonly body?: string | undefined;
  /** Was the user served? @default the status is below 400 */
  readonly expect?: ((status: number) => boolean) | undefined;
  /**
   * Keep connections open for later operations. New ones find out at once where an address has moved to, and who accepts
   * no connections any more; a client with a pool suffers longer. @default false
   */
  readonly reuse?: boolean | undefined;
  /** PEM of who may sign the server's certificate. @default the system's */
  readonly ca?: string | undefined;
}

const probeOptions = optionsSchema<HttpProbeOptions>({
  method: z.string().min(1).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  expect: aFunction.optional(),
  reuse: z.boolean().optional(),
  ca: z.string().min(1).optional(),
});

const wrongUrl = (message: string): InputError =>
  new InputError(`httpProbe: url: ${message}`, { field: 'url', operation: 'httpProbe' });

/**
 * An HTTP request as an operation. It is served when the whole answer has arrived: one that breaks off after its head is
 * an error. The limit of time is the meter's.
 *
 * @throws InputError for what is no URL of HTTP, and on an option that there is not
 * @example
 * const probe = httpProbe('http://10.0.0.10:5000/v3', { expect: (status) => status === 200 });
 */
export function httpProbe(url: string | URL, options: HttpProbeOptions = {}): Probe {
  parseArguments('httpProbe', probeOptions, options);
  const {
    method = 'GET',
    headers = {},
    body,
    expect = (status) => status < 400,
    reuse = false,
    ca,
  } = options;
  // What `URL` throws quotes the whole of it, userinfo as well.
  const target = URL.parse(String(url));
  if (target === null) throw wrongUrl('is no URL');
  const secure = target.protocol === 'https:';
  if (!secure && target.protocol !== 'http:') throw wrongUrl(`${target.protocol} is not HTTP`);
  const request = secure ? httpsRequest : httpRequest;
  const trust = ca === undefined ? {} : { ca };
  // unref'd by Node while idle: a probe with `reuse` does not keep the process alive.
  const agent = secure ? new HttpsAgent({ keepAlive: reuse, ...trust }) : new HttpAgent({ keepAlive: reuse });
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const how: RequestOptions = { method, headers: { ...length, ...headers }, agent };
  return (signal) =>
    new Promise<ProbeAnswer>((resolve, reject) => {
      const sent = request(target, { ...how, signal }, (answer) => {
        // Node has it of every answer to a request; without one nobody was served.
        const { statusCode: status } = answer;
        answer.once('error', reject);
        answer.once('end', () =>
          resolve(
            status !== undefined && expect(status) ? { ok: true } : { ok: false, error: `HTTP ${status}` },
          ),
        );
        answer.resume();
      });
      sent.once('error', reject);
      sent.end(body);
    });
}
