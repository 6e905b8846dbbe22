import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { messageOf, optionsSchema } from '@groundcrew/ground';
import { Secret } from '@groundcrew/core';
import { BoardError } from './board-error.ts';

export interface RedfishBoard {
  /** `https://10.1.0.11`, without `/redfish`. */
  readonly url: string;
  readonly username: string;
  readonly password: string | Secret;
  /** Id of the system. @default the only system; it is required where there are several */
  readonly systemId?: string | undefined;
  /** Identity of the machine. If given, it is checked at every reading, since cables are changed. @default not checked */
  readonly identity?: { readonly uuid?: string; readonly serialNumber?: string } | undefined;
  /** Certificate authority, as PEM: boards have certificates of their own. @default the system's */
  readonly ca?: string | undefined;
  /** `false` accepts any certificate. @default true */
  readonly verify?: boolean | undefined;
}

/** A misspelt `identity` or `ca` would order a board unchecked. */
export const redfishBoard = optionsSchema<RedfishBoard>({
  url: z
    .string()
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'is no URL of http or https'),
  username: z.string(),
  password: z.union([z.string(), z.instanceof(Secret)]),
  systemId: z.string().min(1).optional(),
  identity: z
    .strictObject({ uuid: z.string().min(1).optional(), serialNumber: z.string().min(1).optional() })
    .optional(),
  ca: z.string().min(1).optional(),
  verify: z.boolean().optional(),
});

export interface RedfishReply {
  readonly status: number;
  readonly body: unknown;
}

/** More than any power resource; a board that goes on is not believed. */
const LONGEST = 1024 * 1024;

/** One request to a board, by basic authentication, over a connection of its own. @throws BoardError */
export function redfishRequest(
  host: string,
  board: RedfishBoard,
  {
    method,
    path,
    body,
    signal,
  }: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly body?: object;
    readonly signal: AbortSignal;
  },
): Promise<RedfishReply> {
  const url = new URL(path, board.url);
  // A board that points elsewhere would have the password sent there.
  if (url.origin !== new URL(board.url).origin)
    return Promise.reject(new BoardError(host, `its board points to another machine: ${url.origin}`));
  const text = body === undefined ? undefined : JSON.stringify(body);
  const password = Secret.of(board.password).reveal();
  const options = {
    method,
    signal,
    agent: false as const,
    headers: {
      Accept: 'application/json',
      'OData-Version': '4.0',
      Authorization: `Basic ${Buffer.from(`${board.username}:${password}`).toString('base64')}`,
      ...(text === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    },
    ...(board.ca === undefined ? {} : { ca: board.ca }),
    rejectUnauthorized: board.verify ?? true,
  };
  const where = `${method} ${url.pathname}`;
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(
        new BoardError(host, `${where}: ${messageOf(cause)}`, {
          cause,
        }),
      );
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
        if (said.length > LONGEST) response.destroy(new Error('it answers more than a board would'));
      });
      response.once('error', fail);
      response.once('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: said === '' ? undefined : JSON.parse(said) });
        } catch (cause) {
          fail(cause);
        }
      });
    });
    request.once('error', fail);
    request.end(text);
  });
}
