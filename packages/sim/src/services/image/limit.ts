import type { Call } from '../../call.ts';
import { badRequest } from '../../fault.ts';

/** The limit of a list: by default `limit_param_default`, at most `api_limit_max`. */
export function limitOf({ query }: Call): number {
  const given = query.get('limit');
  if (given !== null && !/^\d+$/.test(given)) {
    throw badRequest(
      /^-\d+$/.test(given) ? 'limit param must be positive' : 'limit param must be an integer',
    );
  }
  return Math.min(given === null ? 25 : Number(given), 1000);
}
