import { isSecretName } from '@groundcrew/ground';

/**
 * The texts that stand directly under the name of a secret, in JSON and in JSON that is a text within it. Not what is further
 * below: the `password` of a login holds the name of the user, too.
 */
export function secretsInData(value: unknown): string[] {
  const found: string[] = [];
  collect(value, found, 0);
  return found;
}

function collect(value: unknown, found: string[], depth: number): void {
  if (depth > DEEPEST) return;
  if (typeof value === 'string') {
    const nested = nestedJson(value);
    if (nested !== undefined) collect(nested, found, depth + 1);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, found, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      if (typeof field === 'string' && isSecretName(name)) found.push(field);
      collect(field, found, depth + 1);
    }
  }
}

/** The value of a text that is an object or a list in JSON: metadata, credentials and events hold such. */
export function nestedJson(text: string): object | undefined {
  if (text.length > LONGEST || !/^\s{0,64}[{[]/.test(text)) return undefined;
  const value = parsedJson(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** The value of a text in JSON; `undefined` of what is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON of a value; `undefined` of one that is nested too deeply for it. */
export function writtenJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const DEEPEST = 100;
const LONGEST = 1_048_576;
