import { isIP, isIPv4 } from 'node:net';
import * as z from 'zod';

// What may stand in a configuration file. HAProxy and keepalived know quotes, escapes, environment variables, includes
// and comments: rather than to quote for each of them, whatever could mean something to any of them is not taken.

/** A name: of a service, a server, a router, an interface. */
export const word = z
  .string()
  .max(64)
  .regex(
    /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/,
    'needs a name of letters, digits, `_`, `.` and `-` (no spaces, quotes or line breaks)',
  );

/** An absolute path that needs no quotes anywhere. */
export const filePath = z
  .string()
  .max(200)
  .regex(
    /^(?:\/[A-Za-z0-9_@+.-]+)+$/,
    'needs an absolute path of letters, digits and `_@+.-/` (no spaces, quotes or line breaks)',
  )
  .refine((path) => !path.split('/').includes('..'), 'leads out of its folder by `..`');

/** Path and query of a URL. */
export const urlPath = z
  .string()
  .max(500)
  .regex(
    /^\/[A-Za-z0-9_.~/?&=:@%+,-]*$/,
    'needs a path that begins with / (no spaces, quotes or line breaks)',
  );

export const ipAddress = z
  .string()
  .refine((value) => isIP(value) !== 0 && !value.includes('%'), 'needs an IP address, without a zone');

export const tcpPort = z.int().min(1).max(65_535);

/** A program and its arguments; no shell takes part. */
export const argv = z
  .array(z.string().min(1))
  .min(1)
  .transform((words): [string, ...string[]] => {
    const [first = '', ...rest] = words;
    return [first, ...rest];
  });

/** An address in a configuration of HAProxy: IPv6 in brackets, or its last group would be the port. */
export const addressAndPort = (address: string, port: number): string =>
  isIPv4(address) ? `${address}:${port}` : `[${address}]:${port}`;
