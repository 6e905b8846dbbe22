import { hasControls } from '@groundcrew/ground';
import { z } from 'zod';

const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*';
const TEXT = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`;
const MATCHER = `${LABEL} ?(?:=~|!~|!=|=) ?${TEXT}`;
const SELECTOR = new RegExp(
  `^(?:[a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{(?:${MATCHER}(?:, ?${MATCHER})*,?)?\\})?|\\{${MATCHER}(?:, ?${MATCHER})*,?\\})$`,
);

/**
 * A selector of Prometheus' series without a range, an offset or a function. What stands around it is added here: the range of a
 * rule, the time of each sample. Anything else would be computed in one place and not in the other, or have no time of its own.
 */
export const aSelector = z
  .string()
  .max(2000)
  .refine((text) => SELECTOR.test(text) && !hasControls(text) && text.isWellFormed(), {
    error: 'must be a selector such as http_requests_total{job="nova"}, without range or function',
  });
