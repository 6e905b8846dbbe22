import { type Level, levelOf } from '../level.ts';
import { type Head, jsonHead } from '../oslo-head.ts';
import type { OsloFormat, OsloLine } from './oslo-format.ts';
import { besideInFields } from './unusual-context.ts';

/** The head of a line in a service's own format, or in JSON. A level that no name is known for makes it no head. */
export function formattedHead(format: OsloFormat, line: string, number: number): Head | undefined {
  const told = format.parse(line);
  if (told === undefined) return line.startsWith('{') ? jsonHead(line, number) : undefined;
  const level = levelIn(told);
  if (level === undefined) return undefined;
  const { fields, message, isTraceback } = told;
  return {
    at: [fields['asctime'] ?? fields['isotime'], fields['msecs']]
      .filter((part) => part !== undefined)
      .join('.'),
    pid: fields['process'],
    level,
    logger: fields['name'] ?? '(no logger)',
    requestId: idOf(fields['request_id']),
    globalRequestId: idOf(fields['global_request_id']),
    message: `${fields['instance'] ?? ''}${message}`,
    more: [],
    line: number,
    bare: isTraceback,
    format: 'own',
    ...besideInFields(fields),
  };
}

/** The prefix of tracebacks has its level as text, and each of its lines belongs to an error. */
const levelIn = ({ fields, isTraceback }: OsloLine): Level | undefined =>
  isTraceback && fields['levelname'] === undefined ? 'error' : levelOf(fields['levelname'] ?? '');

/** `None` is Python's word for none, which oslo.log writes for an id that a request does not have. */
const idOf = (id: string | undefined): string | undefined => (id === 'None' || id === '-' ? undefined : id);
