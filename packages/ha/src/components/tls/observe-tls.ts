import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { type CheckOptions, UnreadError } from '../../probing/ask.ts';
import type { Observed } from '@groundcrew/core';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { host, hostAndPort, port } from '../../probing/address.ts';

const TlsTarget = z.strictObject({
  host,
  port,
  /** The name that clients ask for, and that the certificate must have. Default: `host`. */
  servername: z.string().min(1).optional(),
  /** Certificates in PEM that are trusted beside the system's. */
  ca: z.string().min(1).optional(),
});

/** A TLS server, and the name that clients ask for. */
export interface TlsTarget extends Readonly<z.input<typeof TlsTarget>> {}

/** One certificate of a chain. */
export interface TlsCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256. */
  readonly fingerprint: string;
  /** ISO 8601, UTC. */
  readonly validFrom: string;
  readonly validTo: string;
}

/** A TLS server and its certificates. */
export interface TlsStatus {
  readonly address: string;
  readonly servername: string;
  /** `TLSv1.3`. */
  readonly protocol: string | undefined;
  /** The server's own certificate first, then its issuers, as far as the server or this machine has them. */
  readonly chain: readonly TlsCertificate[];
  /** DNS names and IP addresses of the server's certificate. */
  readonly names: readonly string[];
  /** Is `servername` among them? */
  readonly nameMatches: boolean;
  /** Does this machine trust the chain, with `ca` if given? */
  readonly trusted: boolean;
  /** The reason as OpenSSL names it: `DEPTH_ZERO_SELF_SIGNED_CERT`, `CERT_HAS_EXPIRED`. */
  readonly untrustedBecause: string | undefined;
  /** Days until the first of the chain expires, rounded down; negative if it has. */
  readonly daysLeft: number;
}

type Target = z.output<typeof TlsTarget>;

async function readCertificates(
  { host: name, port: number, servername = name, ca }: Target,
  { signal, now }: ReadingOptions,
): Promise<TlsStatus> {
  const socket = await openTls({ name, number, servername, ca, signal });
  const chain = chainOf(socket);
  const [own] = chain;
  if (own === undefined) throw new UnreadError('cut', 'the server showed no certificate');
  const first = Math.min(...chain.map((certificate) => certificate.validToDate.getTime()));
  return {
    address: hostAndPort(name, number),
    servername,
    protocol: socket.getProtocol() ?? undefined,
    chain: chain.map((certificate) => ({
      subject: certificate.subject.replaceAll('\n', ', '),
      issuer: certificate.issuer.replaceAll('\n', ', '),
      fingerprint: certificate.fingerprint256,
      validFrom: certificate.validFromDate.toISOString(),
      validTo: certificate.validToDate.toISOString(),
    })),
    names: namesOf(own),
    nameMatches: (isIP(servername) === 0 ? own.checkHost(servername) : own.checkIP(servername)) !== undefined,
    trusted: socket.authorized,
    // With `rejectUnauthorized: false` node gives the code as text, whatever its type says.
    untrustedBecause: socket.authorized ? undefined : String(socket.authorizationError),
    daysLeft: Math.floor((first - now()) / 86_400_000),
  };
}

/** The observer of TLS servers. */
export const tlsObserver: ComponentObserver<'tls', TlsTarget, TlsStatus> = {
  key: 'tls',
  target: TlsTarget,
  source: (target: Target) => `tls ${hostAndPort(target.host, target.port)}`,
  observe: readCertificates,
};

/**
 * Connects to a TLS server and reads its certificates; whether they are trusted is an answer, not an error.
 *
 * @throws InputError
 */
export async function observeTls(
  target: TlsTarget,
  options: CheckOptions = {},
): Promise<Observed<TlsStatus | undefined>> {
  return observeOne('observeTls', tlsObserver, target, options);
}

interface Handshake {
  readonly name: string;
  readonly number: number;
  readonly servername: string;
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

function openTls({ name, number, servername, ca, signal }: Handshake): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: name,
      port: number,
      // An IP address is no server name (RFC 6066), and node warns of it.
      ...(isIP(servername) === 0 ? { servername } : {}),
      ...(ca === undefined ? {} : { ca }),
      rejectUnauthorized: false,
      // The name is judged apart from the trust.
      checkServerIdentity: () => undefined,
    });
    // After the answer, too: a server that resets the connection must not end the process.
    socket.on('error', reject);
    socket.once('close', () => reject(new UnreadError('failed', 'hung up before the handshake was over')));
    socket.once('secureConnect', () => resolve(socket));
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}

function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: ReturnType<TLSSocket['getPeerCertificate']> | undefined = socket.getPeerCertificate(true);
  // The chain ends in a certificate that is its own issuer, or in one without.
  while (next?.raw !== undefined && chain.length < 20) {
    const certificate = new X509Certificate(next.raw);
    if (chain.some((known) => known.fingerprint256 === certificate.fingerprint256)) break;
    chain.push(certificate);
    next = 'issuerCertificate' in next ? next.issuerCertificate : undefined;
  }
  return chain;
}

function namesOf(certificate: X509Certificate): string[] {
  // RFC 9525: without alternative names a certificate is for no name.
  const names = (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== '');
  return names.map((name) => name.replace(/^(DNS|IP Address):/, ''));
}
