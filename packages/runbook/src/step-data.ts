import { parseStrictly } from '@groundcrew/ground';
import type { z } from 'zod';
import type { Implementation } from './action.ts';
import { RunbookError } from './errors.ts';
import { frozenJson, type Json } from './json.ts';

/** Data that its action does not take; `field` says where: `input.host`, `output.pid`. */
class StepDataError extends RunbookError {
  readonly code: 'input' | 'output';
  readonly field: string;

  constructor(code: 'input' | 'output', action: string, field: string, message: string) {
    super(`${action}: ${field}: ${message}`);
    this.code = code;
    this.field = field;
  }
}

/** The input as the handlers take it. @throws StepDataError */
export const inputFor = ({ action }: Implementation, input: Json): unknown =>
  checked(action.input, 'input', action.name, input);

/**
 * The output as the journal keeps it. An action that says it leaves nothing leaves `null`.
 *
 * @throws StepDataError, NotJsonError
 */
export const outputFrom = ({ action }: Implementation, output: unknown): Json =>
  frozenJson(checked(action.output, 'output', action.name, output) ?? null, 'output');

function checked(schema: z.ZodType, what: 'input' | 'output', action: string, value: unknown): unknown {
  return parseStrictly(
    schema,
    value,
    ({ field, message }) =>
      new StepDataError(what, action, field === '' ? what : `${what}.${field}`, message),
  );
}
