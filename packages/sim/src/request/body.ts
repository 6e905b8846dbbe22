/** The body of a request: its JSON value, or that it has text which is no JSON. */
export interface RequestBody {
  /** `undefined` of a request without a body, of raw data, and of text that is no JSON. */
  readonly value: unknown;
  readonly malformed: boolean;
}

/** The body of a request that has none, or whose handler reads it. */
export const NO_BODY: RequestBody = { value: undefined, malformed: false };

/** Reads the body of a request, unless it is raw data, which the handler reads. */
export async function readBody(request: Request, path: string): Promise<RequestBody> {
  const text = isRaw(request, path) || request.body === null ? '' : await request.text();
  if (text === '') return NO_BODY;
  try {
    return { value: JSON.parse(text), malformed: false };
  } catch {
    return { value: undefined, malformed: true };
  }
}

const isRaw = (request: Request, path: string): boolean =>
  /\/(file|stage)$/.test(path) || request.headers.get('Content-Type') === 'application/octet-stream';
