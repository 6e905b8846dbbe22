import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { requestPath, templateText } from './request-path.ts';
import { word } from './word.ts';

/** A request, or many of one shape: plain data, to which any log can be mapped. */
export interface SeenRequest {
  /** Type, or project, of the service that was asked: `compute`, `volumev2`, `nova`. */
  readonly service: string;
  readonly method: string;
  /** Path or URL, as it was asked for or as a template. */
  readonly path: string;
  /**
   * The value of the header: `2.96`, `compute 2.96`, `latest`; `null` if it is known that none was sent, which means the oldest.
   * @default not told: access logs have none
   */
  readonly microversion?: string | null | undefined;
  readonly userAgent?: string | undefined;
  /** @default 1 */
  readonly times?: number | undefined;
}

/** Requests that differ by nothing but ids, projects, queries and hosts. */
export interface RequestShape {
  readonly service: string;
  readonly method: string;
  /** `/v2.1/servers/{id}/action` */
  readonly path: string;
  readonly microversion?: string | null | undefined;
  /** The first word of the client's: `openstacksdk/4.0.0`. */
  readonly userAgent?: string | undefined;
  readonly times: number;
}

export interface RequestShapes {
  readonly shapes: readonly RequestShape[];
  /** Requests in all, with those that were left out. */
  readonly requests: number;
  /** Requests of further shapes, of which there was no room. */
  readonly cut: number;
  /** Elements that are no requests. */
  readonly unread: number;
}

export interface RequestShapesOptions {
  /** Shapes that are kept; the requests of further ones are counted as `cut`. @default 10000 */
  readonly limit?: number | undefined;
}

const shapesOptions = optionsSchema<RequestShapesOptions>({
  limit: z.int().min(1).max(1_000_000).optional(),
});

/**
 * Makes few rows of a long request log: paths become templates, and equal rows are counted. Memory is bounded by the number of shapes; where
 * it does not suffice, what was left out is said. An element that is no request is counted, and costs no other.
 *
 * @throws InputError for an option that there is not
 * @example
 * const { shapes, cut } = requestShapes(lines.map(({ method, path }) => ({ service: 'compute', method, path })));
 * if (cut > 0) console.log(`${cut} requests were not looked at`);
 */
export function requestShapes(
  requests: Iterable<SeenRequest>,
  options: RequestShapesOptions = {},
): RequestShapes {
  parseArguments('requestShapes', shapesOptions, options);
  const { limit = 10_000 } = options;
  const counted = new Map<string, Counted>();
  let [all, cut, unread] = [0, 0, 0];
  for (const request of requests) {
    if (!isRequest(request)) {
      unread += 1;
      continue;
    }
    const { times = 1 } = request;
    all += times;
    const shape = shapeOf(request);
    // JSON has one word for what is not told and what is told to be none.
    const key = JSON.stringify([...Object.values(shape), shape.microversion === undefined]);
    const known = counted.get(key);
    if (known !== undefined) known.times += times;
    else if (counted.size < limit) counted.set(key, { ...shape, times });
    else cut += times;
  }
  return { shapes: [...counted.values()], requests: all, cut, unread };
}

interface Counted extends RequestShape {
  times: number;
}

/** A log is foreign text, and its reader's types are a promise only. */
const isRequest = (request: Partial<SeenRequest> | null | undefined): request is SeenRequest =>
  typeof request === 'object' &&
  request !== null &&
  typeof request.service === 'string' &&
  typeof request.method === 'string' &&
  typeof request.path === 'string' &&
  (request.times === undefined || (Number.isSafeInteger(request.times) && request.times > 0));

const shapeOf = (request: SeenRequest): Omit<RequestShape, 'times'> => ({
  service: word(request.service),
  method: word(request.method).toUpperCase(),
  path: templateText(requestPath(request.path)),
  microversion: microversionOf(request),
  userAgent: typeof request.userAgent === 'string' ? word(request.userAgent) : undefined,
});

/** `compute 2.96` is 2.96. */
export const microversionOf = ({
  microversion,
}: Pick<SeenRequest, 'microversion'>): string | null | undefined =>
  typeof microversion === 'string' ? word(microversion, -1) : microversion;
