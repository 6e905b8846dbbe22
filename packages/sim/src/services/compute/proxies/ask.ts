import type { Call, Routes } from '../../../call.ts';
import { type Json, record, text } from '../../../wire.ts';
import { badRequest, ServiceFault } from '../../../fault.ts';

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly microversion?: string;
}

/** Calls a handler of another service with the caller's token, and returns the body of its answer. */
export async function callRoute(call: Call, routes: Routes, route: string, parts: Parts = {}): Promise<Json> {
  const handler = routes[route];
  if (handler === undefined) throw new ServiceFault(500, `The simulated cloud has no route ${route}.`);
  const { query, ...rest } = parts;
  const answer = await handler(call.to({ ...rest, query: new URLSearchParams(query) }));
  return record(answer.body);
}

/** Awaits a call, and translates its refusal into Nova's. */
export async function translateFault(
  asked: Promise<Json>,
  translate: (fault: ServiceFault) => ServiceFault,
): Promise<Json> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof ServiceFault ? translate(error) : error;
  }
}

/** The text that python-neutronclient makes of a fault. Nova passes it on. */
export const neutronMessage = (call: Call, message: string): string =>
  `${message}\nNeutron server returns request_ids: ['${call.requestId}']`;

export const neutronFaultMessage = (call: Call, fault: ServiceFault): string =>
  neutronMessage(call, fault.message);

/** Applies offset and limit to a list that was read as a whole (`common.limited`); a limit of 0 means no limit. */
export function limited<T>(call: Call, items: readonly T[]): T[] {
  const read = (name: string): number => {
    const given = call.query.get(name) ?? '';
    if (!/^\d*$/.test(given)) {
      throw badRequest(
        `Invalid input for query parameters ${name}. Value: ${given}. '${given}' does not match '^[0-9]*$'`,
      );
    }
    return Number(given);
  };
  const [limit, offset] = [read('limit'), read('offset')];
  return items.slice(offset, offset + (limit === 0 ? 1000 : Math.min(limit, 1000)));
}

/** Reads a field that must be text, or refuses it as `check_string_length` does (`nova/utils.py`). */
export function requireText(value: unknown, name: string): string {
  const given = text(value);
  if (given === undefined) throw badRequest(`${name} is not a string or unicode`);
  if (given.length > 255) throw badRequest(`${name} has ${given.length} characters, more than 255.`);
  return given;
}
