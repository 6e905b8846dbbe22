/** The answer of a handler. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

export const ok = (body: unknown, headers: Headers = {}): Answer => ({ status: 200, body, headers });
export const created = (body: unknown, headers: Headers = {}): Answer => ({ status: 201, body, headers });
export const accepted = (body?: unknown, headers: Headers = {}): Answer => ({ status: 202, body, headers });
export const noContent: Answer = { status: 204 };
