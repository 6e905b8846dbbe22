import * as z from 'zod';

/** The address of a program: a port of a host, or a socket of this machine. */
export type Address = { readonly host: string; readonly port: number } | { readonly socket: string };

export const port = z.int().min(1).max(65_535);
export const host = z.string().min(1);

/** The address as sources and findings write it. */
export const written = (address: Address): string =>
  'socket' in address ? address.socket : hostAndPort(address.host, address.port);

/** IPv6 takes brackets, so that its colons and that of the port differ. */
export const hostAndPort = (name: string, number: number): string =>
  name.includes(':') ? `[${name}]:${number}` : `${name}:${number}`;

/** An http(s) address without a password in it, which would show in every finding. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'needs an http or https URL' })
  .refine((url) => {
    const { username, password } = new URL(url);
    return username === '' && password === '';
  }, 'carries a user or password: give them apart');

/** A path below an address, whether that ends with a slash or not. */
export const below = (base: string, path: string): URL =>
  new URL(path, base.endsWith('/') ? base : `${base}/`);
