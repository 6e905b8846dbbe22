import { badRequest } from '../../fault.ts';

/** The filters that may have an operator (`glance/db/sqlalchemy/api.py`, `_make_conditions_from_filters`). */
export const WITH_OPERATOR = ['container_format', 'disk_format', 'id', 'name', 'status'];

/**
 * The values that a filter of images matches. What stands before its first colon is an operator, and an unknown one is
 * refused: so an image called `Ubuntu: 22.04` is found by `eq:Ubuntu: 22.04` only.
 */
export function valuesOf(filter: string, wanted: string): string[] {
  const colon = wanted.indexOf(':');
  if (!WITH_OPERATOR.includes(filter) || colon === -1) return [wanted];
  const [operator, value] = [wanted.slice(0, colon), wanted.slice(colon + 1)];
  if (operator === 'eq') return [value];
  if (operator === 'in') return split(value);
  throw badRequest(`Unable to filter by unknown operator '${operator}'.`);
}

/**
 * Splits a list of values. A value in double quotes may hold a comma (`glance/common/utils.py`,
 * `split_filter_value_for_quotes`).
 */
const split = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^",]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '',
  );
