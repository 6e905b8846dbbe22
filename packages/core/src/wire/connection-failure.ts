/** The reason why no answer came, out of the nested causes of fetch, undici and the system. */
export interface ConnectionFailure {
  readonly kind: 'unreachable' | 'certificate';
  /** The system's or TLS's word: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, … */
  readonly reason: string;
  readonly message: string;
  /** It failed before a byte of the request left: repeating it cannot repeat an effect. */
  readonly unsent: boolean;
  /** Repeating it brings the same: a certificate that does not verify, a redirect. */
  readonly permanent: boolean;
}

/** Reads a rejection of `fetch`. */
export function connectionFailureOf(error: unknown): ConnectionFailure {
  const causes = [...causesOf(error)];
  const coded = causes.find((cause) => typeof cause.code === 'string');
  const last = causes.at(-1);
  // undici's word for an answer that it may not follow: with a streamed body it gives none (transport.ts).
  const isRedirect = last?.message === 'unexpected redirect';
  const reason = isRedirect ? REDIRECTED : (coded?.code ?? last?.name ?? 'unknown');
  const kind = CERTIFICATE.test(reason) ? 'certificate' : 'unreachable';
  return {
    kind,
    reason,
    message: isRedirect ? 'it was redirected' : coded?.message || last?.message || String(error),
    unsent: UNSENT.has(reason),
    permanent: isRedirect || kind === 'certificate',
  };
}

/** The remedy for a failure. */
export function remedyFor({ kind, reason }: ConnectionFailure): string {
  if (reason === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return 'What answers there speaks no TLS: is it http:// instead of https://?';
  if (reason === 'UND_ERR_SOCKET') {
    return 'The connection was closed without an answer: a crash, a restart, or a server that wants a certificate of the client (`cert` and `key`).';
  }
  if (reason === REDIRECTED)
    return 'A streamed body is not sent after a redirect. A GET of the same service says where it leads: have the endpoint in the catalogue corrected, or give the right URL as an endpoint_override.';
  if (kind === 'unreachable')
    return 'Is the address right, the service running, and a firewall or proxy not in the way?';
  if (/ALERT/.test(reason))
    return 'The server wants a certificate of the client, from an authority it trusts: give `cert` and `key`.';
  if (/EXPIRED|NOT_YET_VALID/.test(reason))
    return 'Have the certificate renewed on the server, if the clock of this machine is right.';
  if (/ALTNAME|HOSTNAME/.test(reason))
    return 'Use a host name that the certificate is for, or have it issued for this one.';
  return 'Give the authority that signed it as `cacert`. `verify: false` accepts any certificate, and so any impostor.';
}

/**
 * The cause within ky's own error: that one holds the request, and with it the token, for everybody to print. So does the
 * `input` of an `ERR_INVALID_URL` hold a URL with its password.
 */
export function withoutRequest(error: unknown): unknown {
  const cause = error instanceof Error && 'request' in error ? error.cause : error;
  return [...causesOf(cause)].some((nested) => 'input' in nested || 'request' in nested) ? undefined : cause;
}

function* causesOf(error: unknown): Generator<Error & { code?: string }> {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    yield current;
    // Node tries each address of a host and reports them all at once.
    const nested: unknown =
      'errors' in current && Array.isArray(current.errors) ? current.errors[0] : undefined;
    current = current.cause ?? nested;
  }
}

const REDIRECTED = 'REDIRECTED';

/** OpenSSL's verification errors as Node names them (`tls` documentation, "X509 certificate error codes"). */
const CERTIFICATE =
  /CERT|^ERR_TLS_|UNABLE_TO_|SELF_SIGNED|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ALERT_(UNKNOWN_CA|HANDSHAKE_FAILURE)/;

const UNSENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
