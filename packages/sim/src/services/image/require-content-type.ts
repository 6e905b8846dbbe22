import type { Call } from '../../call.ts';
import { ServiceFault } from '../../fault.ts';

/** Refuses a request whose body has another content type, which Glance does before it looks the image up. */
export function requireContentType(call: Call, type: RegExp): void {
  const given = call.request.headers.get('Content-Type')?.split(';')[0]?.trim() ?? '';
  if (type.test(given)) return;
  const message = `The request media type ${given} is not supported by this server.`;
  throw new ServiceFault(415, message, { type: 'own' });
}
