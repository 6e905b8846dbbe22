import type { Call } from '../../call.ts';
import { ServiceFault } from '../../fault.ts';

/** Refuses what the request's body is not, before it looks at the image. */
export function requireContentType(call: Call, type: RegExp): void {
  const given = call.request.headers.get('Content-Type')?.split(';')[0]?.trim() ?? '';
  if (type.test(given)) return;
  const message = `The request media type ${given} is not supported by this server.`;
  throw new ServiceFault(415, message, { type: 'own' });
}
