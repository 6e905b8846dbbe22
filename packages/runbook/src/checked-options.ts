import { z } from 'zod';
import { RunbookError } from './errors.ts';

/** Options that are none: a name that is not known here, or a value of another kind; `field` says which. */
export class OptionsError extends RunbookError {
  readonly code = 'options';
  readonly field: string;

  constructor(of: string, field: string, message: string) {
    super(`${of}: ${field === '' ? '' : `${field}: `}${message}`);
    this.field = field;
  }
}

/** What is wrong with a value that somebody wrote, and where: an unknown name is never meant. */
export function faultIn(
  schema: z.ZodType,
  value: unknown,
): { readonly field: string; readonly message: string } | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  return {
    field: path.join('.'),
    message: issue?.code === 'unrecognized_keys' ? 'is not known here' : (issue?.message ?? 'not accepted'),
  };
}

/** @throws OptionsError */
export function checkOptions(of: string, schema: z.ZodType, value: unknown): void {
  const fault = faultIn(schema, value);
  if (fault !== undefined) throw new OptionsError(of, fault.field, fault.message);
}

/** Parts of schemas that JSON does not have. */
export const aFunction = z.custom((value) => typeof value === 'function', 'must be a function');
export const aSignal = z.custom((value) => value instanceof AbortSignal, 'must be an AbortSignal');
export const aClock = z.custom(
  (value) => typeof value === 'object' && value !== null && 'now' in value && 'sleep' in value,
  'must be a Clock',
);
