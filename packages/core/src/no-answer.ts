/** Why no answer came, out of the nest of causes that fetch, undici and the system make of it. */
export interface NoAnswer {
  readonly kind: 'unreachable' | 'certificate';
  /** The system's or TLS's word: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, … */
  readonly reason: string;
  readonly message: string;
  /** It failed before a byte of the request left: repeating it cannot repeat an effect. */
  readonly unsent: boolean;
}

/** Reads a rejection of `fetch`. */
export function noAnswer(error: unknown): NoAnswer {
  const causes = [...causesOf(error)];
  const coded = causes.find((cause) => typeof cause.code === 'string');
  const last = causes.at(-1);
  const reason = coded?.code ?? last?.name ?? 'unknown';
  return {
    kind: CERTIFICATE.test(reason) ? 'certificate' : 'unreachable',
    reason,
    message: coded?.message || last?.message || String(error),
    unsent: UNSENT.has(reason),
  };
}

/** The cause within ky's own error: that one holds the request, and with it the token, for everybody to print. */
export const withoutRequest = (error: unknown): unknown =>
  error instanceof Error && 'request' in error ? error.cause : error;

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

/** OpenSSL's verification errors as Node names them (`tls` documentation, "X509 certificate error codes"). */
const CERTIFICATE =
  /CERT|^ERR_TLS_|UNABLE_TO_|SELF_SIGNED|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH/;

const UNSENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
